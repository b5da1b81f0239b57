"""`fix`: answers that failed their checks are asked again, with the settings that their file was made with."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from adiff_data.annotation.annotators import ModelAnnotator, annotate_job
from adiff_data.annotation.hearing import Hearing
from adiff_data.annotation.journal import turn_down
from adiff_data.annotation.run import Job
from adiff_data.annotation.run_file import RunFile, read_run, require_settings_of_rows
from adiff_data.audio.differences import MeasuredFacts
from adiff_data.audio.sending import SendingOptions
from adiff_data.checks.checking import Report
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.errors import InputError
from adiff_data.core.journal import read_journal
from adiff_data.core.progress import ProgressCallback
from adiff_data.llm import ModelOptions, Price, RunOptions, checked, read_price
from adiff_data.llm.address import address_of_environment
from adiff_data.llm.options import keys_of, require_headers
from adiff_data.llm.redaction import PLACEHOLDER, secrets_in, without_credentials
from adiff_data.records import Annotation


@checks_arguments
def fix(  # noqa: PLR0913 - each is an option of the one call
    annotations: str | Path,
    report: Report,
    *,
    pairs: str | Path | None = None,
    base_url: str | Sequence[str] | None = None,
    api_key: str | Sequence[str] | None = None,
    headers: Mapping[str, str] | None = None,
    options: RunOptions | None = None,
    price: Price | None = None,
    facts: MeasuredFacts | None = None,
    audio_root: str | Path | None = None,
    progress: ProgressCallback | None = None,
) -> list[Annotation]:
    """Turns the answers that failed their checks down and asks them again, each with what was wrong with it.

        rows = fix("annotations.jsonl", check("annotations.jsonl"))

    They are asked with the settings that the file was made with. What was turned down is kept in
    `annotations.turned_down.jsonl` beside the file. One that was cut off goes on as `annotate` does with
    `retry_failed=True`.

    Args:
        annotations: a file that `annotate` wrote with a language model.
        report: what `check` said of that file.
        pairs: the file of its pairs; by default `pairs.jsonl` beside it.
        base_url: the servers' addresses, where they need a user and a password, which no file keeps.
        api_key: as in `annotate`.
        headers: sent with each request.
        options: limits of the run, its budget among them; by default those of `RunOptions()`.
        price: what the model's tokens cost; by default as in `annotate`, or else the price that the rows were made at.
        facts: what was measured on the recordings; it is told where the rows were written from it.
        audio_root: the folder of the recordings, where the rows were written by a model that heard them: it hears them
            again.
        progress: called with each `Progress`.

    Returns:
        all rows of the file, in its order.

    Raises:
        InputError: the rows are not of a language model's run, or their pairs are missing. Nothing was turned down.
        WorkError: the run ended before all rows were there; annotating with `retry_failed=True` goes on.
    """
    annotations = Path(annotations)
    if faults := report.faults:
        addresses = (base_url,) if isinstance(base_url, str) else tuple(base_url or ())
        run = _run_of(annotations)
        model = _model_of(run, addresses)
        pairs = annotations.with_name("pairs.jsonl") if pairs is None else Path(pairs)
        hearing = _hearing_of(annotations, run, None if audio_root is None else Path(audio_root))
        price = price or read_price(model.model) or run.price
        keys, checked_headers = keys_of(api_key, model.base_url), require_headers(headers or {})
        annotator = ModelAnnotator(
            model, options or RunOptions(), keys, price=price, headers=checked_headers, hearing=hearing
        )
        job = _job_of(annotations, run, annotator, pairs, facts)
        _require_rows(annotations, faults)
        turn_down(annotations, faults)
        annotate_job(job, annotator, progress=progress)
    return list(read_journal(annotations, Annotation))


def _job_of(
    annotations: Path, run: RunFile, annotator: ModelAnnotator, pairs: Path, facts: MeasuredFacts | None
) -> Job:
    tiers = tuple(dict.fromkeys(row.tier for row in read_journal(annotations, Annotation)))
    told = (
        None if run.settings.get("facts") is None else facts
    )  # answers are checked by facts that nobody was told, too
    job = Job(pairs, annotations, tiers, retry_failed=True, facts=told)
    if run.settings.get("facts") != job.facts_version:
        raise InputError("these rows were written from facts", file=annotations, mend="give the same `audio_root`")
    require_settings_of_rows(annotations, run.settings, {**annotator.settings(tiers), "facts": job.facts_version})
    if not pairs.exists():
        raise InputError("no such file", file=pairs, mend="name the pairs of these annotations with `pairs`")
    return job


def _hearing_of(annotations: Path, run: RunFile, audio_root: Path | None) -> Hearing | None:
    """What the model heard that wrote the rows, so that it hears it again."""
    hear = run.settings.get("hear")
    if hear is None:
        return None
    if audio_root is None:
        reason = "these rows were written by a model that heard the recordings"
        raise InputError(reason, file=annotations, mend="give `audio_root`, so that it hears them again")
    return Hearing(hear, audio_root, checked(SendingOptions, **run.settings.get("audio") or {}))


def _require_rows(annotations: Path, faults: Mapping[str, str]) -> None:
    missing = set(faults).difference(row.id for row in read_journal(annotations, Annotation))
    if missing:
        reason = f"{len(missing):,} of the {len(faults):,} rows that failed are not in it, such as {min(missing)}"
        raise InputError(reason, file=annotations, mend="give the report of this file")


def _run_of(annotations: Path) -> RunFile:
    run = read_run(annotations)
    if run is None:
        reason = "no run file tells how these rows were made"
        raise InputError(reason, file=annotations, mend="give the annotations.jsonl that annotating wrote")
    if run.settings.get("annotator") != "llm":
        raise InputError("these rows were written by rules, which say the same again", file=annotations)
    return run


def _model_of(run: RunFile, base_url: Sequence[str]) -> ModelOptions:
    fields = {name: value for name, value in run.settings.items() if name in ModelOptions.model_fields}
    if PLACEHOLDER in secrets_in(fields.get("extra_body") or {}):
        mend = "annotating with `retry_failed=True` and the same `extra_body` asks them again"
        raise InputError("these rows were asked for with a key in `extra_body`, which no file keeps", mend=mend)
    of_environment = address_of_environment()
    if base_url:
        fields["base_url"] = tuple(base_url)
    elif of_environment and without_credentials(of_environment) == fields["base_url"]:
        fields["base_url"] = of_environment
    return checked(ModelOptions, **fields)
