"""A dataset on disk: building, loading, exporting."""
