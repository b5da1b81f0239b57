"""Pairs of a recording and its edit, whose difference is known since it was made."""
