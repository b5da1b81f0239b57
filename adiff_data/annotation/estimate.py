"""What a run would ask and cost, before a cent is spent."""

from dataclasses import dataclass

from adiff_data.annotation.run import Job
from adiff_data.annotation.tasks import make_agenda, read_tasks
from adiff_data.core.journal import read_journal
from adiff_data.llm.prices import Price
from adiff_data.records import Annotation


@dataclass(frozen=True)
class Estimate:
    """Rows, requests and tokens of a run that has not begun; `cost` in US dollars, None without a price."""

    wanted: int
    missing: int
    requests: int
    tokens_in: int
    tokens_out: int
    cost: float | None

    def line(self) -> str:
        """In one line."""
        cost = "cost unknown (no price for the model; `price`)" if self.cost is None else f"about {self.cost:.2f} USD"
        return (
            f"{self.missing:,} of {self.wanted:,} rows to make in {self.requests:,} requests: "
            f"about {self.tokens_in:,} tokens in, {self.tokens_out:,} out, {cost}"
        )


def estimate(job: Job, price: Price | None) -> Estimate:
    """Counts what is missing, and estimates its tokens from the length of the prompts and of the published answers."""
    requests = tokens_in = tokens_out = 0
    rows = read_journal(job.out, Annotation) if job.out is not None and job.out.exists() else ()
    done = {annotation.id for annotation in rows}
    agenda = make_agenda(job.pairs, job.tiers, done, job.out, job.facts)
    for task in read_tasks(job.pairs, job.tiers, done, job.facts):
        together = job.tiers_per_call == "all" and len(task.tiers) > 1
        for tiers in [task.tiers] if together else [(tier,) for tier in task.tiers]:
            request = task.request(tiers)
            requests += 1
            tokens_in += request.expected_tokens_in
            tokens_out += request.expected_tokens
    cost = price.of(tokens_in, tokens_out) if price else None
    return Estimate(agenda.wanted, agenda.missing, requests, tokens_in, tokens_out, cost)
