"""The steps of the `adiff` command, one module each: they parse, call and report."""
