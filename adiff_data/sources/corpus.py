"""The corpora by name, and the names under which each stands in published files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Corpus:
    """One source of captioned clips.

    Attributes:
        name: the word on the command line and in `pairs.jsonl`.
        taskname: the `taskname` column of published CSVs.
        folder: the first part of a published path.
        dataset: the stem of published file names (`cld` of `cld_evaluation_adiff_detail_answer.csv`).
        splits: the corpus' own split names; empty where the user's file names them.
    """

    name: str
    taskname: str
    folder: str
    dataset: str
    splits: tuple[str, ...]


_CLOTHO_SPLITS = ("development", "validation", "evaluation")

CORPORA = {
    corpus.name: corpus
    for corpus in (
        Corpus("clotho", "clothov21", "ClothoV21", "cld", _CLOTHO_SPLITS),
        Corpus("audiocaps", "audiocaps", "AudioCapsLarger", "acd", ("train", "val", "test")),
        Corpus("wavcaps", "wavcaps", "WavCaps", "wcd", ("train",)),
        Corpus("demo", "demo", "Demo", "demo", _CLOTHO_SPLITS),
        Corpus("manifest", "manifest", "", "manifest", ()),
    )
}
CORPUS_OF_TASKNAME = {corpus.taskname: corpus for corpus in CORPORA.values()}
