"""`annotate`: the explanations of pairs as a call, in memory or in a file that goes on where it was cut off."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import PositiveFloat, PositiveInt

from adiff_data.annotation.annotators import Annotator, ModelAnnotator, RulesAnnotator
from adiff_data.annotation.batch_annotator import BatchAnnotator
from adiff_data.annotation.hearing import hearing_of
from adiff_data.annotation.prompts import Hear
from adiff_data.annotation.run import Job, Run, TiersPerCall
from adiff_data.annotation.tasks import read_pairs
from adiff_data.audio.differences import MeasuredFacts
from adiff_data.audio.sending import AudioAs, AudioFormat, AudioWindow, SendingOptions
from adiff_data.core.arguments import checks_arguments, records_of
from adiff_data.core.errors import InputError, WorkError
from adiff_data.core.json_lines import read_records
from adiff_data.core.progress import ProgressCallback
from adiff_data.llm import ModelOptions, Price, RunOptions, checked, read_price
from adiff_data.llm.options import keys_of, require_headers
from adiff_data.records import Annotation, Pair, annotation_id
from adiff_data.tiers import TIERS

_log = logging.getLogger(__name__)
_MODEL, _RUN, _SENDING = ModelOptions(), RunOptions(), SendingOptions()


class IncompleteError(WorkError):
    """The run ended before all rows were there, and no file keeps those that are.

    Attributes:
        rows: those that are there, in the order of a whole result.
    """

    def __init__(self, message: str, rows: list[Annotation]) -> None:
        super().__init__(message, mend=f"the error's `rows` has the {len(rows):,} that are done; `out` would keep them")
        self.rows = rows


@checks_arguments
def annotate(  # noqa: PLR0913 - each is an option of the one call
    pairs: Iterable[Pair | str | Path] | str | Path,
    *,
    out: str | Path | None = None,
    annotator: Literal["llm", "rules"] = "llm",
    tiers: str | Sequence[str] = tuple(TIERS),
    hear: Hear = "captions",
    audio_root: str | Path | None = None,
    audio_as: AudioAs = _SENDING.audio_as,
    audio_format: AudioFormat = _SENDING.audio_format,
    audio_rate: PositiveInt | None = None,
    audio_seconds: PositiveFloat = _SENDING.audio_seconds,
    audio_window: AudioWindow = _SENDING.audio_window,
    audio_gap: PositiveFloat = _SENDING.audio_gap,
    model: str = _MODEL.model,
    base_url: str | Sequence[str] | None = None,
    api_key: str | Sequence[str] | None = None,
    temperature: float = _MODEL.temperature,
    seed: int | None = _MODEL.seed,
    max_tokens: int | None = None,
    reasoning_effort: str | None = None,
    extra_body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    tiers_per_call: TiersPerCall = "one",
    concurrency: int = _RUN.concurrency,
    rpm: float | None = None,
    tpm: float | None = None,
    timeout: float = _RUN.timeout,
    max_attempts: int = _RUN.max_attempts,
    patience: float | None = None,
    max_failures: int | str | None = None,
    budget: float | None = None,
    price: Price | None = None,
    batch: bool = False,
    batch_size: PositiveInt | None = None,
    facts: MeasuredFacts | None = None,
    retry_failed: bool = False,
    force: bool = False,
    progress: ProgressCallback | None = None,
) -> list[Annotation]:
    """Explains how the recordings of each pair differ.

        rows = annotate(pairs, model="my-model", base_url="http://localhost:8000/v1", out="annotations.jsonl")

    It may be called where an event loop is running, in a notebook for example. Ctrl-C waits for the requests in
    flight.

    Args:
        pairs: pairs, or one or several files of them.
        out: an annotations file. Rows that are in it are not made again, and `run.json` beside it keeps the settings
            and the money. Without one, nothing is written to disk.
        annotator: `llm` asks a language model; `rules` needs none, and ignores everything that is about one.
        tiers: which tiers, of `fewwords`, `sentence`, `detail` and `similarity`; the last one is written of pairs of
            which something is known that both audios share.
        hear: what the language model is given: `captions`, `audio` (the recordings alone, as `input_audio` parts) or
            `both`.
        audio_root: with `audio` and `both`, the folder of the recordings.
        audio_as: `parts` sends two recordings with their labels, `joined` one with `audio_gap` seconds of silence
            between the two.
        audio_format: `wav` (16 bits), `float` (WAV of 32-bit floats, which loses nothing) or `mp3`.
        audio_rate: samples a second; by default each recording's own.
        audio_seconds, audio_window: how much of a recording is sent, and of a longer one which part (`start`, `middle`,
            `loudest`).
        model: the name that the server knows it by.
        base_url: an OpenAI-compatible server; by default what the variable OPENAI_BASE_URL says, or OpenAI's
            own. A user, a password and a query in it are sent, and written down nowhere. Requests are spread over
            several.
        api_key: by default, the environment variable OPENAI_API_KEY. Several are one for each server, or all of one.
        temperature, seed: as in the request; a seed of None is not sent.
        max_tokens: most tokens of an answer, its reasoning included; by default it follows from the tier, and is raised
            where an answer is cut.
        reasoning_effort: as in the request; by default it is not sent.
        extra_body: further fields of each request; None takes a field out.
        headers: sent with each request; they are written down nowhere.
        tiers_per_call: `one` tier a request, or `all` of a pair's tiers in one structured answer.
        concurrency: requests in flight at most.
        rpm, tpm: requests and tokens a minute at most.
        timeout: seconds after which a request is given up and sent again.
        max_attempts: requests for one answer before its row is kept as failed.
        patience: seconds without a single answer before the run is given up; by default 600, or 180 for a server that
            was never heard of.
        max_failures: so many rows without an answer end the run: a number, or a share such as "5%".
        budget: US dollars that are never exceeded, over all runs on the same `out`.
        price: what the model's tokens cost; by default as in the built-in table of list prices, where it is there.
        batch: use OpenAI's Batch API: half the price, and answers within a day. Needs `out`.
        batch_size: with `batch`, most rows of one; None is what the API allows.
        facts: what was measured on the recordings; it is told to the annotator and kept with each row.
        retry_failed: ask the failed rows in `out` again.
        force: begin anew where `out` was made with other settings or from other pairs; it is kept as `.bak`.
        progress: called with each `Progress`; without it nothing is shown.

    Returns:
        the rows in the order of the pairs, and of the tiers within a pair. Rows that failed are among them: their
        answer is empty, and `provenance.failure` says why. What was heard stands in `provenance.request["heard"]`.

    Raises:
        InputError: an option or the input is wrong. Nothing was done.
        IncompleteError: the run ended before all rows were there, without `out`; its `rows` has those that are.
        WorkError: it did, with `out`; the same call goes on.
    """
    job = Job(
        Path(pairs) if isinstance(pairs, str | Path) else tuple(records_of(pairs, _read_pairs)),
        None if out is None else Path(out),
        (tiers,) if isinstance(tiers, str) else tuple(tiers),
        tiers_per_call=tiers_per_call,
        force=force,
        retry_failed=retry_failed,
        facts=facts,
    )
    sending = SendingOptions(
        audio_as=audio_as,
        audio_format=audio_format,
        audio_rate=audio_rate,
        audio_seconds=audio_seconds,
        audio_window=audio_window,
        audio_gap=audio_gap,
    )
    if annotator == "rules":
        if batch:
            raise InputError("rules need no batch", mend="leave `batch` out")
        if hear != "captions":
            raise InputError("rules hear nothing", mend="leave `hear` out")
        return _rows_of(job, RulesAnnotator(), progress)
    model_options = checked(
        ModelOptions,
        model=model,
        base_url=base_url,
        temperature=temperature,
        seed=seed,
        max_tokens=max_tokens,
        reasoning_effort=reasoning_effort,
        extra_body=dict(extra_body or {}),
    )
    run_options = checked(
        RunOptions,
        concurrency=concurrency,
        rpm=rpm,
        tpm=tpm,
        timeout=timeout,
        max_attempts=max_attempts,
        patience=patience,
        max_failures=max_failures,
        budget=budget,
    )
    hearing = hearing_of(hear, None if audio_root is None else Path(audio_root), sending)
    key = keys_of(api_key, model_options.base_url)
    price, headers = price or read_price(model_options.model), require_headers(headers or {})
    asked = ModelAnnotator(model_options, run_options, key, price=price, headers=headers, hearing=hearing)
    if batch:
        asked = BatchAnnotator(
            model_options,
            run_options,
            key,
            price=price,
            headers=headers,
            hearing=hearing,
            say=_log.info,
            size=batch_size,
        )
    return _rows_of(job, asked, progress)


def _read_pairs(path: Path) -> Iterator[Pair]:
    return read_records(path, Pair)


def _rows_of(job: Job, annotator: Annotator, progress: ProgressCallback | None) -> list[Annotation]:
    with Run(
        job, annotator.settings(job.tiers), budget=annotator.budget, price=annotator.price, progress=progress
    ) as run:
        try:
            annotator.fill(run)
        except WorkError as error:
            if job.out is not None:
                raise
            raise IncompleteError(error.message, _in_order(run)) from error
        return _in_order(run)


def _in_order(run: Run) -> list[Annotation]:
    """The rows of the job in the order of its pairs and tiers."""
    rows = {row.id: row for row in run.rows()}
    ids = (annotation_id(pair.id, tier) for pair in read_pairs(run.job.pairs) for tier in run.job.tiers)
    return [rows[name] for name in ids if name in rows]
