"""The style that every page of the project has: colours, type, controls, and how claims are marked."""

from functools import cache
from importlib.resources import files
from typing import Literal


@cache
def style(name: Literal["base", "marks"]) -> str:
    """The text of a style sheet."""
    return (files(__package__) / f"{name}.css").read_text(encoding="utf-8").strip()
