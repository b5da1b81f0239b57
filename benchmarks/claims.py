"""What the splitter of claims finds in answers whose claims are known, since they were written so.

    python benchmarks/claims.py [--pairs 20]

Writes few words, a sentence and detail on planned edits of every kind and size, on either side, by the wordings of
`adiff edit`, and splits them. A louder audio is claimed to be louder and nothing else of the kind; an added sound is
claimed of one audio and denied of the other; of the same recording twice it is claimed that nothing differs. Printed by
quality: how many answers there are, the share of the known claims that are found (recall), and the share of the
comparisons, and of the claims that nothing differs, that are among the known ones (precision).
"""

import argparse
from collections import Counter
from collections.abc import Iterator

from adiff_data.claims import Kind, Mention, split_claims
from adiff_data.claims.edit_truth import EditTruth, PlacedEvent, Side, other_side
from adiff_data.edits.answers import explain
from adiff_data.edits.kinds import QUALITIES, Quality
from adiff_data.tiers import TIERS

EVENT = "a whistle blows"
COMPARED = {
    "loudness": "louder",
    "pitch": "higher-pitched",
    "brightness": "brighter",
    "tempo": "busier",
    "length": "longer",
}
SIDES: tuple[Side, ...] = (1, 2)
Key = tuple[Kind, int, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=20, help="of each edit, size and side")
    pairs = parser.parse_args().pairs
    print("quality     answers  recall  precision")
    for name in (*COMPARED, "event", "nothing"):
        found = known_ones = claimed = right = answers = 0
        for truth in truths(QUALITIES[name], pairs):
            known = known_claims(truth)
            for tier in TIERS:
                claims = split_claims(explain(truth, tier), whistles)
                made = {(claim.kind, claim.audio, claim.subject) for claim in claims}
                differing = [key for key in made if is_judged(key)]
                answers += 1
                found += len(known & made)
                known_ones += len(known)
                claimed += len(differing)
                right += sum(key in known for key in differing)
        precision = f"{right / claimed:.1%}" if claimed else "-"
        print(f"{name:11} {answers:7,}  {found / known_ones:6.1%}  {precision:>9}")


def truths(quality: Quality, pairs: int) -> Iterator[EditTruth]:
    """Planned edits of every kind, size and side."""
    numbers = Counter[str]()
    for edit in quality.edits:
        for size, amount in quality.amounts.items():
            for edited in SIDES:
                for _ in range(pairs):
                    numbers[quality.name] += 1
                    more = edited if edit == quality.more else other_side(edited)
                    event = PlacedEvent(sides=(more,), caption=EVENT, filepath="b.wav", onset=1.0, offset=1.5)
                    yield EditTruth(
                        id=f"{quality.name} {numbers[quality.name]}",
                        edit=edit,
                        quality=quality.name,
                        edited=edited,
                        more=None if quality.name == "nothing" else more,
                        size=size,
                        amount=amount,
                        unit=quality.unit,
                        events=(event,) if quality.events else (),
                        caption="A street in the evening",
                        filepath="a.wav",
                        start=0.0,
                    )


def known_claims(truth: EditTruth) -> set[Key]:
    """What every answer to an edit claims."""
    if truth.quality == "nothing":
        return {(Kind.SAME, 0, "everything")}
    if truth.more is None or truth.less is None:
        return set()
    if truth.quality == "event":
        return {(Kind.EVENT, truth.more, "whistle"), (Kind.ABSENT, truth.less, "whistle")}
    return {(Kind.COMPARISON, truth.more, COMPARED[truth.quality])}


def is_judged(key: Key) -> bool:
    """Whether a claim is one that an answer makes only where it is known: a comparison, or that nothing differs."""
    return key[0] in (Kind.COMPARISON, Kind.SAME) or key[2] == "whistle"


def whistles(text: str) -> list[Mention]:
    """Each place where the sound is named that was laid in."""
    places, start = [], text.lower().find("whistle")
    while start >= 0:
        places.append(Mention("whistle", start, start + len("whistle")))
        start = text.lower().find("whistle", start + 1)
    return places


if __name__ == "__main__":
    main()
