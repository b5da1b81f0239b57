"""Whether a checkpoint hears small differences, and none where there is none.

    python -m benchmarks.small_differences [--seed 5] [--pairs 520] [--checkpoint tiny] [--show 10]
                                           [--recordings ../shared/data/esc10]

Edited pairs of demo clips of a seed by which nothing was chosen and, with --recordings, of scenes with recordings
of ESC-10's fold 4. An answer in few words names a difference if it says, of the right audio, what was made: by the
parsers of the checks, or in the words of `adiff_data.edits.wordings`. It is wrong if it says so of the other. Then the
same clips twice, and exchanged (`adiff predict --probe same,swap`), in every tier.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from adiff_data.claims.claim import Kind
from adiff_data.claims.edit_truth import QUALITY_OF_EDIT, EditTruth, other_side, read_truth
from adiff_data.claims.splitting import split_claims
from adiff_data.claims.vocabulary import caption_words
from adiff_data.core.json_lines import read_records
from adiff_data.core.markdown import table
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.demo.recorded import RecordingSettings
from adiff_data.edits.folder import make_edited_pairs
from adiff_data.edits.kinds import QUALITIES
from adiff_data.edits.wordings import DEGREES, WORDINGS
from adiff_data.records import Pair
from adiff_data.sources import read_clips
from adiff_data.tiers import TIERS
from adiff_model.adiff import ADIFF
from adiff_model.encoding import encode_clips
from adiff_model.evaluation.listening import comparisons_mirrored, events_mirrored, tells_difference

WORK = Path("data/TINY/small-differences")
CLIPS, HELD_OUT = 120, 4
NAMES = {1: ("audio 1", "the first audio", "the first clip"), 2: ("audio 2", "the second audio", "the second clip")}
Paths = list[tuple[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=5, help="of clips and edits")
    parser.add_argument("--pairs", type=int, default=520, help="edited pairs of each kind of clips")
    parser.add_argument("--checkpoint", default="tiny")
    parser.add_argument("--recordings", type=Path, help="ESC-10's folder")
    parser.add_argument("--show", type=int, default=0, help="answers to print")
    arguments = parser.parse_args()
    adiff = ADIFF(model_path=arguments.checkpoint)
    kinds: list[RecordingSettings | None] = [None]
    if arguments.recordings:
        kinds.append(RecordingSettings(folder=arguments.recordings, folds={"evaluation": (HELD_OUT,)}))
    for recordings in kinds:
        folder, truths, pairs = edited_pairs(arguments.seed, arguments.pairs, recordings)
        answers = ask(adiff, [(str(folder / p.filepath1), str(folder / p.filepath2)) for p in pairs], "fewwords")
        outcomes = [(truth, named(answer, truth)) for truth, answer in zip(truths, answers, strict=True)]
        print(f"\n{'recordings' if recordings else 'synthesized'}: named on the right audio / on the wrong one, in %\n")
        print(edits_table(outcomes))
        for truth, answer in list(zip(truths, answers, strict=True))[: arguments.show]:
            print(f"\n{truth.edit} (size {truth.size:g}, more: {truth.more}; {truth.caption}): {answer}")
    print(f"\n{listening_table(adiff, clips_in_pairs(arguments.seed))}")


def edited_pairs(
    seed: int, count: int, recordings: RecordingSettings | None
) -> tuple[Path, list[EditTruth], list[Pair]]:
    name = "recordings" if recordings else "synthesized"
    corpus, folder = corpus_of(seed, recordings), WORK / f"{name}-{seed}-{count}"
    if not folder.exists():
        make_edited_pairs(read_clips("demo", corpus, "evaluation"), corpus, folder, count=count, seed=seed)
    pairs = list(read_records(folder / "pairs.jsonl", Pair))
    truth_of = read_truth(folder / "truth.jsonl")
    return folder, [truth_of[pair.id] for pair in pairs], pairs


def corpus_of(seed: int, recordings: RecordingSettings | None) -> Path:
    corpus = WORK / f"corpus-{'recordings' if recordings else 'synthesized'}-{seed}"
    write_corpus(corpus, DemoSettings(seed=seed, development=0, validation=0, evaluation=CLIPS, recordings=recordings))
    return corpus


def clips_in_pairs(seed: int) -> Paths:
    paths = sorted(map(str, (corpus_of(seed, None) / "evaluation").glob("*.wav")))
    return list(zip(paths, [*paths[7:], *paths[:7]], strict=True))


def ask(adiff: ADIFF, paths: Paths, tier: str) -> list[str]:
    clips = encode_clips(
        adiff.model, [path for pair in paths for path in pair], cache=WORK / "clips", reading_threads=2
    )
    examples = [(first, second, TIERS[tier].request) for first, second in paths]
    return [explained.text for explained in adiff.explain_encoded(examples, clips)]


def named(answer: str, truth: EditTruth) -> str:
    """`right`, `wrong`, or `` where the answer says nothing of the difference."""
    quality = QUALITY_OF_EDIT.get(truth.quality)
    claims = split_claims(answer, caption_words)
    if truth.quality == "nothing":
        return "right" if not tells_difference(answer) else "wrong"
    if quality and (
        told := {claim.audio for claim in claims if claim.kind is Kind.COMPARISON and claim.subject == quality}
    ):
        return "right" if told == {truth.more} else "wrong"
    first = truth.more or truth.edited
    if any(re.search(words, answer, re.IGNORECASE) for words in differences(truth.quality, first, truth.more is None)):
        return "right"
    wrong = differences(truth.quality, other_side(first), truth.more is None)
    return "wrong" if any(re.search(words, answer, re.IGNORECASE) for words in wrong) else ""


def differences(quality: str, first: int, is_neither: bool) -> Iterator[str]:
    """The ways to say that audio `first` has more of a quality or, where neither has, was edited; as patterns."""
    more, less = ("edited", "original") if is_neither else ("more", "less")
    degrees = "|".join(re.escape(word) for words in DEGREES.values() for word in words)
    one, other = (f"(?:{'|'.join(NAMES[audio])})" for audio in (first, 3 - first))
    for wording in WORDINGS[quality].differences:
        pattern = re.escape(wording)
        fields = {more: one, less: other, "much": f"(?:{degrees})", "event": "[^”]*", "other": "[^”]*"}
        for field, words in {**fields, "times": "(?:twice|three times|four times)"}.items():
            pattern = pattern.replace(re.escape(f"{{{field}}}"), words)
        yield pattern


def edits_table(outcomes: Sequence[tuple[EditTruth, str]]) -> str:
    by_place: dict[tuple[str, float], list[str]] = defaultdict(list)
    for truth, outcome in outcomes:
        by_place[truth.quality, truth.size].append(outcome)
        if truth.quality != "nothing":
            by_place["all", truth.size].append(outcome)
    sizes = sorted({size for _, size in by_place})
    rows = [
        [quality, *(in_words(by_place.get((quality, size), [])) for size in sizes)] for quality in (*QUALITIES, "all")
    ]
    return table(["quality", *(f"size {size:g}" for size in sizes)], rows)


def in_words(outcomes: Sequence[str]) -> str:
    if not outcomes:
        return ""
    right, wrong = (100 * sum(outcome == which for outcome in outcomes) / len(outcomes) for which in ("right", "wrong"))
    return f"{right:.0f} / {wrong:.0f} of {len(outcomes)}"


def listening_table(adiff: ADIFF, paths: Paths) -> str:
    rows = []
    for tier in TIERS:
        plain = ask(adiff, paths, tier)
        exchanged = ask(adiff, [(second, first) for first, second in paths], tier)
        same = ask(adiff, [(first, first) for first, _ in paths], tier)
        kept = {
            name: [count(one, other) for one, other in zip(plain, exchanged, strict=True)]
            for name, count in (("comparisons", comparisons_mirrored), ("events", events_mirrored))
        }
        shares = [
            f"{100 * sum(k.kept for k in each) / max(1, sum(k.made for k in each)):.1f}" for each in kept.values()
        ]
        rows.append([tier, f"{100 * np.mean([tells_difference(text) for text in same]):.1f}", *shares])
    return table(["in %", "false difference of the same file", "comparisons mirrored", "events mirrored"], rows)


if __name__ == "__main__":
    main()
