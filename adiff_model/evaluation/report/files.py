"""What pages are made of: styles, scripts and templates, data that no element can end, and what a page may load."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


@cache
def page_file(folder: str, name: str) -> str:
    """The text of a file of the page: a style, a script or a template."""
    return (files(__package__) / folder / name).read_text(encoding="utf-8").strip()


def as_json(content: Mapping[str, object]) -> str:
    """JSON that cannot end the element that contains it."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)


def content_security_policy(style: str, script: str, *, media: str = "data:", connect: str = "'none'") -> str:
    """Only this style and this script, and pictures in data URIs.

    Args:
        media: where sounds may come from.
        connect: what the script may ask.
    """
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)
    )
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; "
        f"img-src data:; media-src {media}; connect-src {connect}; base-uri 'none'; form-action 'none'"
    )
