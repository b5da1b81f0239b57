"""Grammar of messages: numbers with their nouns and verbs, and articles."""


def counted(count: int, one: str, several: str) -> str:
    """A number and what it counts: `counted(1, "row has", "rows have")` is "1 row has"."""
    return f"{count:,} {one if count == 1 else several}"


def with_article(name: str) -> str:
    """A name after its article: "an int", "a Path"."""
    return f"{'an' if name[:1] in 'AEIOUaeiou' else 'a'} {name}"
