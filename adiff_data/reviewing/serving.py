"""`serve_review`: the answers of a split, reviewed in the browser from this machine."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from annotated_types import Ge, Le
from pydantic import NonNegativeInt, PositiveInt

from adiff_data.checks.checking import check_all
from adiff_data.core.arguments import checks_arguments
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback
from adiff_data.listeners.recordings import Recordings
from adiff_data.records import Annotation
from adiff_data.reviewing.rows import answers_of_split
from adiff_data.reviews.order import Order, in_order
from adiff_data.reviews.store import ReviewStore


@dataclass(frozen=True)
class ServedReview:
    """Where a review can be entered.

    Attributes:
        address: the page.
        invitations: by reviewer, a link that lets them in; whoever has it is them.
        rows: how many answers are reviewed, and how many are left out since a recording is missing.
        database: where everything is kept.
    """

    address: str
    invitations: dict[str, str]
    rows: int
    without_recording: int
    database: Path


@checks_arguments
def serve_review(  # noqa: PLR0913 - a public call names each of its options
    dataset: str | Path,
    split: str,
    audio_root: str | Path,
    *,
    tier: str | None = None,
    people: PositiveInt = 1,
    order: Order = "random",
    share: Annotated[float, Ge(0), Le(1)] = 1.0,
    seed: int = 0,
    invite: Sequence[str] = (),
    host: str = "127.0.0.1",
    port: NonNegativeInt = 8016,
    database: str | Path | None = None,
    ready: Callable[[ServedReview], None] | None = None,
    progress: ProgressCallback | None = None,
) -> None:
    """Serves the page of a review until it is interrupted. A review that was begun goes on.

    Args:
        dataset: a built folder, such as `data/CLD`.
        split: its name, or the Hub's (`test` for `evaluation`).
        audio_root: the recordings.
        tier: review only this tier.
        people: how many reviewers each row is asked of; where they disagree, one more decides.
        order, share, seed: which rows are reviewed and which come first, as `in_order` has it.
        invite: names to make links for. Where anybody was ever invited, nobody enters without a link.
        host, port: where to listen. Beyond this machine only invitations let people in.
        database: where to keep the review; None is `work/SPLIT/reviews.sqlite` in the dataset.
        ready: told once where the review can be entered.
        progress: told how many answers are checked.

    Raises:
        InputError: the call or the dataset is wrong, the review was begun with other answers, or another process
            serves it.
    """
    try:
        from adiff_data.listeners.serving import only_here, serve_page  # noqa: PLC0415 - an extra
        from adiff_data.reviewing.application import make_application  # noqa: PLC0415
        from adiff_data.reviewing.desk import Desk  # noqa: PLC0415
    except ModuleNotFoundError as fault:
        mend = install_hint("review")
        raise InputError(f"reviewing needs {fault.name}, which is not installed", mend=mend) from None
    rows, default_path = answers_of_split(Path(dataset), split, tier)
    recordings = Recordings(rows, Path(audio_root))
    heard = [row for row in rows if recordings.has_both(row.id)]
    path, tell = Path(database or default_path), ready or (lambda served: None)
    with only_here(path), _opened(path, heard, people, order, share, seed, progress) as store:
        desk, num_rows = Desk(store, heard), len(store.answers())
        recordings.picture(heard[0].id, 1)  # what draws it takes seconds to load, for which nobody should wait
        serve_page(
            store,
            lambda by_name: make_application(store, desk, recordings, by_name=by_name),
            invite=invite,
            host=host,
            port=port,
            ready=lambda address, links: tell(ServedReview(address, links, num_rows, len(rows) - len(heard), path)),
        )


@contextmanager
def _opened(
    path: Path,
    rows: Sequence[Annotation],
    people: int,
    order: Order,
    share: float,
    seed: int,
    progress: ProgressCallback | None,
) -> Iterator[ReviewStore]:
    """The database of a review, which is made where there is none."""
    if path.exists():
        store = ReviewStore(path)
        _require_same_answers(store, rows, people)
    else:
        verdicts = {verdict.id: verdict for verdict in check_all(rows, progress=progress).verdicts}
        chosen = in_order(rows, verdicts, order=order, share=share, seed=seed)
        store = ReviewStore.create(path, [(row.id, row.answer) for row in chosen], people)
    with store:
        yield store


def _require_same_answers(store: ReviewStore, rows: Sequence[Annotation], people: int) -> None:
    """Raises InputError where a review was begun with other answers, or of another number of people."""
    here = {row.id: row.answer for row in rows}
    others = sum(here.get(row) != answer for row, answer in store.answers().items())
    mend = "name another `database`, or the answers and recordings that it was begun with"
    if others:
        raise InputError(
            f"was begun with other answers: {others:,} rows differ or are not here", file=store.path, mend=mend
        )
    if store.people != people:
        raise InputError(
            f"asks {store.people} people a row, not {people}", file=store.path, mend=f"`people={store.people}`"
        )
