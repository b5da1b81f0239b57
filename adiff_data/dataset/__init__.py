"""Datasets on disk: building, loading and exporting them."""
