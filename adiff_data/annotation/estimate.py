"""What a run would ask and cost, before a cent is spent."""

from dataclasses import dataclass

from adiff_data.annotation.options import ModelOptions, expected_tokens_in, expected_tokens_out
from adiff_data.annotation.prices import Price
from adiff_data.annotation.questions import make_agenda, read_questions
from adiff_data.annotation.run import Job
from adiff_data.core.json_lines import read_records
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
        cost = "cost unknown (no price for the model; --prices)" if self.cost is None else f"about {self.cost:.2f} USD"
        return (
            f"{self.missing:,} of {self.wanted:,} rows to make in {self.requests:,} requests: "
            f"about {self.tokens_in:,} tokens in, {self.tokens_out:,} out, {cost}"
        )


def estimate(job: Job, model: ModelOptions, price: Price | None) -> Estimate:
    """Counts what is missing, and estimates its tokens from the prompts' length and the published answers'."""
    requests = tokens_in = tokens_out = 0
    rows = read_records(job.out, Annotation) if job.out.exists() else ()
    done = {annotation.id for annotation in rows}
    agenda = make_agenda(job.pairs, job.tiers, done, job.out)
    for question in read_questions(job.pairs, job.tiers, done, job.facts_of):
        together = model.tiers_per_call == "all" and len(question.tiers) > 1
        for tiers in [question.tiers] if together else [(tier,) for tier in question.tiers]:
            messages = question.messages(tiers)
            requests += 1
            tokens_in += expected_tokens_in(messages)
            tokens_out += expected_tokens_out(tiers)
    cost = price.of(tokens_in, tokens_out) if price else None
    return Estimate(agenda.wanted, agenda.missing, requests, tokens_in, tokens_out, cost)
