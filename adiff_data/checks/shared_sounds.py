"""The check of an answer on what two audios share: what it gives to both is in both, and it makes up no difference."""

from adiff_data.audio.differences import PairFacts
from adiff_data.checks.verdicts import Finding, Reason, failed, passed
from adiff_data.claims.claim import BOTH, Kind, Mention
from adiff_data.claims.comparisons import comparisons
from adiff_data.claims.sides import sides_of
from adiff_data.claims.splitting import says_something_of_both, split_claims
from adiff_data.records import Annotation
from adiff_data.sounds.families import read_caption
from adiff_data.sounds.things import GENERAL_NAMES, named_generally, named_things, places_of_things

NAME = "shared sounds"


class SharedSoundsReason(Reason):
    """What is wrong with an answer on what two audios share."""

    NOTHING_SHARED = "it names nothing that both audios have"
    IN_ONE_ALONE = "it gives {sound} to both audios, and the caption of audio {audio} has none"
    IN_NEITHER = "it gives {sound} to both audios, and neither caption has it"
    DIFFERENCE = "it tells a difference ('{words}') that was not measured, and was asked what both share"


def shared_sounds(annotation: Annotation, facts: PairFacts | None = None) -> Finding:
    """Fails an answer on what two audios share that gives to both what one or neither has, or makes up a difference.

    A sound is in a caption that names it. A sound of its kind in both is enough where its name is a general one, as "a
    vehicle", or where neither caption has that name.
    """
    answer = annotation.answer
    if not says_something_of_both(answer) and not all(sides_of(answer)[:2]):
        return failed(NAME, SharedSoundsReason.NOTHING_SHARED)
    measured = {(difference.quality, difference.audio) for difference in facts.differences} if facts else set()
    for made in comparisons(answer):
        if (made.quality, made.audio) not in measured:
            return failed(NAME, SharedSoundsReason.DIFFERENCE, words=made.words)
    for claim in split_claims(answer, _sounds):
        if claim.kind is Kind.EVENT and claim.audio == BOTH:
            family, _, name = claim.subject.partition(": ")
            if finding := _not_shared(annotation, family, name):
                return finding
    return passed(NAME)


def _sounds(text: str) -> list[Mention]:
    return [Mention(f"{family}: {name}", start, end) for start, end, family, name in places_of_things(text)]


def _not_shared(row: Annotation, family: str, name: str) -> Finding | None:
    captions = (row.caption1, row.caption2)
    has_it = [(family, name) in (*named_things(caption), *named_generally(caption)) for caption in captions]
    has_its_kind = [family in {each.name for each in read_caption(caption).families} for caption in captions]
    if all(has_it) or (all(has_its_kind) and (name in GENERAL_NAMES or not any(has_it))):
        return None
    if any(has_it):
        return failed(NAME, SharedSoundsReason.IN_ONE_ALONE, sound=name, audio=has_it.index(False) + 1)
    return failed(NAME, SharedSoundsReason.IN_NEITHER, sound=name)
