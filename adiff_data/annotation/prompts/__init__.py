"""What a language model is asked for each tier, and how users word their requests.

The templates are Markdown files, in one folder for each version; `$name` is filled in. Captions go in as data: a
template is filled once, so a `$` in a caption stays what it is.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from string import Template

from adiff_data.llm.request import Messages, as_data
from adiff_data.tiers import TIERS

VERSION = "v1"
REQUESTS = ("fewwords", "sentence", "detail", "caption_first", "caption_second", "caption_both")


def messages(caption1: str, caption2: str, tiers: Sequence[str], *, facts: str = "", fault: str = "") -> Messages:
    """The chat messages that ask for one tier, or for all three in one JSON object.

    Args:
        caption1, caption2: what is heard in each audio.
        tiers: the tiers wanted: one, or several for an answer in JSON.
        facts: what was measured on the two recordings, in words.
        fault: what was wrong with an earlier answer.
    """
    task = _task(tiers)
    if fault:
        task = f"{task}\n\n{_filled('mend', reason=fault)}"
    measured = _filled("facts", facts=facts) + "\n" if facts else ""
    asked = _filled("pair", caption1=as_data(caption1), caption2=as_data(caption2), facts=measured, task=task)
    return [{"role": "system", "content": _template("system")}, {"role": "user", "content": asked}]


@cache
def prompt_hash() -> str:
    """The SHA-256 of all templates of this version, names and contents."""
    folder = files(__package__) / VERSION
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        digest.update(f"{file.name}\0{file.read_text(encoding='utf-8')}\0".encode())
    return digest.hexdigest()


@cache
def requests(name: str) -> tuple[str, ...]:
    """The paraphrases of a user's request: of a tier, or of one of the position captions in `REQUESTS`."""
    text = (files(__package__) / "requests" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


def _task(tiers: Sequence[str]) -> str:
    if len(tiers) == 1:
        return _filled(tiers[0], words=TIERS[tiers[0]].words)
    return _filled("together", **{name: _filled(name, words=tier.words) for name, tier in TIERS.items()})


def _filled(name: str, **values: object) -> str:
    return Template(_template(name)).substitute(values)


@cache
def _template(name: str) -> str:
    return (files(__package__) / VERSION / f"{name}.md").read_text(encoding="utf-8").strip()
