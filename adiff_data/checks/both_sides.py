"""The check that an answer tells the two audios apart, and says something of each."""

from adiff_data.checks.verdicts import Finding, Reason, failed, passed, undecided
from adiff_data.claims.equality import same_claims
from adiff_data.claims.sides import sides_of
from adiff_data.records import Annotation

NAME = "both sides"


class SidesReason(Reason):
    """Why an answer does not tell the two audios apart."""

    ONLY_CONTRASTED = "it names no audio, and a contrast alone parts the two"
    NEITHER_NAMED = "it names neither audio and contrasts nothing"
    ONE_MISSING = "it says nothing of audio {audio}"


def both_sides(annotation: Annotation) -> Finding:
    """Whether the answer speaks of both audios, and says something of each; that nothing differs says it of both."""
    if any(same_claims(annotation.answer)):
        return passed(NAME)
    sides = sides_of(annotation.answer)
    if not sides.marked:
        if sides.first and sides.second:
            return undecided(NAME, SidesReason.ONLY_CONTRASTED)
        return failed(NAME, SidesReason.NEITHER_NAMED)
    if not sides.first or not sides.second:
        return failed(NAME, SidesReason.ONE_MISSING, audio=2 if sides.first else 1)
    return passed(NAME)
