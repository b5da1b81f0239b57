"""librosa, which compiles functions when it is imported, also where there is no place to keep them."""

from importlib import import_module
from typing import Any

from adiff_data.core.caches import prepare_numba_cache

prepare_numba_cache()
librosa: Any = import_module("librosa")
