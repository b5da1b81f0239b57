"""A model that hears, as far as a test needs one: it decodes what it is sent, and says which of the two is louder."""

import base64
import io
import json

import numpy as np
import soundfile

from tests.chat_server import Asked

FIRST, SECOND, ALIKE = "Audio 1 is louder.", "Audio 2 is louder.", "Both audios are equally loud."


def recordings_in(body: dict) -> list[tuple[np.ndarray, int]]:
    """The samples and rates of the recordings in a request."""
    parts = [part["input_audio"] for part in body["messages"][-1]["content"] if part["type"] == "input_audio"]
    for part in parts:
        assert part["format"] in ("wav", "mp3")
    return [soundfile.read(io.BytesIO(base64.b64decode(part["data"])), dtype="float32") for part in parts]


def texts_in(body: dict) -> list[str]:
    return [part["text"] for part in body["messages"][-1]["content"] if part["type"] == "text"]


def louder(asked: Asked) -> str:
    """Which of the recordings in a request is louder, by the side that its label gives it; of all tiers in JSON."""
    answer = _louder(asked)
    return json.dumps(dict.fromkeys(asked.tiers, answer)) if asked.tiers else answer


def _louder(asked: Asked) -> str:
    clips = [samples for samples, _ in recordings_in(asked.body)]
    if len(clips) == 1:
        clips = split_at_silence(clips[0])
    else:
        kinds = [part.get("text") or part["type"] for part in asked.body["messages"][-1]["content"]]
        assert kinds[:4] == ["Audio 1:", "input_audio", "Audio 2:", "input_audio"]
    first, second = (float(np.sqrt(np.mean(np.square(clip)))) for clip in clips)
    if abs(first - second) < 0.001:
        return ALIKE
    return FIRST if first > second else SECOND


def split_at_silence(samples: np.ndarray) -> list[np.ndarray]:
    """The two recordings around the longest silence of one."""
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    gap = int(np.argmax(np.diff(loud)))
    return [samples[: loud[gap]], samples[loud[gap + 1] :]]
