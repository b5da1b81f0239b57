"""Which of the demo's sources a text names, and what AudioSet calls them."""

import re

from adiff_data.claims import Mention

AUDIOSET = {
    "rain": ("Rain",),
    "wind": ("Wind",),
    "sea waves": ("Waves, surf", "Ocean"),
    "clock": ("Clock", "Tick-tock"),
    "church bell": ("Church bell",),
    "siren": ("Siren",),
    "dog": ("Dog", "Bark"),
    "birds": ("Bird vocalization, bird call, bird song",),
    "engine": ("Engine", "Idling"),
    "helicopter": ("Helicopter",),
    "fire": ("Fire", "Crackle"),
    "footsteps": ("Walk, footsteps",),
    "knocking": ("Knock",),
    "applause": ("Applause",),
    "thunder": ("Thunder",),
    "crickets": ("Cricket",),
    "baby": ("Baby cry, infant cry",),
    "chainsaw": ("Chainsaw",),
    "sneeze": ("Sneeze",),
    "rooster": ("Chicken, rooster",),
}

# "engines", "clocks", "fire" and "steps" stand in sentences about kinds of sources and about time, not for the sources.
_NAMES = {
    "rain": r"rain(?:fall)?",
    "wind": r"winds?",
    "sea waves": r"waves?",
    "clock": r"clock",
    "church bell": r"bells?",
    "siren": r"sirens?",
    "dog": r"dogs?|bark(?:s|ing)?",
    "birds": r"birds?",
    "engine": r"engine|motor",
    "helicopter": r"helicopters?|rotor",
    "fire": r"(?:a|small|big|crackling) fire|campfire",
    "footsteps": r"footsteps?|(?<!in )steps",
    "knocking": r"knock(?:s|ed|ing)?",
    "applause": r"applau\w+|crowd|audience|clap(?:s|ping)?",
    "thunder": r"thunder",
    "crickets": r"crickets?",
    "baby": r"baby|infant",
    "chainsaw": r"chainsaws?",
    "sneeze": r"sneez\w+",
    "rooster": r"roosters?",
}
_PATTERNS = {source: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for source, words in _NAMES.items()}


def mentions(text: str) -> list[Mention]:
    """Every place where a text names a source, in order."""
    named = [
        Mention(source, match.start(), match.end())
        for source, pattern in _PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    return sorted(named, key=lambda mention: mention.start)


def named_sources(text: str) -> tuple[str, ...]:
    """The sources that a text names, each once, in the order in which it names them first."""
    return tuple(dict.fromkeys(mention.source for mention in mentions(text)))
