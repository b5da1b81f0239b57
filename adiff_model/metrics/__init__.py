"""Text metrics as the field computes them, by the programs that it uses."""
