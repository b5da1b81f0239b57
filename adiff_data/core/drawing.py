"""The parts of matplotlib that are used, importable without a home folder too; none of them needs a screen."""

from adiff_data.core.caches import prepare_matplotlib_cache

prepare_matplotlib_cache()
from matplotlib import image, rc_context  # noqa: E402 - the import looks for its cache
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402

__all__ = ["Axes", "Figure", "MaxNLocator", "image", "rc_context"]
