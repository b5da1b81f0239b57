"""`adiff convert`: a published checkpoint as a folder that needs no network."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import say


def convert(
    published: Annotated[Path, typer.Argument(help="adiff_base.ckpt or adiff_base_wavcaps.ckpt.")],
    out: Annotated[Path, typer.Argument(help="The folder to make.")],
) -> None:
    """Make a folder of safetensors, sizes and tokenizer from a published checkpoint; it then needs no network.

    Example: adiff convert adiff_base.ckpt checkpoints/base
    """
    from adiff_model.checkpoints import convert_checkpoint  # noqa: PLC0415 - torch is for calls, and --help needs none

    model = convert_checkpoint(published, out)
    say(f"{out}: {model.num_parameters() / 1e6:,.1f} M parameters")
