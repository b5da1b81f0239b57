"""What `adiff evaluate` does: reads predictions, scores them in every way, and lays the scores out for people."""
