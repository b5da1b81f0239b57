"""What recordings are called: their audio extensions, and the names that clips from YouTube have in people's copies."""

import re

AUDIO_EXTENSIONS = frozenset(
    (".aif", ".aifc", ".aiff", ".au", ".caf", ".flac", ".mp3", ".oga", ".ogg", ".opus", ".rf64", ".w64", ".wav")
)
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
# A `Y` before the id, a start time and an end time (seconds) behind it.
YOUTUBE_NAME = re.compile(rf"Y?(?P<id>{YOUTUBE_ID.pattern})(_(?P<start>[0-9]+(\.[0-9]+)?)(_[0-9]+(\.[0-9]+)?)?)?")


def stem_of(name: str) -> str:
    """A name without its audio extension; what else stands behind a dot (`rain.1`) is a part of the name."""
    stem, dot, extension = name.rpartition(".")
    return stem if stem and f"{dot}{extension}".lower() in AUDIO_EXTENSIONS else name


def youtube_id_of(name: str) -> str | None:
    """The YouTube id in the name of a recording; None where it has none."""
    match = YOUTUBE_NAME.fullmatch(stem_of(name))
    return match["id"] if match else None
