"""Takes one claim out of an answer: as little of the sentence as leaves a sentence, else the sentence.

A comparison goes out of a list ("louder, brighter and busier"), from before a noun ("a louder dog"), as what is said
beside something else (", and is louder"), or with its clause. An event goes out of a row of events ("a dog barks, then
rain falls").
"""

import re
from collections.abc import Callable

from adiff_data.claims.claim import Claim, Kind
from adiff_data.claims.comparisons import COMPARATIVE
from adiff_data.claims.sides import side_markers
from adiff_data.core.wording import listed

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ADVERB = (
    r"(?:(?:slightly|somewhat|much|far|noticeably|clearly|considerably|significantly|markedly|generally|overall|also"
    r"|both|even|a bit|a little)\s+)?"
)
_OTHERS = (  # what stands in one list with comparatives that are measured
    r"(?:more|less)\s+[a-z]+|sharper|harsher|calmer|richer|fuller|clearer|warmer|smoother|rougher|crisper|thinner"
    r"|heavier|lighter|closer|cleaner|stronger|weaker|gentler"
)
_AMOUNT = (
    r"\s+by\s+(?:about\s+|around\s+|roughly\s+|some\s+)?(?:a factor of\s+\d+(?:\.\d+)?(?:\s+in\s+(?:its spectral centre"
    r"|events a second))?|[\d.,]*\d\s*[A-Za-z]+)"
)
_BY = re.compile(r"^\s*by\s+(?:about\s+|around\s+|roughly\s+|some\s+)?", re.IGNORECASE)
_OF_WHAT = r"(?:\s+in\s+(?:tone|level|pitch|volume|timbre|loudness|brightness|sound|duration|frequency))?"
_ITEM = re.compile(rf"\b{_ADVERB}(?:{COMPARATIVE.pattern}|\b(?:{_OTHERS})\b){_OF_WHAT}(?:{_AMOUNT})?", re.IGNORECASE)
_BETWEEN_ITEMS = re.compile(r",?\s+(?:and|but|or|as well as)\s+|,\s+", re.IGNORECASE)
_THAN = re.compile(r"\s+(?:than|compared (?:to|with)|relative to)\s+[^,;.–]*", re.IGNORECASE)
_BEFORE_NOUN = re.compile(
    r"\b(?:an?|the|its|with|of|has|have|features?|contains?|includes?|captures?)\s+(?P<others>(?:[a-z-]+,\s+)*)$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\s+(?!(?:than|compared|relative|in|on|at|to|by|as|or|and|but|for|from|with|while|whereas|which|that|when|overall"
    r"|throughout|because|since|due|here|there|of|one)\b)(?P<noun>[a-z-]+)",
    re.IGNORECASE,
)
_MEASURE_NOUN = re.compile(  # of which nothing is left to say without the comparative
    r"tones?|timbre|pitch|level|volume|loudness|brightness|pace|tempo|rate|duration|length|frequency|character|quality"
    r"|sound|texture|soundscape|dynamics?|intensity"
)
_MORE_ADJECTIVES = re.compile(
    r"(?:,|\s+and)\s+(?:and\s+)?(?!(?:while|whereas|with|which|but|characteristic|[a-z]+ing)\b)"
    r"(?![a-z-]+\s+(?:by|with|from|in|of|to|that|which|as|the|an?)\b)(?=[a-z-]+(?:,|\s+(?:and\s+)?[a-z-]+))"
)
_TWO_LEFT = re.compile(r"^([a-z-]+(?:\s+[a-z-]+)?), and ")
_ANOTHER_NOUN = re.compile(r"\s+and\s+[a-z]+(?=[,;.])")
_WITH = re.compile(r",?\s+(?:and\s+)?(?:with|at|having|in)\s+(?:an?|its|the)\s+$", re.IGNORECASE)
_BESIDE = re.compile(
    r"(?:,?\s+and(?:\s+(?:thus|therefore))?|,)\s+(?:(?:it\s+)?(?:is|are|sounds?|seems?|appears?)|making it|being"
    r"|sounding|which (?:is|makes it|sounds))\s+$",
    re.IGNORECASE,
)
_JOINT = re.compile(  # between two clauses
    r"\s*;\s+(?:and\s+)?|\s+–,?\s+|,?\s+(?:while|whereas|whilst|although|but)\s+|,\s+(?:and\s+)?(?=(?:in\s+|for\s+)?@)"
)
_SUBORDINATE = re.compile(r"(?:while|whereas|although|whilst)\s+", re.IGNORECASE)
_OPENER_WORDS = 6
_LINK = re.compile(  # between two events of one audio
    r"(?P<noun>,?\s+(?:and\s+)?(?:followed by|along with|together with|as well as)\s+|\s+(?:before|after)\s+)"
    r"|,?\s+(?:and\s+)?(?:then|finally)\s+|,?\s+(?:while|as)\s+|,?(?<!again)\s+and\s+(?!again)|,\s+",
    re.IGNORECASE,
)
_EVENTS_BEGIN = re.compile(
    r"[:–(]\s*|,?\s+(?:(?:has|have)(?:\s+to\s+do\s+with)?|is|are|features?|contains?|captures?|includes?|holds|we hear"
    r"|one hears|(?:sequence|mixture|combination|mix|scene)\s+of)\s+|,\s+|\s+with\s+"
)
_EVENTS_END = re.compile(
    r"[;:.–)]|,?\s+(?:whereas|but)\s+|,\s+(?=(?:and\s+|while\s+)?(?:only\s+)?(?:in\s+)?@)|\s+(?=while\s+(?:in\s+)?@)"
)
_MARK = "@"  # stands for the first character of a name of an audio, so that patterns see it

Sentence = str
Way = Callable[[Sentence, int, int], Sentence | None]


def without_claim(answer: str, claim: Claim) -> str:
    """The answer without a claim that stands in it; empty where nothing is left."""
    start, end = _sentence_at(answer, claim.start, claim.end)
    sentence = answer[start:end]
    ways = _WAYS_OF_EVENTS if claim.kind in (Kind.EVENT, Kind.ABSENT) else _WAYS_OF_COMPARISONS
    for way in ways:
        rest = way(sentence, claim.start - start, claim.end - start)
        if rest is not None and len(rest) < len(sentence):
            return _joined(answer[:start], _tidy(rest), answer[end:])
    return _joined(answer[:start], "", answer[end:])


def without_amount(answer: str, start: int) -> str:
    """The answer without the amount ("by 8 LU") of the comparison that starts at `start`, if it has one."""
    begin, end = _place_of_amount(answer, start)
    return answer[:begin] + answer[end:]


def amount_of(answer: str, start: int) -> str:
    """The amount ("8 LU") of the comparison that starts at `start`; empty where it has none."""
    return _BY.sub("", answer[slice(*_place_of_amount(answer, start))])


def _place_of_amount(answer: str, start: int) -> tuple[int, int]:
    for item in _ITEM.finditer(answer):
        if item.start() <= start < item.end() and (amount := re.search(_AMOUNT, item.group(), re.IGNORECASE)):
            return item.start() + amount.start(), item.start() + amount.end()
    return start, start


def _sentence_at(answer: str, start: int, end: int) -> tuple[int, int]:
    breaks = [match.end() for match in _SENTENCE_END.finditer(answer)]
    starts, ends = [0, *breaks], [*breaks, len(answer)]
    return max(place for place in starts if place <= start), min(place for place in ends if place >= end)


def _item_way(sentence: Sentence, start: int, end: int) -> Sentence | None:
    """Without one comparative of several in a list."""
    items = _list_around(sentence, start, end)
    if len(items) < 2:
        return None
    kept = [sentence[slice(*item)] for item in items if not (item[0] < end and start < item[1])]
    return sentence[: items[0][0]] + listed(kept) + sentence[items[-1][1] :]


def _attribute_way(sentence: Sentence, start: int, end: int) -> Sentence | None:
    """Without a comparative before a noun; with the noun where it names no more than what is compared."""
    items = _list_around(sentence, start, end)
    article = _BEFORE_NOUN.search(sentence[: items[0][0]]) if len(items) == 1 else None
    if article is None:
        return None
    first, last = items[0]
    if _MEASURE_NOUN.fullmatch(sentence[first:last].lower().split()[-1]):  # "a higher pitch"
        return _without_noun(sentence, first, last)
    if adjectives := _MORE_ADJECTIVES.match(sentence, last):
        return _with_article(sentence[:first], _TWO_LEFT.sub(r"\1 and ", sentence[adjectives.end() :]))
    noun = _NOUN.match(sentence, last)
    if noun and article["others"]:  # "a new, higher-pitched sound"
        return sentence[:first].rstrip(", ") + sentence[last:]
    if noun and _MEASURE_NOUN.fullmatch(noun["noun"].lower()):
        return _without_noun(sentence, first, noun.end())
    return _with_article(sentence[:first], sentence[noun.start("noun") :]) if noun else None


def _without_noun(sentence: Sentence, first: int, last: int) -> Sentence | None:
    """Without "with a softer tone", and what shares the comparative: "and tempo"."""
    beginning, another = _WITH.search(sentence[:first]), _ANOTHER_NOUN.match(sentence, last)
    return sentence[: beginning.start()] + sentence[another.end() if another else last :] if beginning else None


def _beside_way(sentence: Sentence, start: int, end: int) -> Sentence | None:
    """Without ", and is louder than audio 1" behind something else that is said of an audio."""
    items = _list_around(sentence, start, end)
    beginning = _BESIDE.search(sentence[: items[0][0]]) if len(items) == 1 else None
    if beginning is None or not beginning.start():
        return None
    than = _THAN.match(sentence, items[0][1])
    return sentence[: beginning.start()] + sentence[than.end() if than else items[0][1] :]


def _clause_way(sentence: Sentence, start: int, end: int) -> Sentence | None:
    """Without the clause; an opener ("Acoustically, …") stays for the one behind it."""
    body = sentence.rstrip().rstrip(".!?")
    clauses = _clauses(body)
    number = next((n for n, (first, last) in enumerate(clauses) if first <= start < last), None)
    if number is None or len(clauses) < 2:
        return None
    (first, last), is_last = clauses[number], number == len(clauses) - 1
    is_joined_tightly = number > 0 and not re.match(r"\s*[;–]", body[clauses[number - 1][1] : first])
    if is_last or is_joined_tightly:
        before, after = body[: clauses[number - 1][1]], body[last:]
        if len(clauses) == 2:
            before = _SUBORDINATE.sub("", before, count=1) if _SUBORDINATE.match(before) else before
    else:
        before, after = body[: first + _opener(body[first:last])], body[clauses[number + 1][0] :]
    return f"{before}{after}{sentence[len(body) :]}"


def _events_way(sentence: Sentence, start: int, end: int) -> Sentence | None:
    """Without one event of a row."""
    begin, stop = _row_of_events(sentence, start, end)
    links = list(_LINK.finditer(sentence, begin, stop))
    starts, ends = [begin, *(link.end() for link in links)], [*(link.start() for link in links), stop]
    number = next((n for n, (a, b) in enumerate(zip(starts, ends, strict=True)) if a <= start < b), None)
    if number is None or len(starts) < 2 or end > ends[number]:
        return None
    if number:
        kept = sentence[: ends[number - 1]]
        is_list = number > 1 and (links[number - 2].group(), links[number - 1].group()) == (", ", " and ")
        if is_list and number == len(links):  # "engines, animals and fire"
            kept = f"{sentence[: ends[number - 2]]} and {sentence[starts[number - 1] : ends[number - 1]]}"
        return kept + sentence[ends[number] :]
    heard = " can be heard" if links[0]["noun"] else ""
    before = sentence[:begin] if sentence[:begin].endswith((" ", "(")) or not begin else f"{sentence[:begin]} "
    return before + sentence[starts[1] : ends[1]] + heard + sentence[ends[1] :]


_WAYS_OF_COMPARISONS: tuple[Way, ...] = (_item_way, _attribute_way, _beside_way, _clause_way)
_WAYS_OF_EVENTS: tuple[Way, ...] = (_events_way,)


def _list_around(sentence: Sentence, start: int, end: int) -> list[tuple[int, int]]:
    """The comparatives that stand in one list with the one at `start`, in order; none where there is none."""
    items = [match.span() for match in _ITEM.finditer(sentence)]
    number = next((n for n, (first, last) in enumerate(items) if first < end and start < last), None)
    if number is None:
        return []
    low = high = number
    while low and _BETWEEN_ITEMS.fullmatch(sentence, items[low - 1][1], items[low][0]):
        low -= 1
    while high + 1 < len(items) and _BETWEEN_ITEMS.fullmatch(sentence, items[high][1], items[high + 1][0]):
        high += 1
    return items[low : high + 1]


def _clauses(body: Sentence) -> list[tuple[int, int]]:
    """Where the clauses of a sentence start and end, without what joins them."""
    marked, joints = _marked(body), []
    begin = 0
    for joint in _JOINT.finditer(marked):
        if joint.end() != begin + _opener(body[begin:]):
            joints.append(joint)
            begin = joint.end()
    starts, ends = [0, *(match.end() for match in joints)], [*(match.start() for match in joints), len(body)]
    return list(zip(starts, ends, strict=True))


def _opener(clause: str) -> int:
    """The length of "Acoustically, " or "More exactly, " before the first name of an audio; 0 where there is none."""
    markers = side_markers(clause)
    before = clause[: markers[0][0]] if markers else ""
    is_opener = before.endswith(", ") and len(before.split()) <= _OPENER_WORDS and not _SUBORDINATE.match(before)
    return len(before) if is_opener and not COMPARATIVE.search(before) else 0


def _row_of_events(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """Where the row of events begins and ends that an event stands in."""
    marked = _marked(sentence)
    names = [marker[1] for marker in side_markers(sentence) if marker[1] <= start]
    begin = names[-1] if names else 0
    for match in _EVENTS_BEGIN.finditer(marked, begin, start):
        if match.group().strip() not in (",", "with") or match.start() == begin:
            begin = match.end()
    stop = _EVENTS_END.search(marked, end)
    end = stop.start() if stop else len(sentence)
    return begin, len(sentence[:end].rstrip())


def _marked(text: str) -> str:
    """The text with a sign at the head of each name of an audio; as long as it was."""
    for start, _, _ in reversed(side_markers(text)):
        text = text[:start] + _MARK + text[start + 1 :]
    return text


def _with_article(before: str, after: str) -> str:
    """Two parts of a sentence, with "a" or "an" before the second as its first letter has it."""
    article = re.search(r"\b(an?)\s+$", before, re.IGNORECASE)
    if article is None:
        return before + after
    fitting = "an" if after[:1].lower() in "aeiou" else "a"
    return before[: article.start()] + (fitting.capitalize() if article[1][0].isupper() else fitting) + " " + after


def _tidy(sentence: Sentence) -> Sentence:
    sentence = re.sub(r"\s+([,;.])", r"\1", re.sub(r"[ \t]{2,}", " ", sentence))
    sentence = re.sub(r"[,;:–]\s*(?=[.!?]\s*$)", "", sentence).strip()
    return sentence[:1].upper() + sentence[1:]


def _joined(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())
