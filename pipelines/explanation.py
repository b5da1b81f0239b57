"""Explaining one pair of recordings, and drawing what was explained."""

from collections.abc import Sequence
from pathlib import Path

from adiff_model.adiff import ADIFF, Explanation
from adiff_model.audio import Window, read_windows
from adiff_model.encoding import Reading
from adiff_model.generation import Decoding
from adiff_model.plotting import plot_pair

Recordings = tuple[Path, Path]


def explain_pair(
    adiff: ADIFF, recordings: Recordings, prompts: Sequence[str], *, decoding: Decoding, window: Window
) -> list[Explanation]:
    """The answer to each prompt.

    Raises:
        InputError: a recording cannot be read.
    """
    examples = [(*map(str, recordings), prompt) for prompt in prompts]
    explained = adiff.explain(examples, decoding, reading=Reading(window), reading_threads=0)
    if fault := explained[0].fault:
        raise fault
    return explained


def plot_explained(
    adiff: ADIFF,
    recordings: Recordings,
    prompts: Sequence[str],
    explained: Sequence[Explanation],
    *,
    window: Window,
    out: Path,
) -> None:
    """Writes a PNG: the spectrograms of what the model heard, and its answers."""
    config = adiff.model.config
    first, second = (read_windows(path, config.sampling_rate, config.clip_samples, window)[0] for path in recordings)
    names = recordings[0].name, recordings[1].name
    texts = {prompt: explanation.text for prompt, explanation in zip(prompts, explained, strict=True)}
    plot_pair(names, (first, second), texts, config, out)
