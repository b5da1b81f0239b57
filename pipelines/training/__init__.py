"""A training recipe: its data, its tasks, and running it."""
