"""What the checks catch of published rows that were broken on purpose, and what they cost the untouched ones.

python benchmarks/checks.py ../shared/data/published [--words] [--rows 500]
python benchmarks/checks.py ../shared/data/published --speed 50000
python benchmarks/checks.py --contradictions
python benchmarks/checks.py --annotations before.jsonl    (ten rows that passed and ten that failed, to read)

Each kind is a copy of the same rows with the fault in every one of them; a kind is caught where a row fails. The
maps of the attribution check were fitted on these rows: `benchmarks/fit_attribution.py` prints what maps catch in rows
that they never saw, and `--maps FILE` takes other maps.
"""

import argparse
import math
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from adiff_data.annotation import rules
from adiff_data.annotation.tasks import make_annotation
from adiff_data.audio.differences import QUALITIES
from adiff_data.audio.files import AudioFolder
from adiff_data.audio.measuring import FactsBook
from adiff_data.checks.attribution import Embed, attribution, embed_with, load_embedding, load_maps, word_attribution
from adiff_data.checks.checking import check_all, check_row
from adiff_data.checks.contradiction import contradiction
from adiff_data.checks.over_dataset import self_pair
from adiff_data.checks.verdicts import Outcome
from adiff_data.claims.sides import sides_of
from adiff_data.core.json_lines import read_objects
from adiff_data.core.seeded import Seeded
from adiff_data.demo import DemoSettings, write_corpus
from adiff_data.pairing import make_pairs
from adiff_data.published_csv import read_annotations, read_published
from adiff_data.records import Annotation, Provenance
from adiff_data.sources import read_clips
from adiff_data.tiers import TIERS

Rows = list[Annotation]


def with_answers(rows: Rows, answers: list[str]) -> Rows:
    return [row.model_copy(update={"answer": answer}) for row, answer in zip(rows, answers, strict=True)]


def swapped(rows: Rows) -> Rows:
    return [row.model_copy(update={"caption1": row.caption2, "caption2": row.caption1}) for row in rows]


def foreign(rows: Rows) -> Rows:
    order = list(range(len(rows)))
    Seeded("foreign", len(rows)).shuffle(order)
    place = {row: number for number, row in enumerate(order)}
    return with_answers(rows, [rows[order[(place[row] + 1) % len(order)]].answer for row in range(len(rows))])


def cut(rows: Rows) -> Rows:
    """Cut within a word, in the middle half of the answer."""
    answers = []
    for row in rows:
        stream = Seeded("cut", row.id)
        places = [
            place
            for place in range(len(row.answer) // 4, 3 * len(row.answer) // 4)
            if row.answer[place - 1].isalnum() and row.answer[place].isalnum()
        ]
        answers.append(row.answer[: stream.choice(places)])
    return with_answers(rows, answers)


def looped(rows: Rows) -> Rows:
    answers = []
    for row in rows:
        words = row.answer.split()
        answers.append(" ".join([*words[:6], *(words[6:10] * 5), words[-1]]))
    return with_answers(rows, answers)


def one_sided(rows: Rows) -> Rows:
    """What is said of audio 1 is said of audio 2 again."""
    first = [sides_of(row.answer).first.strip(" ,.;:") for row in rows]
    return with_answers(rows, [f"Audio 1: {said}. Audio 2: {said}." for said in first])


REFUSALS = (
    "I'm sorry, but I can't listen to audio files, so I cannot explain how they differ.",
    "As an AI language model, I am unable to hear the recordings.",
    "I cannot help with that request.",
    "Unfortunately, I do not have access to the audio.",
)
INVENTED = (" Audio 2 is at about {n} dB.", " The pitch of audio 1 lies near {n} Hz.", " Audio 1 peaks at {n} Hz.")
SOURCES = ("Based on the captions, ", "According to the descriptions, ", "From the captions it follows that ")


def drawn(rows: Rows, name: str, make: Callable[[Annotation, Seeded], str]) -> Rows:
    return with_answers(rows, [make(row, Seeded(name, row.id)) for row in rows])


KINDS: dict[str, Callable[[Rows], Rows]] = {
    "untouched": lambda rows: rows,
    "empty": lambda rows: with_answers(rows, [""] * len(rows)),
    "cut within a word": cut,
    "a refusal": lambda rows: drawn(rows, "refusal", lambda _, stream: stream.choice(REFUSALS)),
    "a looped phrase": looped,
    "invented dB and Hz": lambda rows: drawn(
        rows,
        "invented",
        lambda row, stream: row.answer + stream.choice(INVENTED).format(n=3 + stream.below(97)),
    ),
    "based on the captions": lambda rows: drawn(
        rows, "sources", lambda row, stream: stream.choice(SOURCES) + row.answer[:1].lower() + row.answer[1:]
    ),
    "swapped sides": swapped,
    "another pair's answer": foreign,
    "one side's events on both": one_sided,
}


def judge(rows: Rows, attributed: Callable[[Rows], list]) -> list[list[str]]:
    """The checks that each row fails."""
    found = [[*check_row(row, None), self_pair(row)] for row in rows]
    answered = [place for place, row in enumerate(rows) if row.answer.strip()]
    for place, finding in zip(answered, attributed([rows[place] for place in answered]), strict=True):
        found[place].append(finding)
    return [[finding.check for finding in row if finding.outcome is Outcome.FAIL] for row in found]


def remembering(embed: Embed) -> Embed:
    """Embeds each text once: most kinds have their texts in common."""
    known: dict[str, np.ndarray] = {}

    def look_up(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, embed(new), strict=True))
        return np.array([known[text] for text in texts])

    return look_up


def print_kinds(published: Path, rows_of_each: int | None, words: bool, maps_file: Path | None) -> None:
    tables: dict[str, Rows] = defaultdict(list)
    for path in sorted(published.glob("*/*.csv")):
        rows = list(read_published(path))
        if rows_of_each:
            rows = Seeded("rows", path.name).sample(rows, rows_of_each)
        tables[f"{path.parent.name} {rows[0].tier}"] = rows
    if words:
        attributed = word_attribution
    else:
        embed, maps = remembering(load_embedding()), load_maps(maps_file)

        def attributed(rows: Rows) -> list:
            return attribution(rows, embed_with(embed), maps)

    print(f"{'kind':24}" + "".join(f"{name:>15}" for name in tables))
    for kind, breaking in KINDS.items():
        shares, reasons = [], []
        for rows in tables.values():
            failures = judge(breaking(rows), attributed)
            shares.append(sum(map(bool, failures)) / len(failures))
            reasons.append(Counter(name for row in failures for name in row))
        print(f"{kind:24}" + "".join(f"{share:15.2%}" for share in shares), flush=True)
        if kind == "untouched":
            for name in sorted({name for counts in reasons for name in counts}):
                of = [counts[name] / len(rows) for counts, rows in zip(reasons, tables.values(), strict=True)]
                print(f"  {name:22}" + "".join(f"{share:15.2%}" for share in of))
    print_other_tiers(tables, attributed)


def print_other_tiers(tables: dict[str, Rows], attributed: Callable[[Rows], list]) -> None:
    """The same pair's answer of another tier, or where there is none, of another pair."""
    for name, rows in tables.items():
        corpus, tier = name.split()
        for other in TIERS:
            if other == tier or f"{corpus} {other}" not in tables:
                continue
            answers = [row.answer for row in tables[f"{corpus} {other}"]][: len(rows)]
            broken = [row.model_copy(update={"answer": answer}) for row, answer in zip(rows, answers, strict=False)]
            forms = [check_row(row, None)[0].outcome is Outcome.FAIL for row in broken]
            print(f"{f'{other} as {tier}, {corpus}, by form alone':45} {sum(forms) / len(forms):.2%}")


def print_speed(published: Path, count: int) -> None:
    rows = [row for path in sorted(published.glob("*/*.csv")) for row in read_published(path)]
    many = [rows[number % len(rows)] for number in range(count)]
    many = [row.model_copy(update={"id": f"{row.id}{number}"}) for number, row in enumerate(many)]
    start = time.monotonic()
    check_all(many)
    print(f"{count:,} rows, words alone: {time.monotonic() - start:.1f} s")


SAID = {
    "louder": (("louder", 1), ("quieter", -1), ("higher in volume", 1)),
    "brighter": (("brighter", 1), ("duller", -1)),
    "higher-pitched": (("higher-pitched", 1), ("lower in pitch", -1)),
    "busier": (("busier", 1), ("sparser", -1), ("denser", 1)),
    "longer": (("longer", 1), ("shorter", -1)),
    "steadier": (("steadier", 1), ("less steady", -1), ("more constant", 1)),
    "more tonal": (("more tonal", 1), ("noisier", -1)),
}
SENTENCES = (
    "{a} is {more} than {b}.",
    "Compared to {b}, {a} is {more}.",
    "{a} has a dog and is {more}, while {b} has rain.",
    "What is heard is {more} in {a} than in {b}.",
    "Unlike {b}, {a} sounds {more}.",
)
NAMES = (("audio 1", "audio 2"), ("the first audio", "the second audio"), ("the former", "the latter"))


def claim(quality: str, audio: int, stream: Seeded) -> str:
    """A sentence that says that an audio has more of a quality."""
    word, sign = stream.choice(SAID[quality])
    subject = audio if sign > 0 else 3 - audio
    names = stream.choice(NAMES)
    text = stream.choice(SENTENCES).format(a=names[subject - 1], b=names[2 - subject], more=word)
    return text[:1].upper() + text[1:]


def truth_of_pair(events1: list[dict], events2: list[dict]) -> list[tuple[str, int]]:
    """What is known of two clips of the demo from what was put into them: qualities, and the audio with more of it."""
    known = []
    level1, level2 = (
        10 * math.log10(sum(10 ** (event["level_dbfs"] / 10) * (event["offset"] - event["onset"]) for event in events))
        for events in (events1, events2)
    )
    if abs(level1 - level2) >= 6:
        known.append(("louder", 1 if level1 > level2 else 2))
    pitches = [[event["parameters"].get("pitch_hz") for event in events] for events in (events1, events2)]
    if all(len(own) == 1 and own[0] for own in pitches):
        semitones = 12 * math.log2(pitches[0][0] / pitches[1][0])
        if abs(semitones) >= 4:
            known.append(("higher-pitched", 1 if semitones > 0 else 2))
    return known


def print_contradictions() -> None:
    """Comparisons in many wordings, and the same turned round, against the facts measured on the demo's recordings.

    Those "of the truth" follow from what was put into the recordings: a level of sound that differs by 6 dB over the
    clip, a pitch that differs by 4 semitones where each clip is one pitched source. Those "of the facts" follow from
    the measurements themselves, and show how claims are read.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        write_corpus(folder, DemoSettings(seed=5, development=2, validation=2, evaluation=120))
        clips = list(read_clips("demo", folder, "evaluation"))
        pairs = list(make_pairs(clips, strategy="random", seed=1))
        book = FactsBook(AudioFolder(folder), folder / "facts.jsonl")
        book.measure(clip.filepath for clip in clips)
        truth = {line["file_name"]: line["events"] for _, line in read_objects(folder / "truth.jsonl")}
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for pair in pairs:
            facts = book.of(pair)
            stream = Seeded("claims", pair.id)
            known = {
                "of the facts": [(difference.quality, difference.audio) for difference in facts.differences],
                "of the truth": truth_of_pair(
                    *(truth[path.rsplit("/", 1)[-1]] for path in (pair.filepath1, pair.filepath2))
                ),
            }
            for source, claims in known.items():
                for quality, audio in claims:
                    for kind, side in ((f"true, {source}", audio), (f"flipped, {source}", 3 - audio)):
                        row = make_annotation(
                            pair, "fewwords", claim(quality, side, stream), Provenance(annotator="rules")
                        )
                        counts[kind][contradiction(row, facts).outcome] += 1
            for tier in TIERS:
                text = rules.answer(pair, tier, facts)
                row = make_annotation(pair, tier, text, Provenance(annotator="rules"))
                counts[f"rules, {tier}"][contradiction(row, facts).outcome] += 1
        print(f"{len(pairs)} demo pairs; qualities: {', '.join(QUALITIES)}")
        for kind, found in counts.items():
            share = found[Outcome.FAIL] / found.total()
            print(f"{kind:22} {found.total():5} claims or answers, {share:.2%} contradict the facts")


def print_rows(path: Path) -> None:
    rows = list(read_annotations(path))
    report = check_all(rows, embed_all=embed_with(load_embedding()))
    print(f"{path.name}: {report.passed} of {len(rows)} rows passed")
    for wanted in ("pass", "fail"):
        chosen = [verdict for verdict in report.verdicts if verdict.verdict == wanted and rows[verdict.row - 1].answer]
        for verdict in Seeded("read", wanted).sample(chosen, 10):
            row = rows[verdict.row - 1]
            print(f"\n{wanted}, row {verdict.row}, {row.tier} {'; '.join(verdict.reasons)}")
            print(f"  1: {row.caption1}\n  2: {row.caption2}\n  > {row.answer}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, help="of each table")
    parser.add_argument("--words", action="store_true", help="attribution by words alone")
    parser.add_argument("--maps", type=Path)
    parser.add_argument("--speed", type=int, metavar="ROWS")
    parser.add_argument("--contradictions", action="store_true")
    parser.add_argument("--annotations", type=Path)
    arguments = parser.parse_args()
    if arguments.contradictions:
        print_contradictions()
    elif arguments.annotations:
        print_rows(arguments.annotations)
    elif arguments.speed:
        print_speed(arguments.published, arguments.speed)
    else:
        print_kinds(arguments.published, arguments.rows, arguments.words, arguments.maps)


if __name__ == "__main__":
    main()
