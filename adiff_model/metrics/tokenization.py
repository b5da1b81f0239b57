"""The Penn Treebank tokenizer of Stanford CoreNLP 3.4.1, without punctuation, as in COCO's evaluation."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import program_folder, run_java

_JAR = "stanford-corenlp-3.4.1.jar"
_MAIN_CLASS = "edu.stanford.nlp.process.PTBTokenizer"
_INPUT = "sentences.txt"  # relative to its folder, since the program does not find paths with spaces
_PUNCTUATION = frozenset(
    ("''", "'", "``", "`", "-LRB-", "-RRB-", "-LCB-", "-RCB-", ".", "?", "!", ",", ":", "-", "--", "...", ";")
)


class Tokenizer:
    """Tokenizes each text once. Each call with new texts starts the program, so pass many texts at a time."""

    def __init__(self) -> None:
        self._tokenized: dict[str, str] = {}

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """As `tokenize`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._tokenized]
        if new:
            self._tokenized.update(zip(new, tokenize(new), strict=True))
        return [self._tokenized[text] for text in texts]


def tokenize(texts: Sequence[str]) -> list[str]:
    """Each text in lower case, its tokens separated by spaces.

    Raises:
        MetricUnavailable: Java or the tokenizer is not installed.
        WorkError: the tokenizer failed.
    """
    jar = program_folder("tokenizer") / _JAR
    distinct = list(dict.fromkeys(texts))
    with tempfile.TemporaryDirectory() as folder:
        lines_to_tokenize = "".join(f"{' '.join(text.split())}\n" for text in distinct)
        (Path(folder) / _INPUT).write_text(lines_to_tokenize, encoding="utf-8", errors="replace")
        options = ("-preserveLines", "-lowerCase", "-encoding", "UTF-8", _INPUT)
        output = run_java(("-cp", jar, _MAIN_CLASS, *options), "the PTB tokenizer", folder=Path(folder))
    lines = output.split("\n")[: len(distinct)]
    if len(lines) < len(distinct):
        raise WorkError("the PTB tokenizer lost a sentence")
    tokenized = {
        text: " ".join(word for word in line.split(" ") if word and word not in _PUNCTUATION)
        for text, line in zip(distinct, lines, strict=True)
    }
    return [tokenized[text] for text in texts]
