"""Recipes: their schema, how they are run, and the ones that come with the project."""
