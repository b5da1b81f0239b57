"""FENSE's own program. Its models cannot be fetched here: a stand-in takes the place of aac-metrics."""

import re
import sys
from types import ModuleType

import pytest

from adiff_data.core.distribution import install_hint
from adiff_model.metrics.fense import Fense
from adiff_model.metrics.java import MetricMissing


def install(monkeypatch, program: object) -> None:
    module = ModuleType("aac_metrics.classes.fense")
    module.FENSE = program
    for name in ("aac_metrics", "aac_metrics.classes"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_models_that_are_not_reached_are_asked_for_once(monkeypatch):
    asked = []

    def unreached(**options):
        asked.append(options)
        raise OSError("no network")

    install(monkeypatch, unreached)
    fense = Fense()
    for _ in range(3):
        with pytest.raises(MetricMissing, match=r"its models were not reached \(OSError\)"):
            fense(["a dog barks"], [["a dog"]])
    assert len(asked) == 1


def test_each_row_has_its_score_of_models_that_are_loaded_once(monkeypatch):
    loaded = []

    def program(*, return_all_scores):
        loaded.append(return_all_scores)
        return lambda predictions, references: ({}, {"fense": [len(own) / 4 for own in references]})

    install(monkeypatch, program)
    fense = Fense()
    assert fense(["a", "b"], [["x"], ["x", "y"]]) == [0.25, 0.5]
    assert fense(["a"], [["x", "y", "z", "u"]]) == [1.0]
    assert loaded == [True]


def test_where_its_program_is_not_installed_the_way_to_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "aac_metrics", None)
    with pytest.raises(MetricMissing, match=re.escape(install_hint("fense"))):
        Fense()(["a"], [["b"]])
