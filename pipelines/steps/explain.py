"""`adiff explain`: how two recordings differ, in the model's words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from adiff_data.core.errors import InputError, one_line
from adiff_data.tiers import ANSWER_KINDS, TIERS, TierName
from adiff_model.events import Event
from pipelines.console import say
from pipelines.options import settings_as_options
from pipelines.settings import AnswerSettings

if TYPE_CHECKING:
    from adiff_model.adiff import Explanation


@settings_as_options
def explain(
    audio1: Annotated[Path, typer.Argument(help="WAV, FLAC, OGG or MP3, of any rate.")],
    audio2: Annotated[Path, typer.Argument(help="The other recording.")],
    settings: AnswerSettings,
    tier: Annotated[
        Literal[TierName, "all"],
        typer.Option(help="How much is said; similarity says what both share. all: the three tiers."),
    ] = "all",
    prompt: Annotated[
        str | None, typer.Option(help="In place of the tiers' own, such as: caption the first audio.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="A PNG with both spectrograms and the text.")] = None,
) -> None:
    """Explain how two recordings differ, and say what was heard in each.

    Example: adiff explain rain.wav dog.wav --tier detail --plot pair.png
    """
    if plot is not None and plot.suffix.lower() != ".png":
        raise InputError("a plot is a .png", file=plot)
    from adiff_model.adiff import ADIFF  # noqa: PLC0415 - torch is for calls, and --help needs none
    from adiff_model.generation import Decoding  # noqa: PLC0415
    from pipelines.explanation import explain_pair, plot_explained  # noqa: PLC0415

    kinds = TIERS if tier == "all" else (tier,)
    prompts = [prompt] if prompt else [ANSWER_KINDS[name].request for name in kinds]
    adiff = ADIFF(model_path=settings.checkpoint, device=settings.device, grounded=settings.grounded)
    recordings, decoding = (audio1, audio2), Decoding(settings.max_len, settings.temperature)
    explained = explain_pair(adiff, recordings, prompts, decoding=decoding, window=settings.window)
    for asked, explanation in zip(prompts, explained, strict=True):
        say(f"{asked}:\n  {one_line(explanation.text, 5000)}\n")
        _say_what_is_left_out(explanation)
    _say_events(explained)
    if plot is not None:
        plot_explained(adiff, recordings, prompts, explained, window=settings.window, out=plot)
        say(f"{plot}: written")


def _say_what_is_left_out(explanation: "Explanation") -> None:
    for each in explanation.left_out:
        say(f"  left out: “{one_line(each.words, 200)}”: {each.reason}")
    if explanation.is_fallback:
        say("  written by rules, from what was detected and measured: too little of the model's own answer held")
    if explanation.left_out or explanation.is_fallback:
        say("")


def _say_events(explained: list["Explanation"]) -> None:
    for number, events in ((1, explained[0].events1), (2, explained[0].events2)):
        say(f"heard in audio {number}: {', '.join(_words(event) for event in events)}")
    missed = list(dict.fromkeys(name for explanation in explained for name in explanation.unheard))
    if missed:
        say(f"named and not heard: {', '.join(missed)}")


def _words(event: Event) -> str:
    return f"{event.name} {event.probability:.2f}"
