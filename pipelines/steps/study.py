"""`adiff study`: people listen and rate what systems answered, and what follows from it."""

from pathlib import Path
from typing import Annotated

import typer

from adiff_data.core.errors import InputError
from adiff_data.core.files import replace_file
from adiff_data.core.json_lines import write_records
from adiff_data.core.text_files import read_text
from adiff_data.core.wording import counted
from adiff_data.studies.answer_files import import_answers
from adiff_data.studies.plan import StudyKind, read_plan
from adiff_data.studies.results import LEAST_ATTENTION, read_answers, study_results
from adiff_data.studies.tables import answer_records, results_document, results_markdown
from adiff_data.study_pages.files import export_study
from adiff_data.study_pages.label_studio_files import export_label_studio
from adiff_data.study_pages.serving import ServedStudy, serve_study
from adiff_data.tiers import TierName
from pipelines.console import progress_bars, say
from pipelines.options import Force, Recordings

StudyFolder = Annotated[Path, typer.Argument(help="The folder of the study.")]


def new(
    predictions: Annotated[
        list[str],
        typer.Argument(help="predictions.jsonl, or NAME=predictions.jsonl, of each system; of the same rows."),
    ],
    audio_root: Recordings,
    out: Annotated[Path, typer.Option(help="The folder of the study.")] = Path("study"),
    kind: Annotated[
        StudyKind, typer.Option(help="Rate each answer from 1 to 5, or say which of two is better.")
    ] = "rating",
    question: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=TEXT",
            help="What is asked. May be repeated. Default: the paper's correctness, granularity and readability.",
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="What raters see at the top.")] = "Listening study",
    consent: Annotated[Path | None, typer.Option(help="A text file: what raters agree to before they begin.")] = None,
    people: Annotated[int, typer.Option(min=1, help="Give each answer, or each two of them, to N raters.")] = 3,
    tier: Annotated[TierName | None, typer.Option(help="Take only this tier.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Take only N rows, as many of each tier.")
    ] = None,
    trials: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Give one rater at most N rows. Default: all.")
    ] = None,
    practice: Annotated[int, typer.Option(min=0, metavar="N", help="Begin with N rows that are not counted.")] = 2,
    checks: Annotated[int, typer.Option(min=0, metavar="N", help="Put N checks of attention among the rows.")] = 4,
    seed: Annotated[int, typer.Option(help="Another seed gives other rows, in another order.")] = 0,
    force: Force = False,
) -> None:
    """Plan a listening study of several systems: who hears which answers, hidden, shuffled and balanced.

    Example: adiff study new ours=a.jsonl theirs=b.jsonl --audio-root recordings --limit 40 --out study
    """
    from adiff_model.evaluation.study_planning import new_study  # noqa: PLC0415 - not for the other steps

    study = new_study(
        predictions,
        out,
        audio_root=audio_root,
        kind=kind,
        questions=dict(map(_question, question)) if question else None,
        title=title,
        consent=read_text(consent).strip() if consent else None,
        people=people,
        tier=tier,
        limit=limit,
        trials=trials,
        practice=practice,
        checks=checks,
        seed=seed,
        force=force,
    )
    rows = len({trial.row for sheet in study.sheets for trial in sheet if trial.kind == "counted"})
    say(
        f"{out}: {counted(rows, 'row', 'rows')} of {counted(len(study.systems), 'system', 'systems')} for "
        f"{counted(len(study.sheets), 'rater', 'raters')}, who are given up to {max(map(len, study.sheets))} each"
    )


def serve(
    study: StudyFolder,
    audio_root: Recordings,
    invite: Annotated[
        list[str] | None,
        typer.Option(help="Make a link for a rater, by name. May be repeated. Then nobody else gets in."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Where to listen. Beyond this machine, only --invite lets people in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8017,
) -> None:
    """Let raters listen and judge in the browser. Ctrl-C ends it; the same call goes on.

    Example: adiff study serve study --audio-root recordings --invite anna --invite ben
    """
    serve_study(study, audio_root, invite=invite or (), host=host, port=port, ready=_report)


def export(
    study: StudyFolder,
    html: Annotated[
        Path | None, typer.Option(help="A folder of HTML files, one for each rater, to be sent without a server.")
    ] = None,
    label_studio: Annotated[
        Path | None,
        typer.Option(help="A folder for Label Studio: its page, a file of tasks for each rater, the audio."),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="A file of all answers as JSON lines; raters are numbers in it.")
    ] = None,
    audio_root: Annotated[Path | None, typer.Option(help="The folder of the recordings.")] = None,
    force: Force = False,
) -> None:
    """Write a study as files for raters, or its answers as a file that may be published.

    Example: adiff study export study --html to-send --audio-root recordings
    """
    if html is None and label_studio is None and answers is None:
        raise InputError("nothing to export", mend="--html FOLDER, --label-studio FOLDER or --answers FILE")
    if html:
        with progress_bars() as progress:
            written = export_study(study, html, audio_root=_required(audio_root), force=force, progress=progress)
        say(f"{html}: {counted(len(written), 'file', 'files')}; each is for one rater")
    if label_studio:
        recordings = _required(audio_root)
        with progress_bars() as progress:
            written = export_label_studio(study, label_studio, audio_root=recordings, force=force, progress=progress)
        say(f"{label_studio}: {counted(len(written), 'project', 'projects')}; each is for one rater")
    if answers:
        plan = read_plan(study)
        records = answer_records(plan, read_answers(study, plan))
        say(f"{answers}: {write_records(answers, records, force=force)}")


def import_(
    study: StudyFolder,
    files: Annotated[list[Path], typer.Argument(help="Files that raters saved, or Label Studio's export (JSON).")],
    another_rater: Annotated[
        bool,
        typer.Option(
            "--another-rater", help="A page that was answered in two browsers was answered by two people, not one."
        ),
    ] = False,
) -> None:
    """Take in answers that raters saved and sent back, or gave in Label Studio. A file that comes twice counts once.

    Example: adiff study import study answers-1.json answers-2.json
    """
    say(f"{study}: {counted(import_answers(study, files, another_rater=another_rater), 'new answer', 'new answers')}")


def results(
    study: StudyFolder,
    least_attention: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Count raters who passed this share of their checks.")
    ] = LEAST_ATTENTION,
    out: Annotated[Path | None, typer.Option(help="A JSON file of the results.")] = None,
    force: Force = False,
) -> None:
    """Say how systems were rated, how far raters agree, and who paid attention.

    Example: adiff study results study --out results.json
    """
    found = study_results(study, least_attention=least_attention)
    say(results_markdown(found))
    if out:
        with replace_file(out, force=force) as output:
            output.text.write(results_document(found).model_dump_json(indent=2) + "\n")
        say(f"{out}: {output.outcome}")


def _report(served: ServedStudy) -> None:
    say(f"{served.raters} of {served.needed} raters have begun; kept in {served.database}")
    for name, link in served.invitations.items():
        say(f"for {name}: {link}")
    say(f"the page: {served.address} (Ctrl-C ends it)")


def _required(audio_root: Path | None) -> Path:
    if audio_root is None:
        raise InputError("no recordings to listen to", mend="--audio-root names their folder")
    return audio_root


def _question(option: str) -> tuple[str, str]:
    name, equals, text = option.partition("=")
    if not (equals and name.strip() and text.strip()):
        raise InputError(f"'{option}' is no question", mend="--question NAME=TEXT")
    return name.strip(), text.strip()
