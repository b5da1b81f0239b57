"""What pydantic says against a value."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def first_fault(error: ValidationError) -> tuple[str, ErrorDetails]:
    """The dotted name of the first field that is refused, empty where it is the whole value, and what is said of it."""
    first = error.errors(include_url=False)[0]
    return ".".join(map(str, first["loc"])), first
