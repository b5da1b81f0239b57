"""`serve_study`: raters listen and judge in the browser, from this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import NonNegativeInt

from adiff_data.core.arguments import checks_arguments
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_data.listeners.recordings import Recordings
from adiff_data.studies.plan import Study, read_plan
from adiff_data.studies.store import ANSWERS_FILE, StudyStore


@dataclass(frozen=True)
class ServedStudy:
    """Where a study can be entered.

    Attributes:
        address: the page.
        invitations: by rater, a link that lets them in; whoever has it is them.
        raters: how many have begun, and how many are needed.
        database: where everything is kept.
    """

    address: str
    invitations: dict[str, str]
    raters: int
    needed: int
    database: Path


@checks_arguments
def serve_study(
    folder: str | Path,
    audio_root: str | Path,
    *,
    invite: Sequence[str] = (),
    host: str = "127.0.0.1",
    port: NonNegativeInt = 8017,
    ready: Callable[[ServedStudy], None] | None = None,
) -> None:
    """Serves the page of a study until it is interrupted. A study that was begun goes on.

    Args:
        folder: the study's.
        audio_root: the recordings.
        invite: names to make links for. Where anybody was ever invited, nobody enters without a link.
        host, port: where to listen. Beyond this machine only invitations let people in.
        ready: told once where the study can be entered.

    Raises:
        InputError: no study is there, a recording is missing, or another process serves it.
    """
    try:
        from adiff_data.listeners.serving import only_here, serve_page  # noqa: PLC0415 - an extra
        from adiff_data.study_pages.application import make_study_application  # noqa: PLC0415
        from adiff_data.study_pages.desk import StudyDesk  # noqa: PLC0415
    except ModuleNotFoundError as fault:
        mend = install_hint("review")
        raise InputError(f"a study needs {fault.name}, which is not installed", mend=mend) from None
    study, path = read_plan(Path(folder)), Path(folder) / ANSWERS_FILE
    recordings = recordings_of(study, Path(audio_root))
    with only_here(path), StudyStore.of_study(Path(folder), study) as store:
        desk = StudyDesk(store, study)
        tell = ready or (lambda served: None)
        raters, needed = len(store.raters()), len(study.sheets)
        recordings.picture(study.rows[0].id, 1)  # what draws it takes seconds to load, for which nobody should wait
        serve_page(
            store,
            lambda by_name: make_study_application(store, desk, recordings, by_name=by_name),
            invite=invite,
            host=host,
            port=port,
            ready=lambda address, links: tell(ServedStudy(address, links, raters, needed, path)),
        )


def recordings_of(study: Study, audio_root: Path) -> Recordings:
    """The recordings of a study.

    Raises:
        InputError: one of them is missing.
    """
    recordings = Recordings(study.rows, audio_root)
    lacking = [row.id for row in study.rows if not recordings.has_both(row.id)]
    if lacking:
        raise InputError(
            f"{len(lacking):,} rows of the study lack a recording here, such as '{lacking[0]}'", file=audio_root
        )
    return recordings
