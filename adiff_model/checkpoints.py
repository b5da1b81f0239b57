"""Loading a model and its processor from a folder, a published checkpoint, or the package itself."""

import hashlib
import json
from pathlib import Path
from typing import Any, cast

from safetensors import SafetensorError
from transformers import AutoConfig, AutoModel
from transformers.utils import logging as transformers_logging

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_folder
from adiff_model.config import AdiffConfig
from adiff_model.file_kinds import require_safetensors_file
from adiff_model.model import AdiffModel
from adiff_model.processor import AdiffProcessor, load_tokenizer
from adiff_model.published_checkpoint import DERIVED_KEYS, load_published

BUNDLED = "tiny"
_ANSWER_FILES = ("config.json", "model*.safetensors", "tokenizer*.json")
_CONVERT = "adiff convert makes a folder from adiff_base.ckpt"
_WEIGHTS = "model.safetensors"
PUBLISHED_SUFFIXES = (".ckpt", ".pth", ".pt", ".bin")

transformers_logging.disable_progress_bar()
AutoConfig.register(AdiffConfig.model_type, AdiffConfig)
AutoModel.register(AdiffConfig, AdiffModel)


def weights_file(name: str | Path) -> Path:
    """The file with a checkpoint's weights; `name` as in `load_checkpoint`."""
    path = _path_of(name)
    return path if path.is_file() else path / _WEIGHTS


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


@checks_arguments
def load_checkpoint(name: str | Path) -> tuple[AdiffModel, AdiffProcessor]:
    """A model in evaluation mode, on the CPU, in float32.

    Args:
        name: a folder that `adiff convert` or `adiff train` made, a published `.ckpt`, or `tiny`.

    Raises:
        InputError: it does not exist, or is none of these.
    """
    path = _path_of(name)
    if path.is_dir():
        return _load_folder(path)
    model = load_published(path)
    return model, AdiffProcessor(model.config, load_tokenizer())


def _load_folder(folder: Path) -> tuple[AdiffModel, AdiffProcessor]:
    if not (folder / "config.json").is_file():
        mend = "give a folder that adiff convert or adiff train made, or adiff_base.ckpt itself"
        raise InputError("no such checkpoint: the folder has no config.json", file=folder, mend=mend)
    _require_adiff(folder / "config.json")
    if not (folder / f"{_WEIGHTS}.index.json").exists():  # of weights in several files, transformers reads the index
        require_safetensors_file(folder / _WEIGHTS)
    model = _load_model(folder)
    try:
        processor = AdiffProcessor.from_pretrained(folder)
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise InputError(f"its tokenizer cannot be read ({fault})", file=folder) from None
    if len(processor.tokenizer) > model.config.language_config.vocab_size:
        raise InputError("has no tokenizer.json, and another vocabulary than GPT-2", file=folder)
    return model, processor


def _load_model(folder: Path) -> AdiffModel:
    verbosity = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()  # its report of what is missing has a line for each tensor
    try:
        loaded: Any = AdiffModel.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
        )
    except (OSError, ValueError, TypeError, AttributeError, SafetensorError, RuntimeError) as fault:
        raise InputError(f"not an ADIFF checkpoint ({fault})", file=folder) from None
    finally:
        transformers_logging.set_verbosity(verbosity)
    model, info = loaded
    for key, found, expected in sorted(info["mismatched_keys"]):
        shapes = f"{list(found)}, but {list(expected)} by config.json"
        raise InputError(f"{key} has the shape {shapes}", file=folder / _WEIGHTS)
    missing = sorted(key for key in info["missing_keys"] if not key.endswith(DERIVED_KEYS))
    if missing:  # transformers has set them at random
        reason = f"{len(missing)} tensors are missing, among them {missing[0]}"
        prefixed = next((key for key in sorted(info["unexpected_keys"]) if key.endswith(f".{missing[0]}")), None)
        mend = prefixed and f"the file calls it {prefixed}: save the tensors without the prefix"
        raise InputError(reason, file=folder / _WEIGHTS, mend=mend)
    return cast(AdiffModel, model.float().eval())


def _require_adiff(config: Path) -> None:
    """Refuses the folder of another model."""
    try:
        kind = json.loads(config.read_text(encoding="utf-8")).get("model_type")
    except (OSError, ValueError, AttributeError):
        raise InputError("is no configuration of a model", file=config) from None
    if kind != AdiffConfig.model_type:
        holds = "names no model_type" if kind is None else f"is of a model of type {kind}"
        mend = f'that of ADIFF has "model_type": "{AdiffConfig.model_type}"'
        raise InputError(holds, file=config, mend=mend)


@checks_arguments
def convert_checkpoint(published: str | Path, folder: str | Path) -> AdiffModel:
    """Writes a published checkpoint as a folder of safetensors, sizes and tokenizer, which needs no network.

    Raises:
        InputError: it is not a published checkpoint, or the folder contains something else.
    """
    published, folder = Path(published), Path(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / "config.json").exists():
        raise InputError("contains something that is not a checkpoint", file=folder, mend="give another folder")
    model = load_published(published)
    processor = AdiffProcessor(model.config, load_tokenizer())
    with replace_folder(folder, force=True) as output:
        model.save_pretrained(output.path)
        processor.save_pretrained(output.path)
    return model
