"""The parts of SPICE that no wheel holds: what they are, whether they are here, and how they come here."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError, WorkError


@dataclass(frozen=True)
class Part:
    """A file that SPICE needs.

    Attributes:
        coordinates: Maven's.
        digests: SHA-256 of the file; of CoreNLP's models also that of a cut of it with what SPICE reads.
    """

    name: str
    coordinates: str
    licence: str
    digests: tuple[str, ...]


PARTS = (
    Part(
        "stanford-corenlp-3.6.0.jar",
        "edu.stanford.nlp:stanford-corenlp:3.6.0",
        "GPL 3",
        ("d341d5863276f55782c5ef73212222d6b3b48e02ae1951ab6de7618d28b12742",),
    ),
    Part(
        "stanford-corenlp-3.6.0-models.jar",
        "edu.stanford.nlp:stanford-corenlp:3.6.0:models",
        "GPL 3",
        (
            "d285157bd7887ee3018094b5dbae092e49088b023361ccdb550ee1daf9b2c9bd",
            "dc08aadf26033d4f583cd3ca7a4485d34c3b76b63ad466318fc8645339d120da",
        ),
    ),
    Part(
        "rhino-1.7.15.jar",
        "org.mozilla:rhino:1.7.15",
        "MPL 2",
        ("2427fdcbc149ca0a25ccfbb7c71b01f39ad42708773a47816cd2342861766b63",),
    ),
    Part(
        "rhino-engine-1.7.15.jar",
        "org.mozilla:rhino-engine:1.7.15",
        "MPL 2",
        ("b7bbb6724812a8ba6c650cf4a1e655a24af4d73a321add5a64a54c2d5963ce00",),
    ),
)


def metrics_folder() -> Path:
    """Where the parts are kept: `ADIFF_METRICS`, or `adiff/metrics` in the user's cache."""
    if given := os.environ.get("ADIFF_METRICS"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "adiff" / "metrics"


def missing_parts(folder: Path) -> list[Part]:
    """The parts that are not in a folder; that they are whole was seen to when they were put there."""
    return [part for part in PARTS if not (folder / part.name).is_file()]


def install_from(source: Path, folder: Path) -> list[Part]:
    """Copies the parts that are missing from another folder.

    Raises:
        InputError: one is not there, or is another file.
        WorkError: the folder cannot be written.
    """
    wanted = missing_parts(folder)
    for part in wanted:
        _require(part, source / part.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in wanted:
            temporary = folder / f"{part.name}.part"
            shutil.copyfile(source / part.name, temporary)
            temporary.replace(folder / part.name)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=folder) from fault
    return wanted


def install(folder: Path) -> list[Part]:
    """Fetches the parts that are missing from Maven Central, with jgo.

    Raises:
        WorkError: they were not reached, or what came is another file.
    """
    wanted = missing_parts(folder)
    if not wanted:
        return []
    try:
        import jgo  # noqa: PLC0415

        environment = jgo.build("+".join(part.coordinates for part in PARTS))
    except ImportError:
        raise InputError("jgo is not installed", mend=install_hint("metrics")) from None
    except Exception as fault:
        raise WorkError(
            f"Maven Central was not reached ({type(fault).__name__})", mend="--from DIR takes the files from a folder"
        ) from fault
    found = {path.name: path for path in Path(environment.path).rglob("*.jar")}
    for part in wanted:
        if part.name not in found:
            raise WorkError(f"{part.coordinates} did not come", mend="--from DIR takes the files from a folder")
    folders = {found[part.name].parent for part in wanted}
    if len(folders) == 1:
        return install_from(folders.pop(), folder)
    raise WorkError("the files came into several folders", file=environment.path)


def _require(part: Part, path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{part.name} is not there", file=path.parent, mend=f"it is {part.coordinates}")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest not in part.digests:
        raise InputError(f"is not {part.coordinates}: its SHA-256 is another", file=path)
