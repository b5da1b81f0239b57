"""Known events as rows of frames: what sounds, and with which aspect."""

import numpy as np
import pytest

from adiff_data.core.errors import InputError
from adiff_model.events import class_names
from adiff_model.training.labelled_clips import (
    LabelledClip,
    LabelledEvent,
    activities,
    class_indices,
    correctly_detected,
)

CLIP = LabelledClip("a.wav", (LabelledEvent(("Siren",), 0.0, 1.0, ("far",)), LabelledEvent(("Church bell",), 0.5, 1.0)))


def test_a_class_sounds_from_its_onset_to_its_offset():
    bell, siren = class_indices([CLIP])
    active = activities([CLIP], (bell, siren), (), 4, 1.0)["a.wav"]
    assert active.int().tolist() == [[0, 0, 1, 1], [1, 1, 1, 1]]


def test_an_aspect_sounds_with_its_event_alone():
    active = activities([CLIP], class_indices([CLIP]), ("near", "far"), 2, 1.0)["a.wav"]
    sounds, near, far = active.unflatten(0, (3, 2)).int().tolist()
    assert sounds == [[0, 1], [1, 1]]
    assert near == [[0, 0], [0, 0]]
    assert far == [[0, 0], [1, 1]]


def test_a_class_that_audioset_does_not_have_is_named():
    with pytest.raises(InputError, match="no class 'Sireen'"):
        class_indices([LabelledClip("a.wav", (LabelledEvent(("Sireen",), 0.0, 1.0),))])


@pytest.mark.parametrize(
    ("siren", "bell", "other", "kept"),
    [(0.9, 0.9, 0.0, True), (0.9, 0.5, 0.0, False), (0.9, 0.9, 0.9, False)],
)
def test_a_clip_is_correctly_detected_if_nothing_is_missed_or_invented(siren, bell, other, kept):
    clips = [CLIP, LabelledClip("b.wav", (LabelledEvent(("Dog",), 0.0, 1.0),))]
    events = np.zeros(len(class_names()))
    for name, probability in (("Siren", siren), ("Church bell", bell), ("Dog", other)):
        events[class_names().index(name)] = probability
    assert ("a.wav" in correctly_detected(clips, {"a.wav": events}, 0.6)) == kept
