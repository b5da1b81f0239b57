"""Checks of answers: each a small function with a name, an outcome and a reason."""
