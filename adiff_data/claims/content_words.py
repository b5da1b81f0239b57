"""The words of a text that tell what is heard, without the words that any explanation has."""

import re
from functools import cache

import snowballstemmer

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_SCAFFOLDING = """
audio audios recording clip sound sounding sonic acoustic auditory listen listener hear heard sense feel feature
featuring presents consist contain include comprise exhibit showcase convey evoke create creating produce generate
provide add offer introduce introduction indicate suggest reflect resemble seem display capture allow contribute
involve engage serve follow accompany characterize characterized dominate dominated dominant predominantly primarily
primary secondary main mainly differ different difference distinct distinctive distinguish compare contrast
contrasting stark similar unlike versus whereas first second former latter one two each both other another overall
respectively entire whole typical specific particular signature unique individual single multiple several various
varied vary variation variety diverse wide wider narrow broad broader range mix mixture blend combination combine
layer layered layering array set series sequence succession component element aspect attribute property quality
characteristic nature profile structure pattern term level degree frequency frequent frequencies pitch pitched tone
tonal tonality timbre timbral loud loudness amplitude volume intensity intense decibel spectrum spectral spectro
temporal duration tempo rhythm rhythmic rhythmically cadence pace beat harmonic harmony overtone resonance resonant
reverberation reverb decay attack sustain sustained release envelope onset transient modulate modulation fluctuate
fluctuation dynamic dynamics energy energetic power powerful signal psychoacoustic spatial texture textured textural
density dense sparse rich complex complexity simple simplicity soundscape landscape tapestry ambience ambiance ambient
atmosphere atmospheric environment environmental scene setting background foreground context space mood emotion
emotional high higher low lower mid middle deep deeper sharp sharper soft softer softly gentle gently subtle subdued
muffled muted harsh abrasive crisp clear clearly clarity distant close prominent noticeable discernible present
presence absence lack sudden suddenly abrupt abruptly gradual gradually brief short shorter long longer quick rapid
slow constant constantly continuous continuously continual consistent consistently steady steadily stable regular
irregular uniform repetitive repeated repeatedly monotonous monotone intermittent occasional sporadic random
predictable unpredictable erratic chaotic chaos cacophony cacophonous jarring piercing shrill calm calming calmness
peaceful serene soothing tranquil relaxing pleasant unpleasant warm warmth bright dark smooth rough mellow melodic
tension urgency urgent excitement intimate intimacy lively increase increasing decrease decreasing rise fall change
changing shift transition evolve progress progression alternate interrupt interrupted punctuate punctuated emphasis
emphasize highlight focus attention notice notable impact effect response experience perceive perception cognitive
cognition semantic meaning interact interaction activity active event source origin content natural organic artificial
synthetic mechanical industrial biological percussive impulsive wave minimal slight slightly more less most least much
very also still even only often possibly likely potentially additional additionally subsequent subsequently amidst
amid within along throughout overlap overlapping simultaneously end start begin mark marked distinctiveness real
realistic vast general generally significant significantly contribution hz khz db
"""


@cache
def stem(word: str) -> str:
    """The stem of an English word (Porter's second stemmer)."""
    return _stemmer().stemWord(word)


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@cache
def _stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - scikit-learn takes a second

    return frozenset(ENGLISH_STOP_WORDS)


@cache
def _scaffolding() -> frozenset[str]:
    return frozenset(stem(word) for word in _SCAFFOLDING.split())


def content_words(text: str) -> list[str]:
    """The words that tell what is heard, in lower case and in their order."""
    return [
        word
        for word in _WORD.findall(text.lower())
        if len(word) > 2 and word not in _stop_words() and stem(word) not in _scaffolding()
    ]


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that tell what is heard."""
    return frozenset(stem(word) for word in content_words(text))
