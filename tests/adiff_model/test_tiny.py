"""The bundled checkpoint: in the box, small, and true of sounds that are known.

The thresholds leave room for other processors' arithmetic; `benchmarks/tiny.py` prints the scores themselves.
"""

import socket
from pathlib import Path

import pytest

import adiff_model
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.demo.naming import named_sources
from adiff_data.demo.recorded import RecordingSettings
from adiff_data.demo.truth import KnownClip, read_truth
from adiff_data.demo.truthfulness import events_named
from adiff_model import ADIFF

FOLDER = Path(adiff_model.__file__).parent / "tiny"
FEWWORDS = "explain the difference in few words"
Known = list[tuple[str, KnownClip]]


@pytest.fixture(scope="module")
def tiny() -> ADIFF:
    return ADIFF(config="tiny")


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> Known:
    """Sixteen scenes of a seed that no training and no benchmark has."""
    corpus = tmp_path_factory.mktemp("scenes") / "corpus"
    write_corpus(corpus, DemoSettings(seed=77, development=0, validation=0, evaluation=16))
    return [(str(corpus / clip.path), clip) for clip in read_truth(corpus, "evaluation")]


def pairs(clips: Known) -> list[tuple[tuple[str, KnownClip], tuple[str, KnownClip]]]:
    return list(zip(clips, [*clips[1:], clips[0]], strict=True))


def ask(tiny: ADIFF, clips: Known, prompt: str) -> list[str]:
    return tiny.generate([[one[0], other[0], prompt] for one, other in pairs(clips)])


def test_it_is_small_and_tells_of_itself():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 25_000_000
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for word in ("ESC-10", "right side", "nothing else", "## Limits"):
        assert word in card


def test_it_is_loaded_without_a_network(monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert ADIFF(config="tiny").model.num_parameters() < 12_500_000


@pytest.mark.slow
def test_events_are_named_on_their_side(tiny, clips):
    found = [
        events_named(answer, one, other).on_the_right_side
        for answer, ((_, one), (_, other)) in zip(ask(tiny, clips, FEWWORDS), pairs(clips), strict=True)
    ]
    assert sum(found) >= 0.8 * len(found)


@pytest.mark.slow
@pytest.mark.parametrize(("prompt", "side"), [("caption the first audio", 0), ("caption the second audio", 1)])
def test_a_caption_is_about_the_audio_that_is_asked_for(tiny, clips, prompt, side):
    right = 0
    for caption, pair in zip(ask(tiny, clips, prompt), pairs(clips), strict=True):
        own, other = set(pair[side][1].sources), set(pair[1 - side][1].sources)
        named = set(named_sources(caption))
        right += bool(named & own) and not named & (other - own)
    assert right >= 0.9 * len(clips)


@pytest.mark.slow
def test_real_recordings_that_it_never_saw_are_named(tiny, shared):
    folder = shared / "esc10"
    held_out = RecordingSettings(folder=folder, folds={"held out": (4,)}).in_split("held out")
    recordings = [
        (str(folder / "audio" / names[place]), source) for source, names in held_out.items() for place in (0, 1)
    ]
    others = [*recordings[3:], *recordings[:3]]
    answers = tiny.generate([[one, other, FEWWORDS] for (one, _), (other, _) in zip(recordings, others, strict=True)])
    named = [
        {own, another} & set(named_sources(answer))
        for answer, (_, own), (_, another) in zip(answers, recordings, others, strict=True)
    ]
    assert sum(map(len, named)) >= 0.6 * 2 * len(recordings)
