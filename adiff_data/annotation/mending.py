"""Asking answers that were turned down again, with the settings that their file was made with."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from adiff_data.annotation.annotators import ModelAnnotator, annotate_job
from adiff_data.annotation.asking import settings_of
from adiff_data.annotation.journal import turn_down
from adiff_data.annotation.run import Job
from adiff_data.annotation.run_file import RunFile, Tally, read_run, require_same_settings
from adiff_data.audio.differences import PairFactsSource
from adiff_data.core.errors import InputError
from adiff_data.core.journal import read_journal
from adiff_data.core.progress import ProgressCallback
from adiff_data.llm import ModelOptions, RunOptions, checked, read_price
from adiff_data.llm.address import address_of_environment
from adiff_data.llm.options import read_keys
from adiff_data.llm.redaction import PLACEHOLDER, secrets_in, without_credentials
from adiff_data.records import Annotation


def mend(  # noqa: PLR0913 - each is an option of the one call
    annotations: Path,
    pairs: Path,
    faults: Mapping[str, str],
    options: RunOptions,
    *,
    facts: PairFactsSource | None,
    base_url: Sequence[str] = (),
    api_key_files: Sequence[Path] = (),
    prices: Path | None = None,
    headers: Mapping[str, str] | None = None,
    progress: ProgressCallback | None = None,
) -> Tally:
    """Turns down the answers named in `faults` (reasons by id) and asks them again; returns the counts of the file.

    Args:
        facts: what was measured on the pairs, where the rows were written from it.
        base_url: the servers' addresses, where they need credentials, which no file keeps.
        api_key_files: files with their keys.
        prices: a table of prices; None is the built-in one, or else the price that the rows were made at.
        headers: sent with each request.

    Raises:
        InputError: the rows are not of a language model's run, or their pairs are missing. Nothing was turned down.
        WorkError: the run ended before all rows were there; `adiff annotate --retry-failed` goes on.
    """
    run = _run_of(annotations)
    model = _model_of(run, base_url)
    tiers = tuple(dict.fromkeys(row.tier for row in read_journal(annotations, Annotation)))
    job = Job(pairs, annotations, tiers, retry_failed=True, facts=facts)
    if run.settings.get("facts") != job.facts_version:
        reason = "these rows were " + ("written without facts" if facts else "written from facts")
        raise InputError(reason, file=annotations, mend=f"give {'no' if facts else 'the same'} --audio-root")
    require_same_settings(annotations, run.settings, {**settings_of(model), "facts": job.facts_version})
    if not pairs.exists():
        raise InputError("no such file", file=pairs, mend="name the pairs of these annotations with --pairs")
    price = read_price(model.model, prices) or run.price
    annotator = ModelAnnotator(model, options, read_keys(api_key_files, model.base_url), price, dict(headers or {}))
    turn_down(annotations, faults)
    return annotate_job(job, annotator, progress=progress)


def _run_of(annotations: Path) -> RunFile:
    run = read_run(annotations)
    if run is None:
        reason = "no run file tells how these rows were made"
        raise InputError(reason, file=annotations, mend="--fix needs an annotations.jsonl that adiff annotate wrote")
    if run.settings.get("annotator") != "llm":
        raise InputError("these rows were written by rules, which say the same again", file=annotations)
    return run


def _model_of(run: RunFile, base_url: Sequence[str]) -> ModelOptions:
    fields = {name: value for name, value in run.settings.items() if name in ModelOptions.model_fields}
    if PLACEHOLDER in secrets_in(fields.get("extra_body") or {}):
        mend = "adiff annotate --retry-failed with the same --extra-body asks them again"
        raise InputError("these rows were asked for with a key in --extra-body, which no file keeps", mend=mend)
    of_environment = address_of_environment()
    if base_url:
        fields["base_url"] = tuple(base_url)
    elif of_environment and without_credentials(of_environment) == fields["base_url"]:
        fields["base_url"] = of_environment
    return checked(ModelOptions, **fields)
