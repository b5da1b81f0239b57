"""Publishing: built datasets become a Hugging Face dataset repository of Parquet files, with a card and metadata."""
