"""Metrics on trial: right answers are broken in known ways, and it is seen which metric falls how far."""
