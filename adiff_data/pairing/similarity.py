"""How similar two captions are: the cosine of their TF-IDF vectors over word stems, without stop words.

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
    """The vectors of n captions: float32 of shape (n, stems), each of unit length.

    The vector of a caption of stop words alone is zero.
    """
    vectorizer = TfidfVectorizer(analyzer=_stemming(), dtype=np.float32)
    try:
        return vectorizer.fit_transform(captions)
    except ValueError:  # no caption has a word that counts
        return sparse.csr_matrix(np.zeros((len(captions), 1), dtype=np.float32))


def similarities(vectors: sparse.csr_matrix) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yields, for each of n unit vectors, its index, the indices of those that share a stem with it, and the cosines.

    Cosines (0 to 1) are rounded to five digits, so that the ranking is the same on every machine.
    """
    transposed = vectors.T.tocsr()
    for start in range(0, vectors.shape[0], _CHUNK_ROWS):
        product = (vectors[start : start + _CHUNK_ROWS] @ transposed).tocsr()
        for index in range(product.shape[0]):
            span = slice(product.indptr[index], product.indptr[index + 1])
            yield start + index, product.indices[span], np.round(product.data[span], 5)


def cosines(vectors: sparse.csr_matrix, first: Sequence[int], second: Sequence[int]) -> np.ndarray:
    """The similarities of n pairs of unit vectors, which are given by their rows: float of shape (n,), 0 to 1."""
    products = vectors[np.asarray(first)].multiply(vectors[np.asarray(second)])
    return np.clip(np.asarray(products.sum(axis=1)).ravel(), 0.0, 1.0)


def _stemming() -> Callable[[str], list[str]]:
    """The function that scikit-learn turns a caption into its stems with."""
    stemmer = snowballstemmer.stemmer("english")
    cache: dict[str, str] = {}

    def stems(caption: str) -> list[str]:
        words = [word for word in _WORD.findall(caption.lower()) if word not in ENGLISH_STOP_WORDS]
        for word in words:
            if word not in cache:
                cache[word] = stemmer.stemWord(word)
        return [cache[word] for word in words]

    return stems
