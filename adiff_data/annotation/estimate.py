"""What a run would ask and cost, before a cent is spent."""

from dataclasses import dataclass

from adiff_data.annotation.hearing import Hearing, ears_for_an_estimate
from adiff_data.annotation.run import Job
from adiff_data.annotation.tasks import make_agenda, read_pairs, read_tasks
from adiff_data.core.errors import InputError
from adiff_data.core.journal import read_journal
from adiff_data.llm.prices import Price
from adiff_data.records import Annotation


@dataclass(frozen=True)
class Estimate:
    """Rows, requests and tokens of a run that has not begun.

    Attributes:
        wanted, missing: rows.
        unheard: how many of the missing rows cannot be asked for, since a recording is missing or no audio.
        audio_tokens: how many of `tokens_in` are audio.
        cost: in US dollars; None without a price.
    """

    wanted: int
    missing: int
    requests: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    audio_tokens: int = 0
    unheard: int = 0

    def line(self) -> str:
        """In one line."""
        cost = "cost unknown (no price for the model; `price`)" if self.cost is None else f"about {self.cost:.2f} USD"
        audio = f" ({self.audio_tokens:,} of them audio)" if self.audio_tokens else ""
        unheard = f" ({self.unheard:,} of them cannot be heard)" if self.unheard else ""
        return (
            f"{self.missing:,} of {self.wanted:,} rows to make{unheard} in {self.requests:,} requests: "
            f"about {self.tokens_in:,} tokens in{audio}, {self.tokens_out:,} out, {cost}"
        )


def estimate(job: Job, price: Price | None, hearing: Hearing | None = None) -> Estimate:
    """Counts what is missing, and estimates its tokens.

    Those of texts follow from the length of the prompts and of the published answers, those of audio from the
    recordings' headers.

    Raises:
        InputError: the job does not fit what is in its file, or no clip has a recording to be heard.
    """
    requests = tokens_in = tokens_out = audio_tokens = unheard = 0
    rows = read_journal(job.out, Annotation) if job.out is not None and job.out.exists() else ()
    done = {annotation.id for annotation in rows}
    agenda = make_agenda(job.pairs, job.tiers, done, job.out, job.facts)
    ears = ears_for_an_estimate(hearing, read_pairs(job.pairs))
    for told in read_tasks(job.pairs, job.tiers, done, job.facts):
        try:
            task = ears.hear(told)
        except InputError:
            unheard += len(told.tiers)
            continue
        together = job.tiers_per_call == "all" and len(task.tiers) > 1
        for tiers in [task.tiers] if together else [(tier,) for tier in task.tiers]:
            request = task.request(tiers)
            requests += 1
            tokens_in += request.expected_tokens_in
            tokens_out += request.expected_tokens
            audio_tokens += request.expected_tokens_in - request.expected_text_tokens
    cost = price.of(tokens_in, tokens_out, audio_tokens) if price else None
    return Estimate(agenda.wanted, agenda.missing, requests, tokens_in, tokens_out, cost, audio_tokens, unheard)
