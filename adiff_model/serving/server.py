"""Running the application, on this machine alone unless another address is told."""

from collections.abc import Callable
from pathlib import Path

import uvicorn
from pydantic import NonNegativeInt, PositiveInt
from starlette.applications import Starlette

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.hosts import is_loopback, listen, url_of
from adiff_data.llm.options import require_key
from adiff_model.adiff import ADIFF
from adiff_model.devices import Device
from adiff_model.encoding import Reading
from adiff_model.serving.application import make_application
from adiff_model.serving.connections import ImpatientProtocol
from adiff_model.serving.limits import ServingLimits

_LOOPBACK = "127.0.0.1"
_ENDING_SECONDS = 10  # for answers that are being made


@checks_arguments
def serve(
    checkpoint: str | Path = "tiny",
    *,
    host: str = _LOOPBACK,
    port: NonNegativeInt = 8000,
    device: Device = "auto",
    reading: Reading | None = None,
    batch_size: PositiveInt = 32,
    limits: ServingLimits | None = None,
    api_key: str | None = None,
    ready: Callable[[str, str], None] | None = None,
) -> None:
    """Serves a checkpoint at `/v1/chat/completions` until it is interrupted (Ctrl-C, or SIGTERM).

    Args:
        checkpoint: as in `load_checkpoint`; clients call it by its file's name, without the ending.
        host: the address to listen at; 0.0.0.0 is every one of this machine. Beyond 127.0.0.1 it needs an `api_key`.
        port: 0 takes a free one.
        device: what the model runs on.
        reading: how recordings are read.
        batch_size: the most requests that are answered together.
        limits: what is granted to clients.
        api_key: what clients must send, as OpenAI's do; a browser asks for it as a password.
        ready: called with the server's address and the model's name, once it listens.

    Raises:
        InputError: the checkpoint does not exist or is not one, the device is not there, the address cannot be had or
            reaches beyond this machine without a key, or the key cannot be one.
    """
    if api_key is not None:
        require_key(api_key, "`api_key`")
    elif not is_loopback(host):
        raise InputError(f"whoever reaches {host} could ask", mend="give an `api_key`, which clients then send")
    limits, name = limits or ServingLimits(), Path(checkpoint).stem
    with listen(host, port) as listener:
        adiff = ADIFF(model_path=checkpoint, device=device)
        application = make_application(
            adiff, name, limits=limits, reading=reading or Reading(), batch_size=batch_size, key=api_key
        )
        if ready:
            ready(url_of(host, listener.getsockname()[1]), name)
        try:
            make_server(application, limits).run(sockets=[listener])
        except KeyboardInterrupt:  # uvicorn has ended everything by then
            return


def make_server(application: Starlette, limits: ServingLimits) -> uvicorn.Server:
    """What runs the application on a socket that listens."""
    config = uvicorn.Config(
        application,
        http=ImpatientProtocol,
        ws="none",
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=_ENDING_SECONDS,
        server_header=False,
        access_log=False,
        log_level="critical",
    )
    return uvicorn.Server(config)
