"""What every other package builds on: errors, files, tables, settings, seeded choices."""
