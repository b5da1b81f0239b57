"""ADIFF: a model that listens to two recordings and explains how they differ."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adiff_model.adiff import ADIFF
    from adiff_model.config import AdiffConfig
    from adiff_model.model import AdiffModel
    from adiff_model.processor import AdiffProcessor

__all__ = ["ADIFF", "AdiffConfig", "AdiffModel", "AdiffProcessor"]
_ROOMS = {"ADIFF": "adiff", "AdiffConfig": "config", "AdiffModel": "model", "AdiffProcessor": "processor"}


def __getattr__(name: str) -> Any:
    """torch and transformers take seconds to import: only who uses the model waits for them."""
    if name in _ROOMS:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"adiff_model.{_ROOMS[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
