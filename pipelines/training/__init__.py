"""Training recipes: their data, their tasks, and running them."""
