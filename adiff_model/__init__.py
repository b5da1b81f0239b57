"""The room of the ADIFF model, which listens to two recordings and explains how they differ."""
