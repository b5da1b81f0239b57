"""Annotation: an answer for every pair and tier, by a language model or by rules."""
