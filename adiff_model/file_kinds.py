"""What a file that was given as a checkpoint is, by its content: a download that went wrong is called what it is."""

import json
import pickletools
import re
import zipfile
from pathlib import Path

from adiff_data.core.errors import InputError

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_BEGINNINGS: tuple[tuple[bytes, str, str | None], ...] = (
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-zip archive", "unpack it first"),
    (b"\x89HDF", "an HDF5 file", None),
    (b"GGUF", "a GGUF file", None),
    (b"\x93NUMPY", "a NumPy array", None),
    (b"RIFF", "a recording", None),
    (b"fLaC", "a recording", None),
)
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"\s*(?:<\?xml\b|[{\[])")
_LONGEST_HEADER = 100_000_000  # bytes, of safetensors
_DOWNLOAD = "download it again"


def require_tensor_file(path: Path) -> None:
    """Looks at the content of a file that torch is to load.

    Raises:
        InputError: there is no such file, or it is something else, or cut; the message says what.
    """
    _require_file(path)
    head = _head(path)
    if is_safetensors(head):
        raise InputError("is a safetensors file, not a published checkpoint", file=path, mend=_folder_of(path))
    if not head.startswith(b"PK"):
        return
    if not zipfile.is_zipfile(path):
        raise InputError("is cut: the end of its archive is missing", file=path, mend=_DOWNLOAD)
    with zipfile.ZipFile(path) as archive:
        if not any(name.endswith("data.pkl") for name in archive.namelist()):
            raise InputError("is a zip archive, but no checkpoint of torch", file=path)


def require_safetensors_file(path: Path) -> None:
    """Looks at the content of a file of safetensors.

    Raises:
        InputError: there is no such file, or it is something else, or cut; the message says what.
    """
    _require_file(path)
    head = _head(path)
    if not is_safetensors(head):
        raise InputError("is no safetensors file", file=path)
    length = int.from_bytes(head[:8], "little")
    with path.open("rb") as file:
        file.seek(8)
        header = file.read(length)
    try:
        tensors = json.loads(header)
        end = max(
            (entry["data_offsets"][1] for name, entry in tensors.items() if name != "__metadata__"),
            default=0,
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise InputError("is cut, or damaged: its header cannot be read", file=path, mend=_DOWNLOAD) from None
    size, wanted = path.stat().st_size, 8 + length + end
    if size < wanted:
        raise InputError(f"is cut: it has {size:,} of {wanted:,} bytes", file=path, mend=_DOWNLOAD)


def is_safetensors(head: bytes) -> bool:
    """Whether a file of safetensors begins like this: the length of its header, and JSON."""
    return len(head) > 8 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= _LONGEST_HEADER


def foreign_kind(path: Path) -> str | None:
    """The first thing that a pickle names and that is neither torch's nor a dictionary; the pickle is not executed."""
    texts: list[str] = []
    try:
        with path.open("rb") as file:
            for code, argument, _ in pickletools.genops(file):
                if code.name == "STACK_GLOBAL" and len(texts) > 1:
                    name = ".".join(texts[-2:])
                elif code.name == "GLOBAL":
                    name = str(argument).replace(" ", ".")
                else:
                    texts += [argument] if isinstance(argument, str) else []
                    continue
                if name.partition(".")[0] not in ("torch", "collections"):
                    return name
    except (ValueError, OSError, OverflowError, MemoryError):
        return None
    return None


def _require_file(path: Path) -> None:
    """Refuses what cannot hold tensors of any kind."""
    if path.is_dir():
        raise InputError("is a folder, not a published checkpoint", file=path)
    if not path.exists():
        raise InputError("no such checkpoint", file=path)
    head = _head(path)
    if not head:
        raise InputError("is empty", file=path, mend=_DOWNLOAD)
    if head.startswith(_LFS_POINTER):
        size = re.search(rb"^size (\d+)", head, re.MULTILINE)
        stands_for = f" for {int(size[1]):,} bytes that were not downloaded" if size else ""
        raise InputError(f"is a Git LFS pointer{stands_for}", file=path, mend="git lfs pull downloads them")
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(text):
        advice = "download the file itself, not the page that shows it"
        raise InputError("is a web page (HTML), not a checkpoint", file=path, mend=advice)
    if _MARKUP.match(text) and _is_text(text):
        raise InputError("is a text (JSON or XML), such as a server's error, not a checkpoint", file=path)
    for beginning, kind, mend in _BEGINNINGS:
        if head.startswith(beginning):
            raise InputError(f"is {kind}, not a checkpoint", file=path, mend=mend)
    if head[257:262] == b"ustar":
        raise InputError("is a tar archive, not a checkpoint", file=path, mend="unpack it first")


def _is_text(head: bytes) -> bool:
    return head.isascii() or not any(byte < 9 for byte in head)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=path) from None


def _folder_of(path: Path) -> str:
    if (path.parent / "config.json").is_file():
        return f"give its folder, {path.parent}"
    return "give adiff_base.ckpt, or the folder that holds it with its config.json"
