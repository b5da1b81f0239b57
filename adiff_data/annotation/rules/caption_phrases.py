"""A caption as a part of a sentence: its text without full stops, and what kind of phrase it is.

A template must be grammatical with whatever caption stands in it. So a caption is called a clause or a noun phrase only
where its words make that plain, and loose where they do not: a loose one stands behind a colon or in brackets, where
anything may stand.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from adiff_data.annotation.rules.caption_words import (
    AUXILIARIES,
    COUNTED_NOUNS,
    DETERMINERS,
    MANY,
    MANY_WITHOUT_S,
    MASS_NOUNS,
    NOT_PARTICIPLES,
    PARTICIPLES,
    PAST_FORMS,
    PLAIN_VERBS,
    PLAIN_VERBS_WITH_S,
    PREPOSITIONS,
    PRONOUNS,
    PROPER_NAMES,
    RELATIVES,
    SINGULAR_STARTS,
    SOUND_NOUNS,
    SUBORDINATORS,
    VERBS,
    VERBS_WITH_S,
    words_of,
)

_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!\b[A-Z])[.!?]+\s+")
_SPACE_BEFORE = re.compile(r"\s+(?=[,;.!?](?:\s|$))")
_COMMA = re.compile(r"(?:\s*,){2,}\s*|\s*,(?=[^\W\d])|\s+,(?=\S)")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]*\b")
_WORD_TWICE = re.compile(r"\b(to|of|in|on|at|with|from|and|the|a|an|is|are) \1\b", re.IGNORECASE)
_A_BEFORE_VOWEL = re.compile(r"\b([Aa])(?= (?:[aei][a-z]{2,}|o(?!n[ce]\b)[a-z]{2,})\b)(?! eu)")
_AN_BEFORE_CONSONANT = re.compile(r"\b([Aa])n(?= [bcdfgjklmnpqrstvwyz][a-z]{2,}\b)")
_ALL_ALONG_FIRST = re.compile(r"^all along, (.+)$", re.IGNORECASE)
_PART = re.compile(r"(?=,? (?:and|while|as|then|followed by|after|before|with|in)\b)|(?<=[;,])(?= )")
_PLACE_AND_TIME = re.compile(
    r",? and nothing else is heard|,? (?:all )?at the same time|\b(?:far away|from afar|close by|nearby|right in front|"
    r"right beside the listener|in the (?:far )?distance|in the (?:back|fore)ground|without a pause|throughout|"
    r"all along,?|the whole time|all the while)\b",
    re.IGNORECASE,
)
_DANGLING = words_of("is are was were be being has have and or but then while as the a an by to from first")
_NEEDS_A_PLACE = (
    AUXILIARIES | PREPOSITIONS | words_of("be been being and or but that which who where comes come coming then")
)
_GOES_WITH_PLACE = words_of(
    "and or of to by from than between"
)  # "in the distance and close by", "in the background of a song"
_SMALL_WORDS = (
    DETERMINERS
    | PREPOSITIONS
    | MASS_NOUNS
    | COUNTED_NOUNS
    | SOUND_NOUNS
    | MANY
    | MANY_WITHOUT_S
    | SUBORDINATORS
    | AUXILIARIES
    | PRONOUNS
    | words_of("and then birds cars dogs crickets insects footsteps")
) - {"i", "metal", "may"}
_SIMPLE_WORDS = 8
_VERBS_BEHIND_CAN = words_of("also be hear not see")


class Kind(Enum):
    """What a caption is in grammar."""

    CLAUSE = "clause"  # has a subject and a finite verb: "a fire crackles nearby"
    NOUN = "noun"  # a noun phrase: "heavy rain falling on a roof"
    LOOSE = "loose"  # anything else, or not known


@dataclass(frozen=True)
class Phrase:
    """A caption as a part of a sentence.

    Attributes:
        text: one line without full stops, its first letter small but for names and initials.
        kind: what it is in grammar.
        simple: whether it is short and has one part, so that words behind it cannot be misread as a part of it.
    """

    text: str
    kind: Kind
    simple: bool

    @cached_property
    def has_dummy_subject(self) -> bool:
        """Whether it begins with "it is", "there are" or a speaker, which no "scene in which" introduces well."""
        return bool({"it", "there", "this", "we", "you", "i"}.intersection(self.text.lower().split()[:1]))

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def phrase_of(caption: str) -> Phrase:
    """The phrase that a caption is."""
    return _phrase(_one_line(caption))


def shortened(phrase: Phrase, most: int) -> Phrase:
    """A phrase of at most `most` words: without place and time, then without its last parts, then cut."""
    if phrase.words <= most:
        return phrase
    text = _without_place_and_time(phrase.text)
    return _phrase(_first_parts(text, most))


def without_place_and_time(phrase: Phrase) -> Phrase:
    """The events and their sources alone, as few words ask for."""
    shorter = _phrase(_without_place_and_time(phrase.text))
    return shorter if shorter.kind is phrase.kind or phrase.kind is Kind.LOOSE else phrase


def _phrase(text: str) -> Phrase:
    words = [word.strip(".,;:!?\"'()“”") for word in text.lower().split()]
    simple = len(words) <= _SIMPLE_WORDS and not re.search(r"[,;:()\"“–—]", text)
    simple = simple and not (SUBORDINATORS | {"and", "or", "then", "before", "after"}).intersection(words)
    return Phrase(text, _kind(text, words), simple)


def _one_line(caption: str) -> str:
    text = _SPACE_BEFORE.sub("", " ".join(caption.split())).rstrip(" .;,:!?") or caption.strip()
    text = _ALL_ALONG_FIRST.sub(r"\1 all along", _mended(text))
    return "; ".join(_small_initial(sentence) for sentence in _SENTENCE_END.split(text) if sentence)


def _mended(text: str) -> str:
    """A caption without its slips of the pen: ` ,`, a capital amid a sentence, a word twice, `a` for `an`."""
    text = _CAPITAL_INSIDE.sub(_small_where_common, _COMMA.sub(", ", text))
    text = _WORD_TWICE.sub(r"\1", text)
    return _AN_BEFORE_CONSONANT.sub(r"\1", _A_BEFORE_VOWEL.sub(r"\1n", text))


def _small_where_common(match: re.Match[str]) -> str:
    word = match.group().lower()
    return word if word in _SMALL_WORDS else match.group()


def _small_initial(text: str) -> str:
    head = re.split(r"[\s,;:.']", text, maxsplit=1)[0]
    keeps = head == "I" or head in PROPER_NAMES or head[1:] != head[1:].lower()
    return text if keeps else text[:1].lower() + text[1:]


def _without_place_and_time(text: str) -> str:
    shorter = " ".join(_PLACE_AND_TIME.sub(_left_out, text).split()).replace(" ,", ",").strip(" ,")
    return re.sub(r"[,;]+(?=[,;])", "", shorter) or text


def _left_out(place: re.Match[str]) -> str:
    """Nothing, or the place itself where its sentence does not hold without it: "a street is in the background"."""
    before, after = place.string[: place.start()].split(), place.string[place.end() :].split()
    needed = bool(before) and before[-1].lower() in _NEEDS_A_PLACE
    return place.group() if needed or (after and after[0].lower() in _GOES_WITH_PLACE) else ""


def _first_parts(text: str, most: int) -> str:
    """As many whole parts as have `most` words together, or the first one, cut; nothing is left hanging at the end."""
    if len(text.split()) <= most:
        return text
    kept = ""
    for part in _PART.split(text):
        if len((kept + part).split()) > most:
            break
        kept += part
    words = (kept or " ".join(text.split()[:most])).rstrip(" ,;").split()
    while len(words) > 1 and words[-1].lower().strip(",;") in _DANGLING:
        words.pop()
    return " ".join(words).rstrip(" ,;")


def _kind(text: str, words: list[str]) -> Kind:
    if words[:1] == ["first"]:  # "first a dog barks"
        words = words[1:]
    if not words or re.search(r"[;:()]| [-–—] ", text) or not words[0].isalpha():
        return Kind.LOOSE
    if words[0] == "there":
        return Kind.CLAUSE if len(words) > 1 and words[1] in AUXILIARIES else Kind.LOOSE
    if _begins_otherwise(text, words):
        return Kind.LOOSE
    main = _before_subordinate(words)
    if _has_finite_verb(main):
        return Kind.CLAUSE
    verbs = _finite_verbs_of_relative_clause(words[len(main) :])
    if len(verbs) > 1:  # the second one belongs to the noun: "a storm that is far off is coming near"
        return Kind.CLAUSE if verbs[1] in AUXILIARIES else Kind.LOOSE
    return Kind.NOUN if _is_noun_phrase(main) else Kind.LOOSE


def _begins_otherwise(text: str, words: list[str]) -> bool:
    """Whether the words begin with neither a subject nor a noun phrase."""
    if words[0] in SUBORDINATORS | PREPOSITIONS | AUXILIARIES or words[0].endswith("ly"):
        return True
    aside = _is_participle(words[0]) and "," in text  # "tapping on a glass, someone asks for silence"
    return aside or _is_imperative(words)


def _before_subordinate(words: list[str]) -> list[str]:
    for number, word in enumerate(words):
        if word in SUBORDINATORS:
            return words[:number]
    return words


def _is_imperative(words: list[str]) -> bool:
    """Whether the words tell somebody to do something: "use a broom to sweep up glass"."""
    return len(words) > 1 and words[0] in VERBS and words[1] in DETERMINERS


def _finite_verbs_of_relative_clause(words: list[str]) -> list[str]:
    """The verbs up to the next clause, of verbs joined by "and" the first; none where the words begin otherwise."""
    verbs: list[str] = []
    if not words or words[0] not in RELATIVES:
        return verbs
    for number, word in enumerate(words[1:]):
        if word in SUBORDINATORS | {"then", "but"}:
            break
        joined = number > 0 and words[number] in {"and", "or"}
        if word in AUXILIARIES | PAST_FORMS | VERBS_WITH_S and not joined:
            verbs.append(word)
    return verbs


def _has_finite_verb(words: list[str]) -> bool:
    """Whether a finite verb surely follows a subject at the head of the words."""
    participle = _is_participle(words[0])
    for number in range(1, len(words)):
        word, before = words[number], words[:number]
        if _is_auxiliary(words, number):
            return before[0] not in COUNTED_NOUNS
        if word in {"then", "but", "before", "after"} or (participle and word in {"and", "or"}):
            return False
        participle = participle or (_is_participle(word) and not _is_adjective(before))
        if not participle and _is_verb_of_subject(word, before, words[number + 1 :]):
            return True
    return False


def _is_auxiliary(words: list[str], number: int) -> bool:
    """Whether a word is an auxiliary verb. Of "can", only the word behind it tells: "a soda can" is a thing."""
    if words[number] != "can":
        return words[number] in AUXILIARIES
    behind = next((word for word in words[number + 1 :] if not word.endswith("ly")), "")
    return behind in VERBS | _VERBS_BEHIND_CAN


def _is_adjective(before: list[str]) -> bool:
    """Whether a participle behind these words is one: "a barking", "a quickly wailing"."""
    return before[-1] in DETERMINERS or (len(before) > 1 and before[-1].endswith("ly") and before[-2] in DETERMINERS)


def _is_verb_of_subject(word: str, before: list[str], after: list[str]) -> bool:
    if word in VERBS_WITH_S and _ends_a_singular_subject(word, before, after):
        return True
    return word in VERBS and _ends_a_plural_subject(before)


def _ends_a_singular_subject(verb: str, before: list[str], after: list[str]) -> bool:
    noun = _last_but_adverbs(before)
    if noun in PREPOSITIONS | DETERMINERS | MANY | {"and", "or"} or (after and after[0] in {"of"}):
        return False
    if MANY.intersection(before) or "of" in before:
        return verb in PLAIN_VERBS_WITH_S
    if before[0] in SINGULAR_STARTS:
        return True
    if noun in MASS_NOUNS:
        return not PREPOSITIONS.intersection(before) and (verb in PLAIN_VERBS_WITH_S or bool(after))
    return before[0] == "the" and (verb in PLAIN_VERBS_WITH_S or (bool(after) and after[0] in PREPOSITIONS))


def _ends_a_plural_subject(before: list[str]) -> bool:
    noun = _last_but_adverbs(before)
    return noun in MANY_WITHOUT_S or (
        len(noun) > 3
        and noun.endswith("s")
        and not noun.endswith(("ss", "us", "'s", "is"))
        and noun not in PREPOSITIONS
    )


def _last_but_adverbs(words: list[str]) -> str:
    last = [word for word in words if not (word.endswith("ly") and word not in {"fly", "family"})]
    return last[-1] if last else ""


def _is_participle(word: str) -> bool:
    return word.endswith("ing") and len(word) > 4 and word not in NOT_PARTICIPLES


def _is_noun_phrase(words: list[str]) -> bool:
    """Whether the words are surely a noun phrase: something shows it, and nothing in them may be a finite verb."""
    if not words or words[0] in COUNTED_NOUNS or _is_participle(words[0]):
        return False
    if words[0] in PRONOUNS - {"someone", "somebody", "something"}:
        return False
    shown = any(_is_participle(word) for word in words[1:]) or "of" in words[1:6] or words[-1] in SOUND_NOUNS
    return shown and not any(_may_be_finite(words, number) for number in range(1, len(words)))


def _may_be_finite(words: list[str], number: int) -> bool:
    word, before = words[number], words[number - 1]
    after = words[number + 1] if number + 1 < len(words) else ""
    if _is_auxiliary(words, number) or word in PAST_FORMS:
        return True
    if before in PREPOSITIONS | DETERMINERS | MANY or after == "of" or _is_participle(after) or "-" in word:
        return False
    if word.endswith("ed") and len(word) > 3:
        return word not in PARTICIPLES
    if word in VERBS_WITH_S or (word.endswith("s") and after in DETERMINERS):  # "music underscores a chirping bird"
        return True
    singular = words[0] in SINGULAR_STARTS and not MANY.intersection(words[:number]) and "of" not in words[:number]
    if singular and word.endswith("s") and not word.endswith(("ss", "us")):
        return not any(_is_participle(earlier) for earlier in words[:number])
    return word in PLAIN_VERBS and not _is_participle(before) and before not in {"to", "and"}
