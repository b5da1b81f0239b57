"""What the pages have on which people listen: players and their keys, entering, asking the server, and its look."""

from functools import cache
from importlib.resources import files
from typing import Literal


@cache
def listening_part(name: Literal["listening.css", "listening.js"]) -> str:
    """The text of a style sheet, or of a script that stands before the page's own."""
    return (files(__package__) / name).read_text(encoding="utf-8").strip()
