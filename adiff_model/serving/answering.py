"""The one thread that owns the model: it answers the questions that wait, those that came together in one batch."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

from adiff_data.core.errors import AdiffError
from adiff_model.adiff import ADIFF, Explanation
from adiff_model.encoding import EncodedClip, Reading, encode_clips
from adiff_model.generation import Decoding
from adiff_model.serving.limits import ServingLimits
from adiff_model.serving.recordings import Recording
from adiff_model.serving.refusals import Refusal

_CLIPS_KEPT = 1024  # encoded ones, of some kilobytes each


class _NobodyWaitsError(Exception):
    """Ends a generation whose answers nobody waits for any more."""


@dataclass
class Waiting:
    """A question that waits for its answer.

    Attributes:
        recordings: in files, which are there until the answer is.
        spoken: called in the model's thread with each token as soon as it is chosen.
        answer: the explanation, once it is made; cancelled where nobody waited so long.
        abandoned: whether nobody waits any more.
    """

    recordings: tuple[Recording, Recording]
    prompt: str
    decoding: Decoding
    spoken: Callable[[int], None] | None = None
    answer: Future[Explanation] = field(default_factory=Future)
    abandoned: bool = False

    def abandon(self) -> None:
        """Nobody waits any more: it leaves the queue, or the batch that is being answered."""
        self.abandoned = True
        self.answer.cancel()


class Answering:
    """Takes questions and answers them, in batches, in a thread of its own.

    A batch is the question that waits longest and others that are decoded alike, those with the same prompt first,
    whose answers are of similar length. Questions that are sampled are answered alone: what is drawn for one would
    otherwise depend on who asks beside it.

    Args:
        reading: how recordings are read.
        batch_size: the most questions in a batch.
        batched: called with the number of questions of each batch.
    """

    def __init__(
        self,
        adiff: ADIFF,
        limits: ServingLimits,
        *,
        reading: Reading,
        batch_size: int,
        batched: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._adiff, self._limits, self._reading, self._batch_size = adiff, limits, reading, batch_size
        self._batched = batched
        self._waiting: list[Waiting] = []
        self._arriving = 0
        self._closed = False
        self._changed = threading.Condition()
        self._clips: OrderedDict[str, EncodedClip] = OrderedDict()  # by digest, the one used last at the end
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)
        self._thread.start()

    @property
    def length(self) -> int:
        """How many questions wait for which somebody waits."""
        return sum(not waiting.abandoned for waiting in self._waiting)

    @property
    def is_alive(self) -> bool:
        """Whether questions are answered."""
        return self._thread.is_alive() and not self._closed

    def require_room(self) -> None:
        """Lets a question pass as long as the queue has room.

        Raises:
            Refusal: it has none.
        """
        if self._closed:
            raise Refusal(503, "the server is ending", "ending")
        if self.length >= self._limits.queue:
            message = f"{self._limits.queue} requests are waiting already; try again a little later"
            raise Refusal(429, message, "queue_full")

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """While a question is being received; a batch waits for it a little."""
        self._arriving += 1
        try:
            yield
        finally:
            with self._changed:
                self._arriving -= 1
                self._changed.notify()

    def ask(self, waiting: Waiting) -> None:
        """Puts a question into the queue.

        Raises:
            Refusal: the queue is full.
        """
        with self._changed:
            self.require_room()
            self._leave_out_abandoned()
            self._waiting.append(waiting)
            self._changed.notify()

    def close(self) -> None:
        """Ends the thread at the next token; questions that wait get no answer."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        for waiting in self._waiting:
            waiting.abandon()

    def _run(self) -> None:
        while not self._closed:
            batch = self._next_batch()
            if not batch:
                continue
            self._batched(len(batch))
            try:
                self._answer(batch)
            except _NobodyWaitsError:
                fault: Exception = Refusal(503, "the server is ending", "ending")
            except Exception as raised:  # whatever it is, the next batch may be answered
                fault = raised
            else:
                continue
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_exception(fault)

    def _next_batch(self) -> list[Waiting]:
        """The questions to answer next; none at the end, or where nobody waits for them any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._gather()
            self._leave_out_abandoned()
            if self._closed or not self._waiting:
                return []
            return [waiting for waiting in self._take() if waiting.answer.set_running_or_notify_cancel()]

    def _leave_out_abandoned(self) -> None:
        self._waiting = [waiting for waiting in self._waiting if not waiting.abandoned]

    def _gather(self) -> None:
        """Waits for questions that are just arriving, unless there are enough."""
        until = time.monotonic() + self._limits.gather_seconds
        while self._arriving and len(self._waiting) < self._batch_size and not self._closed:
            if not self._changed.wait(until - time.monotonic()) or time.monotonic() >= until:
                break

    def _take(self) -> list[Waiting]:
        first = self._waiting[0]
        alike = [waiting for waiting in self._waiting if waiting.decoding == first.decoding]
        alike.sort(key=lambda waiting: waiting.prompt != first.prompt)  # stable: in each part by arrival
        batch = alike[: 1 if first.decoding.is_sampling else self._batch_size]
        taken = set(map(id, batch))
        self._waiting = [waiting for waiting in self._waiting if id(waiting) not in taken]
        return batch

    def _answer(self, batch: Sequence[Waiting]) -> None:
        """Answers a batch; who has a short answer gets it while the longer ones go on."""
        clips = self._encoded([recording for waiting in batch for recording in waiting.recordings])
        tokens: list[list[int]] = [[] for _ in batch]
        stop_token = self._adiff.model.config.stop_token

        def spoken(index: int, token: int) -> None:
            if self._closed or all(waiting.abandoned for waiting in batch):
                raise _NobodyWaitsError
            waiting = batch[index]
            tokens[index].append(token)
            if waiting.spoken:
                waiting.spoken(token)
            if token == stop_token:
                clip1, clip2 = (clips[recording.digest] for recording in waiting.recordings)
                assert isinstance(clip1, EncodedClip)
                assert isinstance(clip2, EncodedClip)  # no answer is made of others
                waiting.answer.set_result(self._adiff.explanation_of(clip1, clip2, tokens[index]))

        def finished(index: int, explanation: Explanation) -> None:
            if not batch[index].answer.done():
                batch[index].answer.set_result(explanation)

        asked = [(waiting.recordings, waiting.prompt) for waiting in batch]
        self._adiff.explain_encoded(
            [(first.digest, second.digest, prompt) for (first, second), prompt in asked],
            clips,
            batch[0].decoding,
            batch_size=self._batch_size,
            finished=finished,
            spoken=spoken,
        )

    def _encoded(self, recordings: Sequence[Recording]) -> Mapping[str, EncodedClip | AdiffError]:
        """The clips of recordings by digest; those that were heard lately are remembered."""
        paths = {each.digest: str(each.path) for each in recordings if each.digest not in self._clips}
        encoded = encode_clips(self._adiff.model, paths.values(), reading=self._reading)
        clips: dict[str, EncodedClip | AdiffError] = {digest: encoded[path] for digest, path in paths.items()}
        clips |= {each.digest: self._clips[each.digest] for each in recordings if each.digest in self._clips}
        for digest, clip in clips.items():
            if isinstance(clip, EncodedClip):
                self._clips[digest] = clip
                self._clips.move_to_end(digest)
        while len(self._clips) > _CLIPS_KEPT:
            self._clips.popitem(last=False)
        return clips
