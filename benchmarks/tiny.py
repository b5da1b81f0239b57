"""What the bundled checkpoint says, against what is known: the table in its model card and in docs/training.md.

    python -m benchmarks.tiny [--seed 5] [--recordings ../shared/data/esc10] [--checkpoint NAME=PATH ...] [--card]
                              [--show 20]
    python -m benchmarks.tiny --train-baselines [no-cross noise]

The first scores the bundled checkpoint, and the baselines in data/TINY/baselines where they were trained, on

- 200 clips of the demo's evaluation split, each with a partner. By seed 5 nothing was chosen; by the clips of seed 0,
  whose first 20 are `adiff demo`'s own, the recipe was made what it is;
- the recordings of ESC-10's fold 4, which was never trained on, as they are: 240 pairs of two categories.

The second trains the baselines where `adiff train tiny` was run, from tiny's own encoder and language model, by the
steps that come after these: `no-cross` has no cross-projection (the paper's naive baseline); `noise` is given a random
embedding for each clip, and shows what language alone can do.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adiff_data.audio.acoustics import measure_file
from adiff_data.claims.comparisons import comparisons
from adiff_data.core.markdown import table
from adiff_data.core.seeded import Seeded
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.demo.naming import named_sources
from adiff_data.demo.recorded import RecordingSettings
from adiff_data.demo.scenes import Event
from adiff_data.demo.truth import KnownClip, read_truth
from adiff_data.demo.truthfulness import events_named, order_claims
from adiff_data.tiers import TIERS
from adiff_model.adiff import ADIFF
from adiff_model.encoding import EncodedClip, encode_clips
from adiff_model.training.card import SCORES_BEGIN, SCORES_END
from adiff_model.training.explain_task import noise_embeddings
from adiff_model.training.prompts import canonical
from adiff_model.training.settings import StepSettings
from pipelines.console import progress_bars, say
from pipelines.recipes.schema import read_settings
from pipelines.steps.run import run_recipe
from pipelines.training.recipe import TrainRecipe
from pipelines.training.run import train_recipe

WORK = Path("data/TINY/scored")
BASELINES = Path("data/TINY/baselines")
CARD = Path("adiff_model/tiny/README.md")
DEMO_CLIPS, ESC_PAIRS, HELD_OUT = 200, 240, 4
COLUMNS = """\
In per cent, of 200 pairs of demo clips (of a seed by which nothing was chosen): `right side`: few-words answers that
name events of both audios, and none on a side where it does not sound; `complete`: those that moreover leave no event
out; `found`: events that are named on their side; `order` and `louder`: claims of the other tiers about order and
loudness that are so; `2nd`: captions of the second audio that name an event of it and none of the first alone (`1st`
likewise). Of 240 pairs of recordings of ESC-10's held-out fold: `category`: those whose category is named on its own
side; `no third`: pairs whose answer names two sounds at most; `nothing else`: pairs whose answer names none but the
two that are there, so that a sound taken for another counts against it too. Trained by the same steps, to compare with:
`no-cross` without the cross-projection (the paper's naive baseline), `noise` with a random embedding for each clip
(what language alone can do).
"""
JUST_LOUDER = 1.0  # LU, just noticeable


@dataclass(frozen=True)
class KnownPair:
    """Two clips of which everything is known."""

    audio1: str
    audio2: str
    clip1: KnownClip
    clip2: KnownClip


def main() -> None:
    description = f"{__doc__}\n{COLUMNS}"
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=5, help="of the demo clips")
    parser.add_argument("--recordings", type=Path, default=Path("../shared/data/esc10"))
    parser.add_argument("--checkpoint", action="append", help="NAME=PATH in place of the bundled one and the baselines")
    parser.add_argument("--card", action="store_true", help="write the table into the model card")
    parser.add_argument("--show", type=int, default=0, help="answers to print")
    parser.add_argument("--train-baselines", nargs="*", metavar="NAME", help="all of them, unless named")
    arguments = parser.parse_args()
    if arguments.train_baselines is not None:
        return train_baselines(arguments.train_baselines)
    checkpoints = dict(given.split("=", 1) for given in arguments.checkpoint or []) or found_checkpoints()
    demo = demo_pairs(arguments.seed)
    recorded = esc_pairs(arguments.recordings) if arguments.recordings.is_dir() else []
    louder = loudness([path for pair in demo for path in (pair.audio1, pair.audio2)])
    lines = [
        score(name, path, demo, recorded, louder, arguments.show if place == 0 else 0)
        for place, (name, path) in enumerate(checkpoints.items())
    ]
    scores = as_table(lines)
    print(scores)
    if arguments.card:
        section = f"{SCORES_BEGIN}\n{scores}\n\n{COLUMNS}{SCORES_END}"
        inside = re.compile(f"{SCORES_BEGIN}.*{SCORES_END}", re.DOTALL)
        CARD.write_text(inside.sub(lambda _: section, CARD.read_text(encoding="utf-8")), encoding="utf-8")
    return None


def found_checkpoints() -> dict[str, str]:
    return {"tiny": "tiny"} | {path.name: str(path / "model") for path in sorted(BASELINES.glob("*"))}


def demo_pairs(seed: int) -> list[KnownPair]:
    corpus = WORK / f"demo-{seed}"
    write_corpus(corpus, DemoSettings(seed=seed, development=0, validation=0, evaluation=DEMO_CLIPS))
    clips = read_truth(corpus, "evaluation")
    steps = [1 + Seeded("tiny", place).below(len(clips) - 1) for place in range(len(clips))]
    others = [clips[(place + step) % len(clips)] for place, step in enumerate(steps)]
    return [
        KnownPair(str(corpus / clip.path), str(corpus / other.path), clip, other)
        for clip, other in zip(clips, others, strict=True)
    ]


def esc_pairs(folder: Path) -> list[KnownPair]:
    """Recordings of the held-out fold as they are, each pair of two categories."""
    by_source = RecordingSettings(folder=folder, folds={"held out": (HELD_OUT,)}).in_split("held out")
    clips = [(str(folder / "audio" / name), source) for source, names in by_source.items() for name in names]
    pairs, stream = [], Seeded("esc", 0)
    while len(pairs) < ESC_PAIRS:
        (path1, source1), (path2, source2) = clips[len(pairs) % len(clips)], stream.choice(clips)
        if source1 != source2:
            pairs.append(KnownPair(path1, path2, recorded_clip(path1, source1), recorded_clip(path2, source2)))
    return pairs


def recorded_clip(path: str, source: str) -> KnownClip:
    event = Event(source=source, onset=0.0, offset=5.0, distance="near", level_dbfs=0.0, parameters={})
    return KnownClip(path, "single", (event,))


def loudness(paths: Sequence[str]) -> dict[str, float | None]:
    return {path: measure_file(Path(path)).loudness for path in dict.fromkeys(paths)}


def score(
    name: str,
    checkpoint: str,
    demo: Sequence[KnownPair],
    recorded: Sequence[KnownPair],
    louder: dict[str, float | None],
    show: int,
) -> dict[str, str]:
    """One line of the table."""
    adiff = ADIFF(model_path=checkpoint)
    paths = [path for pair in [*demo, *recorded] for path in (pair.audio1, pair.audio2)]
    clips = encode_clips(adiff.model, paths)
    if name == "noise":
        size = adiff.model.config.audio_config.hidden_size
        noise = noise_embeddings(list(clips), size)
        clips = {
            path: EncodedClip(noise[path], np.zeros_like(clip.event_probabilities)) for path, clip in clips.items()
        }

    def ask(pairs: Sequence[KnownPair], prompt: str) -> list[str]:
        examples = [(pair.audio1, pair.audio2, prompt) for pair in pairs]
        return [explained.text for explained in adiff.explain_encoded(examples, clips)]

    answers = {tier: ask(demo, own.request) for tier, own in TIERS.items()}
    captions = {task: ask(demo, canonical(task)) for task in ("caption1", "caption2")}
    real = ask(recorded, TIERS["fewwords"].request) if recorded else []
    for place in range(show):
        pair = demo[place]
        print(f"\n{pair.clip1.sources} {pair.clip1.arrangement} | {pair.clip2.sources} {pair.clip2.arrangement}")
        print("\n".join(f"  {tier}: {answers[tier][place]}" for tier in TIERS))
        print("\n".join(f"  {task}: {captions[task][place]}" for task in captions))
        if recorded:
            print(f"  {recorded[place].clip1.sources} | {recorded[place].clip2.sources}: {real[place]}")
    return {
        "model": name,
        **demo_scores(demo, answers, captions, louder),
        **(recorded_scores(recorded, real) if recorded else {}),
    }


def demo_scores(
    pairs: Sequence[KnownPair],
    answers: dict[str, list[str]],
    captions: dict[str, list[str]],
    louder: dict[str, float | None],
) -> dict[str, str]:
    few = [events_named(text, pair.clip1, pair.clip2) for text, pair in zip(answers["fewwords"], pairs, strict=True)]
    order, level = [], []
    for tier in ("sentence", "detail"):
        for text, pair in zip(answers[tier], pairs, strict=True):
            order += order_claims(text, pair.clip1, pair.clip2)
            level += level_claims(text, louder[pair.audio1], louder[pair.audio2])
    of_first = [about(text, pair.clip1, pair.clip2) for text, pair in zip(captions["caption1"], pairs, strict=True)]
    of_second = [about(text, pair.clip2, pair.clip1) for text, pair in zip(captions["caption2"], pairs, strict=True)]
    right, missed = sum(one.right for one in few), sum(one.missed for one in few)
    return {
        "right side": share([one.on_the_right_side for one in few]),
        "complete": share([one.complete for one in few]),
        "found": f"{100 * right / (right + missed):.1f}",
        "order": share(order, counted=True),
        "louder": share(level, counted=True),
        "1st": share(of_first),
        "2nd": share(of_second),
    }


def level_claims(text: str, one: float | None, other: float | None) -> list[bool]:
    """What a text says of which audio is louder, and whether it is, noticeably."""
    if one is None or other is None:
        return []
    made = [claim for claim in comparisons(text) if claim.quality == "louder"]
    return [(one - other if claim.audio == 1 else other - one) >= JUST_LOUDER for claim in made]


def about(caption: str, own: KnownClip, other: KnownClip) -> bool:
    """Whether a caption names an event of its clip, and none that only the other clip has."""
    named = set(named_sources(caption))
    return bool(named & set(own.sources)) and not named & (set(other.sources) - set(own.sources))


def recorded_scores(pairs: Sequence[KnownPair], answers: Sequence[str]) -> dict[str, str]:
    few = [events_named(text, pair.clip1, pair.clip2) for text, pair in zip(answers, pairs, strict=True)]
    strangers = [
        set(named_sources(text)) <= {*pair.clip1.sources, *pair.clip2.sources}
        for text, pair in zip(answers, pairs, strict=True)
    ]
    return {
        "category": f"{100 * sum(one.right for one in few) / (2 * len(few)):.1f}",
        "no third": share([one.right + one.wrong <= 2 for one in few]),
        "nothing else": share(strangers),
    }


def share(outcomes: Sequence[bool], *, counted: bool = False) -> str:
    """Per cent, and of how many, where that differs from model to model."""
    if not outcomes:
        return "none made"
    per_cent = f"{100 * sum(outcomes) / len(outcomes):.1f}"
    return f"{per_cent} of {len(outcomes)}" if counted else per_cent


def as_table(lines: Sequence[dict[str, str]]) -> str:
    columns = list(lines[0])
    return table(columns, [[line[column] for column in columns] for line in lines])


def train_baselines(names: Sequence[str]) -> None:
    """Trains the baselines by tiny's later steps, from its encoder and its language model."""
    tiny = read_settings("tiny", TrainRecipe, {})
    steps = tiny.out / "steps"
    weights = {
        "encoder": str(steps / "encoder" / "best.safetensors"),
        "event_head": str(steps / "encoder" / "best.safetensors"),
        "language_model": str(steps / "language" / "best.safetensors"),
    }
    later = [step for step in tiny.steps if step.task in ("prefix", "explain")]
    uncrossed = [without(step, "cross_projection") for step in later]
    deaf = [without(step, "encoder", "event_head").model_copy(update={"embeddings": "noise"}) for step in later]
    for name, own, changed in (("no-cross", {"cross_projection": False}, uncrossed), ("noise", {}, deaf)):
        if names and name not in names:
            continue
        model = tiny.model.model_copy(update={"sizes": {**tiny.model.sizes, **own}, "weights": weights})
        say(f"baseline {name}")
        recipe = tiny.model_copy(update={"out": BASELINES / name, "model": model, "steps": tuple(changed)})
        with progress_bars() as progress:
            train_recipe(recipe, make_dataset=run_recipe, report=say, progress=progress)


def without(step: StepSettings, *parts: str) -> StepSettings:
    """The step, some parts not trained."""
    return step.model_copy(update={"trains": tuple(part for part in step.trains if part not in parts)})


if __name__ == "__main__":
    main()
