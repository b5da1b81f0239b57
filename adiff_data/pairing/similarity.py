"""How near two captions are: the cosine of their TF-IDF vectors over word stems, without stop words.

Words are compared, not meanings: "a man talks" and "a male speaks" are far apart here.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import snowballstemmer
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

_WORD = re.compile(r"[a-z0-9']+")
_CHUNK_ROWS = 512  # a chunk's product with 50 000 captions stays under 200 MB


def caption_vectors(captions: Sequence[str]) -> sparse.csr_matrix:
    """Unit vectors of float32, one row a caption; a caption of stop words alone is all zeros."""
    vectorizer = TfidfVectorizer(analyzer=_stems_of(), dtype=np.float32)
    try:
        return vectorizer.fit_transform(captions)
    except ValueError:  # no caption has a word
        return sparse.csr_matrix(np.zeros((len(captions), 1), dtype=np.float32))


def similarities(some: sparse.csr_matrix, every: sparse.csr_matrix) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yields, for each row of `some`, its place, the rows of `every` that share a word with it, and how near
    they are (cosine, 0 to 1, to five digits: the same ranking on every machine)."""
    transposed = every.T.tocsr()
    for start in range(0, some.shape[0], _CHUNK_ROWS):
        product = (some[start : start + _CHUNK_ROWS] @ transposed).tocsr()
        for place in range(product.shape[0]):
            span = slice(product.indptr[place], product.indptr[place + 1])
            yield start + place, product.indices[span], np.round(product.data[span], 5)


def _stems_of() -> Callable[[str], list[str]]:
    """What turns a caption into its stems, for scikit-learn."""
    stemmer = snowballstemmer.stemmer("english")
    cache: dict[str, str] = {}

    def stems(caption: str) -> list[str]:
        words = [word for word in _WORD.findall(caption.lower()) if word not in ENGLISH_STOP_WORDS]
        for word in words:
            if word not in cache:
                cache[word] = stemmer.stemWord(word)
        return [cache[word] for word in words]

    return stems
