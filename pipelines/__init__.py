"""The `adiff` command: one thin module a step, and the recipes that chain the steps."""
