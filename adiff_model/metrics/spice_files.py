"""The files of SPICE that pycocoevalcap does not contain: which are needed, which are missing, how to install them."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError, WorkError


@dataclass(frozen=True)
class ProgramFile:
    """A file that SPICE needs.

    Attributes:
        name: of the file.
        coordinates: group, artifact and version in Maven Central.
        licence: its short name.
        digests: accepted SHA-256 digests; of CoreNLP's models also that of an excerpt with what SPICE reads.
    """

    name: str
    coordinates: str
    licence: str
    digests: tuple[str, ...]


SPICE_FILES = (
    ProgramFile(
        "stanford-corenlp-3.6.0.jar",
        "edu.stanford.nlp:stanford-corenlp:3.6.0",
        "GPL 3",
        ("d341d5863276f55782c5ef73212222d6b3b48e02ae1951ab6de7618d28b12742",),
    ),
    ProgramFile(
        "stanford-corenlp-3.6.0-models.jar",
        "edu.stanford.nlp:stanford-corenlp:3.6.0:models",
        "GPL 3",
        (
            "d285157bd7887ee3018094b5dbae092e49088b023361ccdb550ee1daf9b2c9bd",
            "dc08aadf26033d4f583cd3ca7a4485d34c3b76b63ad466318fc8645339d120da",
        ),
    ),
    ProgramFile(
        "rhino-1.7.15.jar",
        "org.mozilla:rhino:1.7.15",
        "MPL 2",
        ("2427fdcbc149ca0a25ccfbb7c71b01f39ad42708773a47816cd2342861766b63",),
    ),
    ProgramFile(
        "rhino-engine-1.7.15.jar",
        "org.mozilla:rhino-engine:1.7.15",
        "MPL 2",
        ("b7bbb6724812a8ba6c650cf4a1e655a24af4d73a321add5a64a54c2d5963ce00",),
    ),
)


def metrics_folder() -> Path:
    """Where the files are installed: `ADIFF_METRICS`, or `adiff/metrics` in the user's cache."""
    if configured := os.environ.get("ADIFF_METRICS"):
        return Path(configured)
    return Path(os.environ.get("XDG_CACHE_HOME") or _home() / ".cache") / "adiff" / "metrics"


def _home() -> Path:
    """The user's folder; where a container's user has none, one that does not exist."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull)


def missing_files(folder: Path) -> list[ProgramFile]:
    """The files that are not in a folder. Their digests are checked at installation, not here."""
    return [file for file in SPICE_FILES if not (folder / file.name).is_file()]


def install_from(source: Path, folder: Path) -> list[ProgramFile]:
    """Copies the missing files from another folder, and returns them.

    Raises:
        InputError: a file is not there, or has a wrong digest.
        WorkError: the folder cannot be written.
    """
    missing = missing_files(folder)
    for file in missing:
        _verify(file, source / file.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in missing:
            temporary = folder / f"{file.name}.part"
            shutil.copyfile(source / file.name, temporary)
            temporary.replace(folder / file.name)
    except OSError as fault:
        raise WorkError(f"cannot be written ({fault.strerror})", file=folder) from fault
    return missing


def install(folder: Path) -> list[ProgramFile]:
    """Downloads the missing files from Maven Central with jgo, and returns them.

    Raises:
        InputError: jgo is not installed.
        WorkError: Maven Central cannot be reached, or a downloaded file has a wrong digest.
    """
    missing = missing_files(folder)
    if not missing:
        return []
    try:
        import jgo  # noqa: PLC0415

        environment = jgo.build("+".join(file.coordinates for file in SPICE_FILES))
    except ImportError:
        raise InputError("jgo is not installed", mend=install_hint("metrics")) from None
    except Exception as fault:
        raise WorkError(
            f"Maven Central cannot be reached ({type(fault).__name__})", mend="`source` takes the files from a folder"
        ) from fault
    downloaded = {path.name: path for path in Path(environment.path).rglob("*.jar")}
    for file in missing:
        if file.name not in downloaded:
            raise WorkError(f"{file.coordinates} was not downloaded", mend="`source` takes the files from a folder")
    folders = {downloaded[file.name].parent for file in missing}
    if len(folders) == 1:
        return install_from(folders.pop(), folder)
    raise WorkError("the files were downloaded to several folders", file=environment.path)


def _verify(file: ProgramFile, path: Path) -> None:
    if not path.is_file():
        raise InputError(f"{file.name} is not there", file=path.parent, mend=f"it is {file.coordinates}")
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    if digest not in file.digests:
        raise InputError(f"is not {file.coordinates}: its SHA-256 differs", file=path)
