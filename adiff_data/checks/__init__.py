"""Checks of answers, one file each: a function that takes a row and says whether it passes, and if not, why."""
