"""Reviewing in the browser: a page where people listen to both recordings and say whether the answer holds."""
