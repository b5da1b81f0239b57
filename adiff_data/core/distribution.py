"""What the distribution is called and which version this is: the one place where every message takes them from."""

import tomllib
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "adiff-toolkit"  # `adiff` is somebody else's program


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


def _told_by_checkout(path: Path) -> str | None:
    if not path.is_file():
        return None
    project = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    return project.get("version") if project.get("name") == DISTRIBUTION else None
