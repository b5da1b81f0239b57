"""`adiff explain`: how two recordings differ, in the model's words."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from adiff_data.core.errors import InputError, one_line
from adiff_data.tiers import TIERS
from adiff_model.adiff import ADIFF, Explanation
from adiff_model.audio import Window, cut, read_audio
from adiff_model.checkpoints import BUNDLED
from adiff_model.encoding import Reading
from adiff_model.events import Event
from adiff_model.generation import Decoding
from adiff_model.plotting import plot_pair
from pipelines.console import say


def explain(
    audio1: Annotated[Path, typer.Argument(help="WAV, FLAC, OGG or MP3, of any rate.")],
    audio2: Annotated[Path, typer.Argument(help="The other recording.")],
    tier: Annotated[Literal["fewwords", "sentence", "detail", "all"], typer.Option(help="How much is said.")] = "all",
    prompt: Annotated[
        str | None, typer.Option(help="In place of the tiers' own, such as: caption the first audio.")
    ] = None,
    checkpoint: Annotated[str, typer.Option(help="tiny, adiff_base.ckpt, or a converted folder.")] = BUNDLED,
    plot: Annotated[Path | None, typer.Option(help="A PNG with both spectrograms and the text.")] = None,
    window: Annotated[Window, typer.Option(help="What is heard of a long recording.")] = "start",
    max_len: Annotated[int, typer.Option(help="Tokens an answer at most.")] = 300,
    temperature: Annotated[float, typer.Option(help="1.0 is greedy; another value samples.")] = 1.0,
    cuda: Annotated[bool, typer.Option("--cuda", help="On the GPU.")] = False,
) -> None:
    """Explain how two recordings differ, and say what was heard in each.

    Example: adiff explain rain.wav dog.wav --tier detail --plot pair.png
    """
    if plot is not None and plot.suffix.lower() != ".png":
        raise InputError("a plot is a .png", file=plot)
    prompts = [prompt] if prompt else [own.request for own in TIERS.values() if tier in (own.name, "all")]
    adiff = ADIFF(model_path=checkpoint, use_cuda=cuda)
    examples = [(str(audio1), str(audio2), asked) for asked in prompts]
    explained = adiff.explain(examples, Decoding(max_len, temperature), reading=Reading(window), workers=0)
    if explained[0].fault:
        raise explained[0].fault
    for asked, explanation in zip(prompts, explained, strict=True):
        say(f"{asked}:\n  {one_line(explanation.text, 5000)}\n")
    _say_events(explained)
    if plot is not None:
        config = adiff.model.config
        clips = [
            cut(read_audio(path, config.sampling_rate), config.clip_samples, window)[0] for path in (audio1, audio2)
        ]
        texts = {asked: explanation.text for asked, explanation in zip(prompts, explained, strict=True)}
        plot_pair((audio1.name, audio2.name), (clips[0], clips[1]), texts, config, plot)
        say(f"{plot}: written")


def _say_events(explained: list[Explanation]) -> None:
    for number, events in ((1, explained[0].events1), (2, explained[0].events2)):
        say(f"heard in audio {number}: {', '.join(_words(event) for event in events)}")
    missed = list(dict.fromkeys(name for explanation in explained for name in explanation.unheard))
    if missed:
        say(f"named and not heard: {', '.join(missed)}")


def _words(event: Event) -> str:
    return f"{event.name} {event.probability:.2f}"
