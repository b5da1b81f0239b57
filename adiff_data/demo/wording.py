"""Captions of a scene: five sentences in varied words, saying only what was put in."""

from adiff_data.core.seeded import Seeded
from adiff_data.demo.recorded import ALL_SOURCES
from adiff_data.demo.scenes import Event, Scene

_NEAR = ("nearby", "close by", "right in front")
_FAR = ("in the distance", "far away", "from afar")

_SINGLE = ("{a}", "{a} throughout", "all along, {a}", "{a} without a pause", "{a}, and nothing else is heard")
_SEQUENCE = {
    2: (
        "{a}, then {b}",
        "{a}, followed by {b_noun}",
        "first {a}, and then {b}",
        "{a} before {b}",
        "{b} after {a}",
    ),
    3: (
        "{a}, then {b}, and then {c}",
        "{a}, followed by {b_noun} and {c_noun}",
        "first {a}, then {b}, and finally {c}",
        "{a} before {b}, and {c} at the end",
        "{a_noun} at first, then {b_noun}, and {c_noun} at the end",
    ),
}
_TOGETHER = {
    2: (
        "{a} while {b}",
        "{a} as {b}",
        "{a} and {b} at the same time",
        "{a_noun} and {b_noun} at once",
        "{a} along with {b_noun}",
    ),
    3: (
        "{a} while {b} and {c}",
        "{a} as {b}, along with {c_noun}",
        "{a}, {b} and {c} all at the same time",
        "{a_noun}, {b_noun} and {c_noun} at once",
        "{a} along with {b_noun} and {c_noun}",
    ),
}


def captions(scene: Scene, stream: Seeded) -> tuple[str, ...]:
    """Five captions of a scene, each of another build."""
    templates = list(_templates(scene))
    stream.shuffle(templates)
    return tuple(_sentence(template, scene, stream) for template in templates)


def _templates(scene: Scene) -> tuple[str, ...]:
    if scene.arrangement == "single":
        return _SINGLE
    by_count = _SEQUENCE if scene.arrangement == "sequence" else _TOGETHER
    return by_count[len(scene.events)]


def _sentence(template: str, scene: Scene, stream: Seeded) -> str:
    words = {}
    for letter, event in zip("abc", scene.events, strict=False):
        words[letter] = _phrase(event, ALL_SOURCES[event.source].clauses, stream)
        words[f"{letter}_noun"] = _phrase(event, ALL_SOURCES[event.source].nouns, stream)
    text = template.format(**words)
    return text[0].upper() + text[1:] + "."


def _phrase(event: Event, forms: tuple[str, ...], stream: Seeded) -> str:
    phrase = stream.choice(forms).format(how=_adjective(event) if stream.chance(0.6) else "")
    phrase = _mend_articles(" ".join(phrase.split()))
    if event.distance == "far":
        return f"{phrase} {stream.choice(_FAR)}"
    return f"{phrase} {stream.choice(_NEAR)}" if stream.chance(0.3) else phrase


def aspects(event: Event) -> tuple[str, ...]:
    """What captions may say of an event: `far`; `low` or `high`, the end of its range at which its first parameter is
    (slow or fast, deep or bright, …): not of a recording's, whose parameters nobody knows."""
    distance = ("far",) if event.distance == "far" else ()
    if event.recording:
        return distance
    parameter = ALL_SOURCES[event.source].parameters[0]
    middle = (parameter.low + parameter.high) / 2
    return (*distance, "low" if event.parameters[parameter.name] < middle else "high")


def _adjective(event: Event) -> str:
    """The word for the first parameter's value; none where it is a recording's."""
    known = aspects(event)
    if "low" in known:
        return ALL_SOURCES[event.source].parameters[0].low_word
    return ALL_SOURCES[event.source].parameters[0].high_word if "high" in known else ""


def _mend_articles(phrase: str) -> str:
    """`a emergency siren` → `an emergency siren`; a pace without an adjective → a steady one."""
    phrase = phrase.replace("at a pace", "at a steady pace")
    words = phrase.split()
    for index, word in enumerate(words[:-1]):
        if word == "a" and words[index + 1][0] in "aeiou":
            words[index] = "an"
    return " ".join(words)
