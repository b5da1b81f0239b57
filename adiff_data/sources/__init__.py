"""The corpora by name, and reading their own published files as clips. Each file here is one corpus.

A module of this folder with a `CORPUS` is found by itself, as is one that another package names under the entry point
`adiff_data.corpora`.
"""

import importlib
import pkgutil
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import AdiffError, InputError
from adiff_data.records import Clip
from adiff_data.sources.corpus import DATASET_NAME, UNDIVIDED, Corpus, Terms
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
    "listed_paths",
    "read_clips",
    "register_corpus",
]

ENTRY_POINTS = "adiff_data.corpora"
CORPORA: dict[str, Corpus] = {}


def register_corpus(corpus: Corpus) -> Corpus:
    """Makes a corpus known to every step, by its name; returns it. One that is defined anew, in a notebook's cell that
    runs again, takes its own place.

    Raises:
        InputError: it is no corpus, or not a whole one; or another corpus has the same name, `taskname`, folder or
            dataset: published files could not tell them apart.
    """
    _require_whole(corpus)
    for known in CORPORA.values():
        if _is_defined_anew(known, corpus):
            continue
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


@checks_arguments
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


def listed_paths(corpus: str, root: str | Path) -> list[str]:
    """The published paths of all clips of a corpus, of every split whose caption files are there."""
    return list(corpus_named(corpus).listed_paths(Path(root)))


def _register_all() -> None:
    for module in pkgutil.iter_modules(__path__):
        corpus = getattr(importlib.import_module(f"{__name__}.{module.name}"), "CORPUS", None)
        if isinstance(corpus, Corpus):
            register_corpus(corpus)
    for entry_point in entry_points(group=ENTRY_POINTS):
        _register_installed(entry_point)


def _register_installed(entry_point: EntryPoint) -> None:
    """Registers the corpus of another package; what is wrong with it is told with the package's name."""
    try:
        register_corpus(entry_point.load())
    except Exception as fault:  # whatever its module raises
        package = entry_point.dist.name if entry_point.dist else "a package"
        reason = str(fault) if isinstance(fault, AdiffError) else f"{type(fault).__name__}: {fault}"
        raise InputError(
            f"{package} brings the corpus {entry_point.name} = {entry_point.value}: {reason}",
            mend=f"pip uninstall {package} does without it" if entry_point.dist else None,
        ) from fault


def _require_whole(corpus: object) -> None:
    """Raises InputError where something is no corpus, or lacks what the steps ask of one."""
    if not isinstance(corpus, Corpus):
        description = f"the class {corpus.__name__}" if isinstance(corpus, type) else f"'{corpus}'"
        raise InputError(f"{description} is no corpus", mend="an object of a subclass of Corpus is wanted")
    wanted = ("name", "taskname", "folder", "dataset", "splits", "terms")
    missing = [name for name in wanted if not hasattr(corpus, name)]
    if missing:
        raise InputError(f"the corpus {type(corpus).__name__} has no {', '.join(missing)}")
    if not DATASET_NAME.fullmatch(corpus.dataset):
        raise InputError(
            f"the corpus '{corpus.name}' has the dataset '{corpus.dataset}'",
            mend="files are named by it: lower-case letters and digits",
        )


def _is_defined_anew(known: Corpus, corpus: Corpus) -> bool:
    """Whether a corpus is a known one whose class was defined twice, or is registered twice."""
    known_class, new_class = type(known), type(corpus)
    return (known.name, known_class.__module__, known_class.__qualname__) == (
        corpus.name,
        new_class.__module__,
        new_class.__qualname__,
    )


_register_all()
