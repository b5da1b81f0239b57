"""Datasets that were built, as a Hugging Face dataset repository: Parquet, card, Croissant, and the way to the Hub."""
