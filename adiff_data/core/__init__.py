"""What every room stands on: errors, files, tables, seeded choices."""
