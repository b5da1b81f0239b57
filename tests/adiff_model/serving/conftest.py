"""The bundled model behind its server, which really runs, and real recordings to ask it about."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from adiff_data.core.hosts import listen
from adiff_model import ADIFF
from adiff_model.encoding import Reading
from adiff_model.serving.application import make_application
from adiff_model.serving.limits import ServingLimits
from adiff_model.serving.server import make_server

PROMPT = "explain the difference in few words"
FEW = 10  # tokens, so that answers take no time


@contextmanager
def running(adiff: ADIFF, *, key: str | None = None, **limits: Any) -> Iterator[str]:
    """Serves a model in a thread; yields the server's address."""
    application = make_application(
        adiff, "tiny", limits=ServingLimits(**limits), reading=Reading(), batch_size=8, key=key
    )
    server = make_server(application, ServingLimits(**limits))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def audio_part(path: Path, form: str = "wav") -> dict[str, Any]:
    """A recording as the SDK's users send it."""
    return {
        "type": "input_audio",
        "input_audio": {"data": base64.b64encode(path.read_bytes()).decode(), "format": form},
    }


def question(*parts: Path | str | dict[str, Any]) -> list[dict[str, Any]]:
    """A message of recordings and texts."""
    as_parts = {
        Path: audio_part,
        str: lambda text: {"type": "text", "text": text},
        dict: lambda part: part,
    }
    kinds = [next(make for kind, make in as_parts.items() if isinstance(part, kind))(part) for part in parts]
    return [{"role": "user", "content": kinds}]


@pytest.fixture(scope="session")
def adiff() -> ADIFF:
    return ADIFF(config="tiny", device="cpu")


@pytest.fixture(scope="session")
def recordings(demo_corpus: Path) -> list[Path]:
    return sorted(demo_corpus.rglob("*.wav"))


@pytest.fixture(scope="module")
def address(adiff: ADIFF) -> Iterator[str]:
    """A server that all tests of a module share."""
    with running(adiff) as found:
        yield found


@pytest.fixture(scope="module")
def client(address: str) -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
