"""The corpora by name, and reading their own published files as clips. Each file here is one corpus.

A module of this folder with a `CORPUS` is found by itself, as is one that another package names under the entry point
`adiff_data.corpora`.
"""

import importlib
import pkgutil
from importlib.metadata import entry_points
from pathlib import Path

from adiff_data.core.errors import InputError
from adiff_data.records import Clip
from adiff_data.sources.corpus import UNDIVIDED, Corpus, Terms
from adiff_data.sources.licences import ClipSource

__all__ = [
    "CORPORA",
    "UNDIVIDED",
    "ClipSource",
    "Corpus",
    "Terms",
    "caption_files",
    "corpus_named",
    "corpus_of_path",
    "corpus_of_taskname",
    "read_clips",
    "register_corpus",
]

ENTRY_POINTS = "adiff_data.corpora"
CORPORA: dict[str, Corpus] = {}


def register_corpus(corpus: Corpus) -> Corpus:
    """Makes a corpus known to every step, by its name; returns it.

    Raises:
        InputError: another corpus has the same name, `taskname`, folder or dataset: published files could not tell
            them apart.
    """
    for known in CORPORA.values():
        for field in ("name", "taskname", "folder", "dataset"):
            if getattr(known, field) == getattr(corpus, field):
                raise InputError(f"the corpus '{corpus.name}' has the {field} of '{known.name}'")
    CORPORA[corpus.name] = corpus
    return corpus


def corpus_named(name: str) -> Corpus:
    """A corpus by its name.

    Raises:
        InputError: there is none.
    """
    if name not in CORPORA:
        raise InputError(f"no corpus '{name}'", mend=f"corpora: {', '.join(CORPORA)}")
    return CORPORA[name]


def corpus_of_taskname(taskname: str) -> Corpus | None:
    """The corpus whose published CSVs have this `taskname`."""
    return next((corpus for corpus in CORPORA.values() if corpus.taskname == taskname), None)


def corpus_of_path(filepath: str) -> Corpus | None:
    """The corpus that a published path is of, by its first folder."""
    folder = filepath.partition("/")[0]
    return next((corpus for corpus in CORPORA.values() if corpus.folder and corpus.folder == folder), None)


def read_clips(corpus: str, root: str | Path, split: str | None = None, *, exclude: str = "test") -> list[Clip]:
    """The clips of one split of a corpus, in the order of its files.

    Args:
        corpus: a name of `CORPORA`.
        root: the folder of the corpus' caption files; for `manifest`, the file.
        split: the corpus' own name of the split. None is its only one, or `all` where it is not divided.
        exclude: WavCaps' blacklist to leave out: `test`, `all` or `none`.

    Raises:
        InputError: the corpus or the split does not exist, a file of it is wrong, or no clip is left.
    """
    source = corpus_named(corpus)
    chosen = source.default_split() if split is None else split
    source.require_split(chosen)
    clips = list(source.read_clips(Path(root), chosen, exclude=exclude))
    if not clips:
        raise InputError(f"no clip in {corpus} {chosen}", file=Path(root))
    return clips


def caption_files(corpus: str, root: Path, split: str) -> list[Path]:
    """The files that the clips of a split are read from, those that exist."""
    return corpus_named(corpus).caption_files(root, split)


def _register_all() -> None:
    for module in pkgutil.iter_modules(__path__):
        corpus = getattr(importlib.import_module(f"{__name__}.{module.name}"), "CORPUS", None)
        if isinstance(corpus, Corpus):
            register_corpus(corpus)
    for entry_point in entry_points(group=ENTRY_POINTS):
        register_corpus(entry_point.load())


_register_all()
