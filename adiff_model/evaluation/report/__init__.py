"""The report: what it shows (one file a section), and how (templates, styles, scripts)."""
