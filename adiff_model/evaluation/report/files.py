"""What pages are made of: styles, scripts and templates."""

from functools import cache
from importlib.resources import files


@cache
def page_file(folder: str, name: str) -> str:
    """The text of a file of the page: a style, a script or a template."""
    return (files(__package__) / folder / name).read_text(encoding="utf-8").strip()
