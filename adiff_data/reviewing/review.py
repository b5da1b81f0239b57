"""`review`: the answers of a split, reviewed in the browser from this machine."""

import ipaddress
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from adiff_data.checks.checking import check_all
from adiff_data.core.distribution import install_hint
from adiff_data.core.errors import InputError
from adiff_data.core.progress import ProgressCallback
from adiff_data.records import Annotation
from adiff_data.reviewing.recordings import Recordings
from adiff_data.reviewing.rows import answers_of_split
from adiff_data.reviews.order import Order, in_order
from adiff_data.reviews.store import ReviewStore


@dataclass(frozen=True)
class Served:
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


def review(  # noqa: PLR0913 - a public call names each of its options
    dataset: str | Path,
    split: str,
    audio_root: str | Path,
    *,
    tier: str | None = None,
    people: int = 1,
    order: Order = "random",
    share: float = 1.0,
    seed: int = 0,
    invite: Sequence[str] = (),
    host: str = "127.0.0.1",
    port: int = 8016,
    database: str | Path | None = None,
    ready: Callable[[Served], None] = lambda served: None,
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
        import uvicorn  # noqa: PLC0415 - an extra

        from adiff_data.reviewing.application import make_application  # noqa: PLC0415
        from adiff_data.reviewing.desk import Desk  # noqa: PLC0415
    except ModuleNotFoundError as fault:
        mend = install_hint("review")
        raise InputError(f"reviewing needs {fault.name}, which is not installed", mend=mend) from None
    rows, default_path = answers_of_split(Path(dataset), split, tier)
    recordings = Recordings(rows, Path(audio_root))
    heard = [row for row in rows if recordings.has_both(row.id)]
    path = Path(database or default_path)
    with _only_here(path), _opened(path, heard, people, order, share, seed, progress) as store:
        invitations = {name: _invited(store, name) for name in invite}
        by_name = not store.has_invitations()
        if by_name and not _is_loopback(host):
            raise InputError(
                f"{host} is not this machine alone", mend="invite people by name, so that links let them in"
            )
        application = make_application(store, Desk(store, heard), recordings, by_name=by_name)
        listening = listening_socket(host, port)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
        links = {name: f"{address}#{token}" for name, token in invitations.items()}
        recordings.picture(heard[0].id, 1)  # what draws it takes seconds to load, for which nobody should wait
        ready(Served(address, links, len(store.answers()), len(rows) - len(heard), path))
        config = uvicorn.Config(application, log_level="warning", access_log=False, server_header=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listening])


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


@contextmanager
def _only_here(path: Path) -> Iterator[None]:
    """Holds a review for this process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{path}.lock", timeout=0):
            yield
    except Timeout:
        raise InputError("is served by another process", file=path, mend="reviewers can share one page") from None


def _invited(store: ReviewStore, name: str) -> str:
    token = secrets.token_urlsafe(32)
    store.add_key(token, name, "invitation")
    return token


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket at an address; port 0 takes a free one.

    Raises:
        InputError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as fault:
        listening.close()
        raise InputError(
            f"cannot listen at {host}, port {port} ({fault.strerror})", mend="name another `port`"
        ) from None
    return listening
