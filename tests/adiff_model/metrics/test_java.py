"""Java programs in any locale, with any options of the user, in any folder; and what is told of those that fail."""

import subprocess
import tempfile

import pytest

from adiff_data.core.errors import WorkError
from adiff_model.metrics.java import TimeLimitExceeded, failure_cause, run_java
from adiff_model.metrics.meteor import Meteor
from adiff_model.metrics.tokenization import tokenize

METEOR_SCORE = 0.409431138876279


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {
            "JAVA_TOOL_OPTIONS": "-Duser.language=de",
            "JDK_JAVA_OPTIONS": "-Duser.language.format=it -Duser.country.format=IT",
        },
        {"_JAVA_OPTIONS": "-Duser.language=de -Duser.country=DE"},
    ],
)
def test_meteor_scores_the_same_in_any_locale(options, monkeypatch):
    for variable, value in options.items():
        monkeypatch.setenv(variable, value)
    with Meteor() as meteor:
        assert meteor.score(["a dog barks"], [["the dog barks"]])[0] == pytest.approx(METEOR_SCORE)


def test_upper_case_is_english_in_a_turkish_locale(monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Duser.language=tr")
    assert tokenize(["A BIRD SINGS INSIDE"]) == ["a bird sings inside"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "locale"), [("größe und %20", "C"), ("a:colon;b", "C.UTF-8")])
def test_texts_are_tokenized_in_any_temporary_folder(name, locale, tmp_path, monkeypatch):
    (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / name))
    monkeypatch.setenv("LC_ALL", locale)
    assert tokenize(["Rain falls – „loudly“!"])[0].startswith("rain falls")


@pytest.mark.slow
def test_meteors_program_is_kept_for_the_next_block(monkeypatch):
    with Meteor() as meteor:
        meteor.score(["a dog barks"], [["the dog barks"]])
    monkeypatch.setattr(subprocess, "Popen", None)
    with Meteor() as meteor:
        assert meteor.score(["a dog barks"], [["the dog barks"]])[0] == pytest.approx(METEOR_SCORE)


@pytest.mark.slow
def test_meteor_names_the_cause_of_its_failure_and_starts_anew(monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dsome=thing")
    with Meteor() as meteor:
        monkeypatch.setenv("_JAVA_OPTIONS", "-Xmx8m")
        with pytest.raises(WorkError, match=r"METEOR failed \(java.lang.OutOfMemoryError"):
            meteor.score(["a dog barks"], [["the dog barks"]])
        monkeypatch.delenv("_JAVA_OPTIONS")
        assert meteor.score(["a dog barks"], [["the dog barks"]])[0] == pytest.approx(METEOR_SCORE)


def test_a_failure_tells_its_cause_whatever_options_java_picked_up(monkeypatch):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dsome=thing")
    with pytest.raises(WorkError, match=r"^SPICE failed \(java.lang.ClassNotFoundException: nothing.Here\)$"):
        run_java(("nothing.Here",), "SPICE")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xnonsense")
    with pytest.raises(WorkError, match=r"^SPICE failed \(Unrecognized option: -Xnonsense\)$"):
        run_java(("-version",), "SPICE")


def test_a_program_that_takes_too_long_is_stopped():
    with pytest.raises(TimeLimitExceeded, match=r"^Java took more than 0.01 s$"):
        run_java(("-version",), "Java", time_limit=0.01)


@pytest.mark.parametrize(
    ("printed", "status", "cause"),
    [
        ("Picked up JAVA_TOOL_OPTIONS: -Da=b\n", 1, "exit status 1"),
        ("", -9, "ended by signal 9"),
        (
            "Parsing reference captions\nWARNING: a restricted method\n"
            'Exception in thread "main" java.lang.ExceptionInInitializerError\n\tat a.B.c(B.java:1)\n'
            "Caused by: java.lang.UnsatisfiedLinkError: no lmdbjni\n\tat d.E.f(E.java:2)\n\t... 3 more\n",
            1,
            "java.lang.UnsatisfiedLinkError: no lmdbjni",
        ),
        (
            "Error occurred during initialization of VM\nCould not reserve enough space for object heap\n"
            "Error: Could not create the Java Virtual Machine.\n",
            1,
            "Could not reserve enough space for object heap",
        ),
        (
            "Error: Could not score batched file input:\njava.io.IOException: No space left\n",
            1,
            "java.io.IOException: No space left",
        ),
    ],
)
def test_the_cause_of_a_failure_is_one_line(printed, status, cause):
    assert failure_cause(printed, status) == cause
