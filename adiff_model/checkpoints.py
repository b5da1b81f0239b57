"""Loading a model and its processor from a folder, a published checkpoint, or the package itself."""

import hashlib
from pathlib import Path

from safetensors import SafetensorError
from transformers import AutoConfig, AutoModel
from transformers.utils import logging as transformers_logging

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_model.config import AdiffConfig
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor, load_tokenizer
from adiff_model.published_checkpoint import load_published

BUNDLED = "tiny"
_ANSWER_FILES = ("config.json", "model*.safetensors", "tokenizer*.json")
_CONVERT = "adiff convert makes a folder from adiff_base.ckpt"
PUBLISHED_SUFFIXES = (".ckpt", ".pth", ".pt", ".bin")

transformers_logging.disable_progress_bar()
AutoConfig.register(AdiffConfig.model_type, AdiffConfig)
AutoModel.register(AdiffConfig, AdiffModel)


def weights_file(name: str | Path) -> Path:
    """The file with a checkpoint's weights; `name` as in `load_checkpoint`."""
    path = _path_of(name)
    return path if path.is_file() else path / "model.safetensors"


def checkpoint_digest(name: str | Path) -> str:
    """The SHA-256 of the files that determine a checkpoint's answers: weights, sizes and tokenizer.

    Raises:
        InputError: there is no such checkpoint, or it cannot be read.
    """
    path = _path_of(name)
    files = [path] if path.is_file() else sorted(file for pattern in _ANSWER_FILES for file in path.glob(pattern))
    if not files:
        raise InputError("no such checkpoint", file=path, mend=_CONVERT)
    digest = hashlib.sha256()
    try:
        for file in files:
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", file=file) from None
    return digest.hexdigest()


def _path_of(name: str | Path) -> Path:
    return Path(__file__).parent / BUNDLED if str(name) == BUNDLED else Path(name)


def load_checkpoint(name: str | Path) -> tuple[AdiffModel, AdiffProcessor]:
    """A model in evaluation mode, on the CPU, in float32.

    Args:
        name: a folder that `adiff convert` or `adiff train` made, a published `.ckpt`, or `tiny`.

    Raises:
        InputError: it does not exist, or is none of these.
    """
    path = _path_of(name)
    if path.is_file():
        if path.suffix not in PUBLISHED_SUFFIXES:
            raise InputError("not a checkpoint", file=path, mend="give adiff_base.ckpt or a converted folder")
        model = load_published(path)
        return model, AdiffProcessor(model.config, load_tokenizer())
    if not (path / "config.json").is_file():
        raise InputError("no such checkpoint", file=path, mend=_CONVERT)
    try:
        model = AdiffModel.from_pretrained(path, local_files_only=True, use_safetensors=True)
        return model.float().eval(), AdiffProcessor.from_pretrained(path)
    except (OSError, ValueError, SafetensorError, RuntimeError) as fault:
        raise InputError(f"not an ADIFF checkpoint ({fault})", file=path) from None


def convert_checkpoint(published: Path, folder: Path) -> AdiffModel:
    """Writes a published checkpoint as a folder of safetensors, sizes and tokenizer, which needs no network.

    Raises:
        InputError: it is not a published checkpoint, or the folder contains something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "config.json").exists():
        raise InputError("contains something that is not a checkpoint", file=folder, mend="give another folder")
    model = load_published(published)
    processor = AdiffProcessor(model.config, load_tokenizer())
    with replace_folder(folder, force=True) as output:
        model.save_pretrained(output.path)
        processor.save_pretrained(output.path)
    return model
