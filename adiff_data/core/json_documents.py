"""Files that hold one JSON object, such as the state of something that goes on in the next run."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.core.text_files import read_text

Document = TypeVar("Document", bound=BaseModel)


def read_document(path: Path, kind: type[Document], what: str, *, mend: str = "move it away") -> Document | None:
    """The object in a file; None where there is no file.

    Args:
        what: what the file should be, for the message: "a run file of adiff".

    Raises:
        InputError: it is not a `kind`.
    """
    if not path.exists():
        return None
    try:
        return kind.model_validate_json(read_text(path))
    except ValidationError:
        raise InputError(f"not {what}", file=path, mend=mend) from None


def write_document(path: Path, document: BaseModel) -> None:
    """Writes an object in one step, in place of what is there.

    Raises:
        WorkError: it cannot be written.
    """
    with replace_file(path, force=True) as output:
        output.text.write(document.model_dump_json(indent=2) + "\n")
