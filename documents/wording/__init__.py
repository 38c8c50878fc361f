"""What each act says, in French, from facts alone: one function an act, every mention the law asks of it."""
