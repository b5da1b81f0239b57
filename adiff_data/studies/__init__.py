"""Listening studies: which rater hears which answers of which system, what they said, and what follows from it."""
