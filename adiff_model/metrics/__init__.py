"""The text metrics of the field, computed by their reference programs."""
