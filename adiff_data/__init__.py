"""Making, checking, publishing and loading datasets that explain how two recordings differ."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adiff_data.dataset.loading import load_split

__all__ = ["load_split"]


def __getattr__(name: str) -> Any:
    """Imports `load_split` on first use: `datasets` takes a second to import, and few callers need it."""
    if name == "load_split":
        from adiff_data.dataset.loading import load_split  # noqa: PLC0415

        return load_split
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
