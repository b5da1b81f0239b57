"""What pydantic says against a value."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def first_fault(error: ValidationError) -> tuple[str, ErrorDetails]:
    """The dotted name of the first field that is refused, empty where it is the whole value, and what is said of it."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "too_short" and not first["ctx"]["actual_length"]:
        first["msg"] = "names nothing; at least one is needed"
    return ".".join(map(str, first["loc"])), first
