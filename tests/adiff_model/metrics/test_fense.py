"""FENSE. Its models cannot be downloaded here, so a stand-in replaces aac-metrics."""

import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType

import pytest
from huggingface_hub import constants

from adiff_data.core.distribution import install_hint
from adiff_model.metrics.fense import Fense
from adiff_model.metrics.java import MetricUnavailable


def install(monkeypatch, program: object) -> None:
    module = ModuleType("aac_metrics.classes.fense")
    module.FENSE = program
    for name in ("aac_metrics", "aac_metrics.classes"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_models_that_cannot_be_downloaded_are_requested_once(monkeypatch):
    requests = []

    def unavailable(**options):
        requests.append(options)
        raise OSError("no network")

    install(monkeypatch, unavailable)
    fense = Fense()
    for _ in range(3):
        with pytest.raises(MetricUnavailable, match=r"its models could not be downloaded \(OSError\)"):
            fense(["a dog barks"], [["a dog"]])
    assert len(requests) == 1


def test_each_row_has_a_score_and_models_are_loaded_once(monkeypatch):
    loaded = []

    def program(*, return_all_scores):
        loaded.append(return_all_scores)
        return lambda predictions, references: ({}, {"fense": [len(texts) / 4 for texts in references]})

    install(monkeypatch, program)
    fense = Fense()
    assert fense(["a", "b"], [["x"], ["x", "y"]]) == [0.25, 0.5]
    assert fense(["a"], [["x", "y", "z", "u"]]) == [1.0]
    assert loaded == [True]


def test_an_error_says_how_to_install_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "aac_metrics", None)
    with pytest.raises(MetricUnavailable, match=re.escape(install_hint("fense"))):
        Fense()(["a"], [["b"]])


class Silent(BaseHTTPRequestHandler):
    """Takes longer to answer than anybody waits."""

    def do_HEAD(self):
        self.server.released.wait(20)

    def log_message(self, *_):
        pass


@pytest.fixture
def silent_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    server.released = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.released.set()
    server.shutdown()


def test_a_server_that_does_not_answer_is_not_asked_for_models(monkeypatch, silent_server):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", silent_server)
    monkeypatch.setattr("adiff_model.metrics.fense._SECONDS_TO_ANSWER", 0.1)
    offline = []

    def program(*, return_all_scores):
        offline.append(constants.HF_HUB_OFFLINE)
        raise OSError("not cached")

    install(monkeypatch, program)
    with pytest.raises(MetricUnavailable, match="`fense=False` skips it"):
        Fense()(["a"], [["b"]])
    assert offline == [True]
    assert constants.HF_HUB_OFFLINE is False
