"""Which engine runs, as it is said, and what is said where it cannot."""

import socket
import sys

import pytest
from pydantic import ValidationError

from adiff_data import InputError
from adiff_data.engines.local import LOCAL, LocalEngine
from adiff_data.engines.settings import EngineOptions


def test_this_machine_is_the_default():
    with EngineOptions().opened() as engine:
        assert engine is LOCAL
    with EngineOptions(workers=2).opened() as engine:
        assert isinstance(engine, LocalEngine)
        assert engine is not LOCAL


def test_an_address_without_ray_is_refused():
    with pytest.raises(ValidationError, match="without effect: `ray_address`; give `engine=ray`, too"):
        EngineOptions(ray_address="10.0.0.1:6379")


def test_ray_that_is_not_installed_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        EngineOptions(engine="ray").opened() as engine,
        pytest.raises(InputError, match=r"Ray is not installed; pip install 'adiff-toolkit\[ray\]'"),
    ):
        list(engine.map(abs, [1]))


def test_an_address_where_nobody_listens_is_one_line():
    pytest.importorskip("ray", reason="needs Ray, of the extra ray")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with (
        EngineOptions(engine="ray", ray_address=f"127.0.0.1:{port}").opened() as engine,
        pytest.raises(InputError, match=f"no Ray cluster at 127.0.0.1:{port} .*; `ray start --head` begins one"),
    ):
        list(engine.map(abs, [1]))
