"""Difference datasets: sources, pairing, tiers and prompts, annotation, building."""
