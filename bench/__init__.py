"""Measures that back what the documentation promises; each module says how to run it."""
