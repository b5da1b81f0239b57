"""Recordings: where they lie, reading them, what is measured on them."""
