"""What can be set of each step: said once, for its command and for recipes.

A field's description is the command's help text; `pipelines.options` makes the options from them. What names files that
a recipe places by itself (`out`, `root`, `audio_root` …) is no setting.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

from adiff_data.annotation.hearing import without_effect
from adiff_data.annotation.prompts import Hear
from adiff_data.annotation.run import TiersPerCall
from adiff_data.audio.sending import SendingOptions
from adiff_data.checks.checking import Attribution
from adiff_data.core.arguments import split_at_commas
from adiff_data.edits.kinds import EDITS
from adiff_data.engines.settings import EngineName, EngineOptions
from adiff_data.llm import ModelOptions, RequestOptions, RunOptions, checked
from adiff_data.llm.options import Address, one_or_several, read_headers
from adiff_data.llm.redaction import without_credentials, without_secret_fields
from adiff_data.pairing import DEFAULT_BAND, Strategy
from adiff_data.tiers import TIERS, TierName

Window = Literal["start", "middle", "loudest", "all"]
Resampler = Literal["soxr", "torchaudio"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Probe = Literal["swap", "same", "silence", "noise", "other"]
Annotator = Literal["llm", "rules"]
Blacklist = Literal["test", "all", "none"]


class Settings(BaseModel):
    """Fields of a recipe: an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())


def _names(value: object) -> object:
    """A,B as several names: `--set` says them as the command's options do."""
    return split_at_commas(value) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


def _setting(default: Any, description: str | None, **bounds: Any) -> Any:
    return Field(default=default, description=description, **bounds)


def _override(model: type[BaseModel], name: str) -> Any:
    return Field(default=None, description=model.model_fields[name].description)


def _seed_of_pairs() -> Any:
    return _setting(0, "Another seed gives other pairs.")


def _blacklist() -> Any:
    return _setting("test", "WavCaps' blacklist to leave out.")


def _licences() -> Any:
    text = "Files that state the clips' licences: Clotho's metadata CSVs, WavCaps' JSON, or a table of your own."
    return _setting((), text)


class EngineSettings(EngineOptions, Settings):
    """What many clips or rows are worked on by, in all steps of a recipe."""


class PairSettings(Settings):
    """How clips are paired."""

    strategy: Strategy = _setting(
        "random", "How audio 2 is chosen: at random, by its caption, or as the edit of audio 1 that adiff edit made."
    )
    seed: int = _seed_of_pairs()
    limit: PositiveInt | None = _setting(None, "Make only N pairs, of clips drawn from the whole split.")
    band: tuple[float, float] = _setting(DEFAULT_BAND, "With similar: the lowest and highest similarity of captions.")
    exclude: Blacklist = _blacklist()


class AudioSettings(Settings):
    """How recordings are looked at."""

    decode: bool = _setting(False, "Decode every file to its end. Default: only those whose header is not true.")
    exclude: Blacklist = _blacklist()


class EditSettings(Settings):
    """Which edits are made, and of how many recordings."""

    count: PositiveInt | None = _setting(None, "Make N pairs. Default: one of each clip.")
    edits: Names = _setting(tuple(EDITS), "Which edits to make.", min_length=1)
    tiers: Names = _setting(tuple(TIERS), "Which tiers to write; similarity is one more.", min_length=1)
    seed: int = _seed_of_pairs()
    licences: tuple[Path, ...] = _licences()
    exclude: Blacklist = _blacklist()


Header = Annotated[str, "NAME=VALUE"]


class KeySettings(Settings):
    """How a server knows who asks, and what tokens cost."""

    api_key_file: Annotated[tuple[Path, ...], BeforeValidator(one_or_several)] = _setting(
        (),
        "A file with the API key. May be repeated: one for each server, or several keys of one. "
        "Default: the variable OPENAI_API_KEY.",
    )
    header: tuple[Header, ...] = _setting((), "A header to send with each request, NAME=VALUE. May be repeated.")
    prices: Path | None = _setting(None, "A JSON table of prices, for models that the built-in one does not have.")

    def headers(self) -> dict[str, str]:
        """The further headers of each request."""
        return read_headers(self.header)


class SendingSettings(SendingOptions):
    """How recordings are sent to a model that hears."""

    def sending_options(self) -> SendingOptions:
        """These settings alone."""
        return SendingOptions(**self.model_dump(include=set(SendingOptions.model_fields)))


class AnnotateSettings(KeySettings, SendingSettings, RunOptions, ModelOptions):
    """Who writes the explanations, and how a language model is asked for them."""

    annotator: Annotator = _setting("llm", "A language model, or rules, which need none.")
    tiers: Names = _setting(tuple(TIERS), "Which tiers to write; similarity is one more.", min_length=1)
    tiers_per_call: TiersPerCall = _setting("one", "One tier a request, or all three in one structured answer.")
    hear: Hear = _setting(
        "captions", "What the language model is given: the captions, the recordings as audio, or both."
    )
    facts: bool = _setting(True, "Tell what is measured on the recordings.")
    batch: bool = _setting(False, "Use the Batch API: half the price, answers within a day.")
    batch_size: PositiveInt | None = _setting(
        None, "With --batch: maximum number of rows in one. Default: what the API allows."
    )
    cancel_batches: bool = _setting(False, "Cancel the batches under way, and keep what they have answered.")
    poll: PositiveFloat = _setting(30.0, "With --batch: seconds between two looks at the batches.")
    retry_failed: bool = _setting(False, "Ask the failed rows again.")

    @model_validator(mode="after")
    def _sends_what_is_heard(self) -> "AnnotateSettings":
        if self.hear == "captions" and (reason := without_effect(self.sending_options())):
            raise ValueError(reason)
        if self.hear != "captions" and self.annotator == "rules":
            raise ValueError("rules hear nothing; leave `hear` out")
        return self

    def model_options(self) -> ModelOptions:
        """Which model is asked, and with which parameters."""
        return ModelOptions(**self.model_dump(include=set(ModelOptions.model_fields)))

    def run_options(self) -> RunOptions:
        """How fast, how patiently and for how much money."""
        return RunOptions(**self.model_dump(include=set(RunOptions.model_fields)))


class CheckSettings(KeySettings, RunOptions):
    """How answers are checked, and whether those that fail are asked again."""

    attribution: Attribution = _setting(
        "auto", "Decide by sentence embeddings, by words alone, or (auto) by what is installed."
    )
    fix: bool = _setting(False, "Ask the language model again for answers that failed, and tell it why they did.")
    base_url: Annotated[tuple[Address, ...], BeforeValidator(one_or_several)] = _setting(
        (), "The server's address with its user and password, which no file keeps. May be repeated."
    )

    def run_options(self) -> RunOptions:
        """With `fix`: how fast, how patiently and for how much money."""
        return RunOptions(**self.model_dump(include=set(RunOptions.model_fields)))


def _say_what_needs_fix() -> None:
    """Puts "With --fix" before the help of each option that asks a language model."""
    for name, field in CheckSettings.model_fields.items():
        if name not in ("attribution", "fix"):
            text = field.description or ""
            field.description = f"With --fix: {text[:1].lower()}{text[1:]}"


_say_what_needs_fix()


class BuildSettings(Settings):
    """A build has no settings; where a recipe has a check, it leaves out what did not pass."""


class PublishSettings(Settings):
    """What is published, and where to on the Hub."""

    repo: str | None = _setting(None, "Push to ORG/NAME on the Hub (HF_ENDPOINT names another server).")
    with_audio: bool = _setting(False, "Embed the clips whose licence is known and allows it.")
    licences: tuple[Path, ...] = _licences()
    include_failed: bool = _setting(False, "Publish rows that failed their checks, flagged.")
    include_duplicates: bool = _setting(False, "Publish pairs that appear twice, flagged.")
    include_self_pairs: bool = _setting(False, "Publish pairs of a clip with itself, flagged.")
    licence: str | None = _setting(None, "The dataset's licence, as the Hub names it. Default: the corpora's.")
    public: bool = _setting(False, "With --repo: readable by everybody.")
    revision: str = _setting("main", "With --repo: the branch to push to.")
    tag: str | None = _setting(None, "With --repo: a tag to set on the commit.")


def _checkpoint() -> Any:
    return _setting("tiny", "tiny, a published checkpoint (.ckpt), or a converted folder.")


def _window() -> Any:
    return _setting("start", "Which part of a recording over 10 s is used.")


def _device() -> Any:
    return _setting("auto", "What the model runs on; auto takes a GPU where there is one.")


class AnswerSettings(Settings):
    """Which checkpoint answers, what it hears of a recording, and how much it says."""

    checkpoint: str = _checkpoint()
    max_len: PositiveInt = _setting(300, "Stop an answer after N tokens.")
    temperature: PositiveFloat = _setting(1.0, "1.0 decodes greedily; any other value samples.")
    window: Window = _window()
    device: Device = _device()
    grounded: bool = _setting(False, "Measure the recordings, and leave out of each answer what contradicts them.")


_OF_SERVERS = frozenset(
    {"base_url", "max_tokens", "reasoning_effort", "extra_body"}.union(
        KeySettings.model_fields, RunOptions.model_fields, SendingOptions.model_fields
    )
)
_OF_CHECKPOINTS = frozenset(
    {"batch_size", "reading_threads", "top_p", "beams", "resampler", "cache", "compiled", "int8"}
    | AnswerSettings.model_fields.keys() - {"temperature"}
)


class PredictSettings(KeySettings, RunOptions, SendingSettings, AnswerSettings):
    """Which rows are answered, by a checkpoint or by a model behind a server, and how."""

    model: str | None = _setting(
        None, "Ask this model, behind a server, in place of a checkpoint: it is sent the recordings."
    )
    base_url: Annotated[tuple[Address, ...], BeforeValidator(one_or_several)] = _setting(
        (), ModelOptions.model_fields["base_url"].description
    )
    temperature: NonNegativeFloat | None = _setting(  # type: ignore[assignment] # one default does not fit both
        None, "A checkpoint decodes greedily at 1.0, its default, and samples at any other; a server's default is 0."
    )
    max_tokens: PositiveInt | None = _override(RequestOptions, "max_tokens")
    reasoning_effort: str | None = _override(RequestOptions, "reasoning_effort")
    extra_body: dict[str, Any] = _setting({}, RequestOptions.model_fields["extra_body"].description)

    tier: TierName | None = _setting(None, "Predict only this tier.")
    limit: PositiveInt | None = _setting(None, "Predict only the first N rows.")
    best_of: PositiveInt = _setting(
        1,
        "Draw up to N answers to a row until one passes the checks of form, talk and both sides; keep the one with the "
        "fewest faults.",
    )
    batch_size: PositiveInt = _setting(32, "Pairs to answer at once.")
    reading_threads: NonNegativeInt = _setting(1, "Threads that read recordings while the model runs.")
    top_p: float | None = _setting(None, "Sample only from the likeliest tokens that make up this probability.")
    beams: PositiveInt = _setting(1, "Beams of the beam search; 1 does without.")
    seed: int = _setting(0, "Seed of the sampling.")
    resampler: Resampler = _setting("soxr", "torchaudio reproduces the published numbers.")
    probe: Annotated[tuple[Probe, ...], BeforeValidator(_names)] = _setting(
        (),
        "Answer again with other audio: swap (the two exchanged), same (the first twice), silence, noise, other "
        "(other recordings). adiff evaluate reads the files, which stand beside the predictions.",
    )
    cache: Path | None = _setting(None, "A folder that keeps encoded clips for later runs.")
    compiled: bool = _setting(False, "Use torch.compile, which pays off in long runs.")
    int8: bool = _setting(False, "Use 8-bit weights on the CPU: faster, with slightly different answers.")

    def model_options(self, model: str) -> ModelOptions:
        """How the model of that name is asked."""
        given = self.model_dump(include={"base_url", "seed", "max_tokens", "reasoning_effort", "extra_body"})
        return checked(ModelOptions, model=model, temperature=self.temperature or 0.0, **given)

    def run_options(self) -> RunOptions:
        """How fast, how patiently and for how much money."""
        return RunOptions(**self.model_dump(include=set(RunOptions.model_fields)))

    def recorded(self) -> dict[str, Any]:
        """What differs from the defaults, as it may be written down: without keys."""
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude={"header"})
        if self.base_url:
            fields["base_url"] = list(map(without_credentials, self.base_url))
        return without_secret_fields(fields)

    @model_validator(mode="after")
    def _suits_who_answers(self) -> "PredictSettings":
        given = {name for name in self.recorded() if name != "model"}
        idle = sorted(given & (_OF_SERVERS if self.model is None else _OF_CHECKPOINTS))
        if not idle:
            return self
        names = ", ".join(f"`{name}`" for name in idle)
        reason = "give `model`, too" if self.model is None else "they are for a checkpoint, not for a server's `model`"
        raise ValueError(f"without effect: {names}; {reason}")

    @model_validator(mode="before")
    @classmethod
    def _has_no_old_names(cls, content: Any) -> Any:
        if isinstance(content, dict) and "cuda" in content:
            raise ValueError(f"cuda is no setting any more: write device: {'cuda' if content['cuda'] else 'cpu'}")
        if isinstance(content, dict) and "workers" in content:
            raise ValueError(f"workers is no setting of it any more: write reading_threads: {content['workers']}")
        return content


class ServeSettings(Settings):
    """Which checkpoint is served, where, and what its clients are granted."""

    checkpoint: str = _checkpoint()
    host: str = _setting(
        "127.0.0.1", "The address to listen at. 0.0.0.0 is every one of this machine; it needs --api-key-file."
    )
    api_key_file: Path | None = _setting(
        None, "A file with the API key that clients must send; a browser asks for it as a password."
    )
    port: NonNegativeInt = _setting(8000, "The port to listen at; 0 takes a free one.")
    device: Device = _device()
    window: Window = _window()
    batch_size: PositiveInt = _setting(32, "Requests to answer at once.")
    max_body: PositiveInt = _setting(32, "The largest body of a request, MiB.")
    max_held: PositiveInt = _setting(256, "The most that is held for all requests together, MiB.")
    max_seconds: PositiveFloat = _setting(600.0, "The longest recording.")
    queue: PositiveInt = _setting(256, "Requests that may wait.")
    timeout: PositiveFloat = _setting(300.0, "Seconds within which an answer must be made.")


class EvaluateSettings(KeySettings, SendingSettings, RunOptions, RequestOptions):
    """How predictions are scored, and how a language model is asked to judge them."""

    baselines: str | bool | None = _setting(None, "A dataset whose training split gives baselines without audio.")
    spice: bool = _setting(True, "Score SPICE, which takes seconds a sentence.")
    spice_time_limit: PositiveFloat = _setting(
        120.0, "Seconds for SPICE to parse a row with a very long sentence, which is left out if it takes longer."
    )
    fense: bool = _setting(True, "Score FENSE, whose models are downloaded on first use.")
    rows: PositiveInt | None = _setting(None, "Score SPICE on only N rows of each tier, the same for all systems.")
    browse: NonNegativeInt = _setting(100, "Rows of each tier to show one by one in the report.")
    judge: str | None = _setting(None, "A language model to judge the answers, by its name on the server.")
    judge_url: str | None = _setting(
        None, "The judge's OpenAI-compatible server. Default: the variable OPENAI_BASE_URL, or OpenAI's own."
    )
    judge_rows: PositiveInt = _setting(50, "Rows of each tier to judge, each in both orders.")
    judge_hear: bool = _setting(False, "Send the judge both recordings beside the answers.")
    temperature: NonNegativeFloat = _setting(0.0, "As in the request.")
    concurrency: PositiveInt = _setting(16, "Maximum number of requests to the judge in flight.")

    @model_validator(mode="after")
    def _sends_what_is_heard(self) -> "EvaluateSettings":
        if self.judge_hear and self.judge is None:
            raise ValueError("without effect: `judge_hear`; give `judge`, too")
        idle = self.sending_options().model_dump(exclude_defaults=True)
        if idle and not self.judge_hear:
            names = ", ".join(f"`{name}`" for name in idle)
            raise ValueError(f"without effect: {names}; `judge_hear=True` sends recordings")
        return self

    def model_options(self, judge: str) -> ModelOptions:
        """How the judge of that name is asked."""
        return checked(
            ModelOptions,
            model=judge,
            base_url=self.judge_url,
            **self.model_dump(include=set(RequestOptions.model_fields)),
        )

    def run_options(self) -> RunOptions:
        """How fast, how patiently and for how much money."""
        return RunOptions(**self.model_dump(include=set(RunOptions.model_fields)))

    def recorded(self) -> dict[str, Any]:
        """What differs from the defaults, as it may be written down: without keys."""
        fields = self.model_dump(mode="json", exclude_defaults=True, exclude={"header"})
        if self.judge_url:
            fields["judge_url"] = without_credentials(self.judge_url)
        return without_secret_fields(fields)


class RecipeOverrides(Settings):
    """What `adiff run` takes in place of a recipe's own settings; what is None stays as the recipe has it."""

    annotator: Annotator | None = _override(AnnotateSettings, "annotator")
    model: str | None = _override(AnnotateSettings, "model")
    base_url: tuple[Address, ...] = _setting((), ModelOptions.model_fields["base_url"].description)
    api_key_file: tuple[Path, ...] = _setting((), KeySettings.model_fields["api_key_file"].description)
    prices: Path | None = _override(AnnotateSettings, "prices")
    header: tuple[Header, ...] = _setting((), KeySettings.model_fields["header"].description)
    max_tokens: int | None = _override(AnnotateSettings, "max_tokens")
    reasoning_effort: str | None = _override(AnnotateSettings, "reasoning_effort")
    concurrency: int | None = _override(AnnotateSettings, "concurrency")
    patience: float | None = _override(AnnotateSettings, "patience")
    max_failures: str | None = _override(AnnotateSettings, "max_failures")
    budget: float | None = _setting(None, "Spending limit in US dollars, for each split.")
    limit: int | None = _setting(None, "Make only N pairs of each split.")
    engine: EngineName | None = _override(EngineSettings, "engine")
    ray_address: str | None = _override(EngineSettings, "ray_address")
    workers: int | None = _override(EngineSettings, "workers")
    gpus_per_worker: float | None = _override(EngineSettings, "gpus_per_worker")

    def of_recipe(self) -> dict[str, Any]:
        """The recipe's own fields that are given."""
        return self.model_dump(exclude_none=True, include=set(EngineSettings.model_fields))

    def as_changes(self) -> dict[str, dict[str, Any]]:
        """By step, the fields that are given."""
        given = self.model_dump(exclude_none=True, exclude_defaults=True)
        pair = {name: value for name, value in given.items() if name in PairSettings.model_fields}
        annotate = {name: value for name, value in given.items() if name in AnnotateSettings.model_fields}
        return {"pair": pair, "annotate": annotate}
