"""Pages that are one file: data that no element can end, contents as addresses, and what the page may load."""

import base64
import hashlib
import json
from collections.abc import Mapping

_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def as_json(content: Mapping[str, object]) -> str:
    """JSON that cannot end the element that contains it."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).translate(_ESCAPES)


def data_uri(media_type: str, content: bytes) -> str:
    """Bytes as a data URI."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


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
