"""Sounds by the words of captions: families of sounds, their plain names, and what two captions have in common."""
