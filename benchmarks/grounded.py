"""What grounding makes of a checkpoint's answers, and what it costs: the table in docs/model.md.

    python -m benchmarks.grounded [--seed 5] [--clips 24] [--checkpoint tiny] [--show 10]

The demo's recipe with clips of another seed, by which nothing was chosen: the answers of a checkpoint to each pair and
tier, as they are and grounded, scored as `adiff evaluate` does, and those to the same file twice (`false differences`).
`contradicted` is measured by the same facts that grounding has; `claims contradicted`, `invented` and `right side` by
the events that were put into the clips, of which grounding knows nothing. Seconds are those of `predict`, one tier at a
time, from loading the checkpoint to the last answer, recordings measured anew each time.
"""

import argparse
import time
from pathlib import Path

from adiff_data.core.markdown import table
from adiff_data.tiers import TIERS
from adiff_model.evaluation.claim_scores import (
    CLAIMS_CONTRADICTED,
    CLAIMS_INVENTED,
    CLAIMS_UNDECIDED,
    DIFFERENCES_TOLD,
    EVENTS_TOLD,
)
from adiff_model.evaluation.evaluate import evaluate
from adiff_model.evaluation.listening import tells_difference
from adiff_model.evaluation.probe_scores import FALSE_DIFFERENCES
from adiff_model.evaluation.scoring import CONTRADICTED, PASSED, RIGHT_SIDE, Scores
from adiff_model.evaluation.shares import share_of_known
from adiff_model.metrics.text_scores import NoScore, Score
from adiff_model.prediction import predict
from adiff_model.prediction_file import Prediction
from adiff_model.probes import Probe
from pipelines.recipes.runner import run_recipe
from pipelines.recipes.schema import read_recipe

WORK = Path("data/TINY/grounded")
AS_IT_IS, GROUNDED = "as it is", "grounded"
METRICS = (
    CONTRADICTED,
    CLAIMS_CONTRADICTED,
    CLAIMS_INVENTED,
    CLAIMS_UNDECIDED,
    RIGHT_SIDE,
    EVENTS_TOLD,
    DIFFERENCES_TOLD,
    PASSED,
    "METEOR",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=5, help="of the demo clips")
    parser.add_argument("--clips", type=int, default=24, help="each is in five pairs")
    parser.add_argument("--checkpoint", default="tiny")
    parser.add_argument("--show", type=int, default=0, help="answers of each tier to print that grounding changed")
    arguments = parser.parse_args()
    dataset = make_dataset(arguments.seed, arguments.clips)
    answers: dict[str, list[Prediction]] = {AS_IT_IS: [], GROUNDED: []}
    same: dict[str, list[Prediction]] = {AS_IT_IS: [], GROUNDED: []}
    seconds: dict[tuple[str, str], float] = {}
    for tier in TIERS:
        for name in answers:
            start = time.monotonic()
            answers[name] += ask(dataset, arguments.checkpoint, tier, name)
            seconds[name, tier] = time.monotonic() - start
            same[name] += ask(dataset, arguments.checkpoint, tier, name, probe="same")
    scores = evaluate(answers, audio_root=dataset / "corpus", spice=False, fense=False)
    print(f"{scores_table(scores, same)}\n\n{seconds_table(seconds)}\n")
    print(counts(answers[GROUNDED]))
    for tier in TIERS if arguments.show else ():
        show(answers, tier, arguments.show)


def make_dataset(seed: int, clips: int) -> Path:
    """The demo's evaluation split, of as many clips."""
    folder = WORK / f"demo-{seed}-{clips}"
    changes = {
        "out": folder,
        "root": folder / "corpus",
        "audio_root": folder / "corpus",
        "splits": ["evaluation"],
        "steps": {
            "corpus": {"seed": seed, "development": 0, "validation": 0, "evaluation": clips},
            **dict.fromkeys(("publish", "predict", "evaluate")),
        },
    }
    run_recipe(read_recipe("demo", changes))
    return folder


def ask(dataset: Path, checkpoint: str, tier: str, name: str, probe: Probe | None = None) -> list[Prediction]:
    return predict(
        dataset,
        split="evaluation",
        audio_root=dataset / "corpus",
        checkpoint=checkpoint,
        tier=tier,
        grounded=name == GROUNDED,
        probe=probe,
    )


def scores_table(scores: Scores, same: dict[str, list[Prediction]]) -> str:
    columns = [(tier, name) for tier in TIERS for name in same]
    groups = {(tier, name): group for name in same for (_, tier), group in scores[name].items()}
    rows = [[metric, *(in_words(groups[column].scores[metric]) for column in columns)] for metric in METRICS]
    rows.append([FALSE_DIFFERENCES, *(in_words(false_differences(same[name], tier)) for tier, name in columns)])
    return table(["in %", *(f"{tier}, {name}" for tier, name in columns)], rows)


def false_differences(same: list[Prediction], tier: str) -> Score | NoScore:
    """The share of answers to the same file twice that tell a difference."""
    tells = [tells_difference(row.prediction) for row in same if row.tier == tier]
    return share_of_known(tells, reason="no row has an answer")


def in_words(score: Score | NoScore) -> str:
    if isinstance(score, NoScore):
        return score.reason
    return f"{100 * score.value:.1f} [{100 * score.interval.low:.1f}, {100 * score.interval.high:.1f}]"


def seconds_table(seconds: dict[tuple[str, str], float]) -> str:
    rows = [
        [tier, f"{seconds[AS_IT_IS, tier]:.0f}", f"{seconds[GROUNDED, tier]:.0f}", f"{ratio(seconds, [tier]):.1f}"]
        for tier in TIERS
    ]
    return table(["", "seconds", "grounded", "times"], [*rows, ["all", "", "", f"{ratio(seconds, list(TIERS)):.1f}"]])


def ratio(seconds: dict[tuple[str, str], float], tiers: list[str]) -> float:
    return sum(seconds[GROUNDED, tier] for tier in tiers) / sum(seconds[AS_IT_IS, tier] for tier in tiers)


def counts(grounded: list[Prediction]) -> str:
    rows = []
    for tier in TIERS:
        own = [row for row in grounded if row.tier == tier]
        left_out = sum(len(row.left_out) for row in own) / len(own)
        fallbacks = sum(row.is_fallback for row in own)
        rows.append([tier, str(len(own)), f"{left_out:.2f}", str(fallbacks)])
    return table(["", "answers", "left out of each", "written by rules"], rows)


def show(answers: dict[str, list[Prediction]], tier: str, count: int) -> None:
    changed = [
        (before, after)
        for before, after in zip(answers[AS_IT_IS], answers[GROUNDED], strict=True)
        if after.tier == tier and before.prediction != after.prediction
    ]
    for before, after in changed[:count]:
        print(f"\n{before.caption1} | {before.caption2}\n- {before.prediction}\n+ {after.prediction}")
        print("\n".join(f"    {words}: {reason}" for words, reason in after.left_out))


if __name__ == "__main__":
    main()
