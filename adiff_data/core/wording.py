"""Grammar of messages and answers: numbers with their nouns and verbs, articles, lists in a sentence."""

from collections.abc import Sequence


def counted(count: int, one: str, several: str) -> str:
    """A number and what it counts: `counted(1, "row has", "rows have")` is "1 row has"."""
    return f"{count:,} {one if count == 1 else several}"


def with_article(name: str) -> str:
    """A name after its article: "an int", "a Path"."""
    return f"{'an' if name[:1] in 'AEIOUaeiou' else 'a'} {name}"


def listed(items: Sequence[str]) -> str:
    """Items in a sentence: "rain", "rain and wind", "rain, wind and birds"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
