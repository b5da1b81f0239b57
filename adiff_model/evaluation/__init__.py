"""Evaluation: reads predictions, scores them, and presents the scores to people and programs."""
