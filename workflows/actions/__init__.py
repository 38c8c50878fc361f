"""The only door to a case: one function an action, one transaction, always in the same order."""
