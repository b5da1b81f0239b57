"""What a language model is asked for each kind of answer.

The templates are Markdown files, in one folder for each set and version; `$name` is filled in. One set asks for the
tiers, a second one as soon as what both share is asked for; what the second does not have, it takes from the first.
The same two are there for a model that hears the recordings, and for one that hears them and is told the captions.
Captions go in as data: a template is filled once, so a `$` in a caption stays what it is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

from adiff_data.llm.request import Messages, as_data
from adiff_data.tiers import ANSWER_KINDS, TIERS

Hear = Literal["captions", "audio", "both"]  # what is known of the recordings by who is asked


@dataclass(frozen=True)
class PromptSet:
    """Templates of one version.

    Attributes:
        version: as provenance has it, and the name of the folder.
        folders: where templates are looked for, in order.
    """

    version: str
    folders: tuple[str, ...]

    @property
    def hash(self) -> str:
        """The SHA-256 of all its templates, names and contents."""
        return _hash(self.folders)

    def filled(self, name: str, **values: object) -> str:
        """A template with its values in it."""
        return Template(_template(name, self.folders)).substitute(values)


_OF_TIERS: dict[Hear, PromptSet] = {
    "captions": PromptSet("v1", ("v1",)),
    "audio": PromptSet("audio_v1", ("audio_v1", "v1")),
    "both": PromptSet("both_v1", ("both_v1", "v1")),
}
_WITH_SIMILARITY: dict[Hear, PromptSet] = {
    "captions": PromptSet("similarity_v1", ("similarity_v1", "v1")),
    "audio": PromptSet("audio_similarity_v1", ("audio_similarity_v1", "audio_v1", "similarity_v1", "v1")),
    "both": PromptSet("both_similarity_v1", ("both_similarity_v1", "both_v1", "similarity_v1", "v1")),
}


def prompt_set(tiers: Sequence[str], hear: Hear = "captions") -> PromptSet:
    """The templates that ask for these kinds of answer."""
    return (_OF_TIERS if _are_tiers(tiers) else _WITH_SIMILARITY)[hear]


def messages(
    caption1: str, caption2: str, tiers: Sequence[str], *, facts: str = "", fault: str = "", hear: Hear = "captions"
) -> Messages:
    """The chat messages that ask for one kind of answer, or for several in one JSON object.

    Args:
        caption1, caption2: what is heard in each audio; not told to who hears the recordings alone.
        tiers: the kinds wanted: one, or several for an answer in JSON.
        facts: what was measured on the two recordings, in words.
        fault: what was wrong with an earlier answer.
        hear: what is known of the recordings. They themselves are put before the text by who sends them.
    """
    templates = prompt_set(tiers, hear)
    task = _task(templates, tiers)
    if fault:
        task = f"{task}\n\n{templates.filled('mend', reason=fault)}"
    measured = templates.filled("facts", facts=facts) + "\n" if facts else ""
    asked = templates.filled("pair", caption1=as_data(caption1), caption2=as_data(caption2), facts=measured, task=task)
    return [{"role": "system", "content": templates.filled("system")}, {"role": "user", "content": asked.strip()}]


def _task(templates: PromptSet, tiers: Sequence[str]) -> str:
    if len(tiers) == 1:
        return _task_of(templates, tiers[0])
    if _are_tiers(tiers):
        return templates.filled("together", **{name: _task_of(templates, name) for name in TIERS})
    keys = ", ".join(f'"{name}"' for name in tiers)
    tasks = "\n\n".join(f"{name}: {_task_of(templates, name)}" for name in tiers)
    return templates.filled("together", count=len(tiers), keys=keys, tasks=tasks)


def _are_tiers(kinds: Sequence[str]) -> bool:
    return set(kinds) <= TIERS.keys()


def _task_of(templates: PromptSet, tier: str) -> str:
    return templates.filled(tier, words=ANSWER_KINDS[tier].words)


@cache
def _hash(folders: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for folder in reversed(folders):
        for file in sorted((files(__package__) / folder).iterdir(), key=lambda file: file.name):
            digest.update(f"{file.name}\0{file.read_text(encoding='utf-8')}\0".encode())
    return digest.hexdigest()


@cache
def _template(name: str, folders: tuple[str, ...]) -> str:
    for folder in folders:
        file = files(__package__) / folder / f"{name}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8").strip()
    raise LookupError(name)
