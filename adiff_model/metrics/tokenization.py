"""The Penn Treebank tokenizer of Stanford CoreNLP 3.4.1, without punctuation, as COCO's evaluation has it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import run_java, wheel_folder

_JAR = "stanford-corenlp-3.4.1.jar"
_PUNCTUATION = frozenset(
    ("''", "'", "``", "`", "-LRB-", "-RRB-", "-LCB-", "-RCB-", ".", "?", "!", ",", ":", "-", "--", "...", ";")
)


class Tokenizer:
    """Tokenizes each text once; the program starts once a call that brings new texts, so bring them together."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """As `tokenize`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, tokenize(new), strict=True)
        return [self._known[text] for text in texts]


def tokenize(texts: Sequence[str]) -> list[str]:
    """Each text in small letters, its tokens with a space between.

    Raises:
        MetricMissing: Java or the tokenizer is not here.
        WorkError: the tokenizer failed.
    """
    jar = wheel_folder("tokenizer") / _JAR
    distinct = list(dict.fromkeys(texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentences.txt"
        path.write_text("".join(f"{' '.join(text.split())}\n" for text in distinct), encoding="utf-8")
        options = ("-preserveLines", "-lowerCase", "-encoding", "UTF-8")
        program = ("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", jar)
        printed = run_java((*program, "edu.stanford.nlp.process.PTBTokenizer", *options, path), "the PTB tokenizer")
    lines = printed.split("\n")[: len(distinct)]
    if len(lines) < len(distinct):
        raise WorkError("the PTB tokenizer lost a sentence")
    found = {
        text: " ".join(word for word in line.split(" ") if word and word not in _PUNCTUATION)
        for text, line in zip(distinct, lines, strict=True)
    }
    return [found[text] for text in texts]
