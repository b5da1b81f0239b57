"""What a repository is called, under which terms it is published, and how it is cited."""

from collections.abc import Collection
from dataclasses import dataclass

from adiff_data.sources import corpus_named
from adiff_data.tiers import SIMILARITY, TIERS

ADIFF_CITATION = """@inproceedings{deshmukh2025adiff,
  title     = {{ADIFF}: Explaining audio difference using natural language},
  author    = {Deshmukh, Soham and Han, Shuo and Singh, Rita and Raj, Bhiksha},
  booktitle = {International Conference on Learning Representations},
  year      = {2025}
}"""


@dataclass(frozen=True)
class Description:
    """A repository in a few words.

    Attributes:
        name: its title.
        repository: `ORG/NAME` on the Hub, or the name of the folder.
        url: its address.
        publisher: who publishes it.
        corpora: the names of the corpora that it is made from.
        licence: the Hub's name of a licence; `other` if the corpora have different terms, or terms of their own.
        date: the date of its data, in ISO 8601.
        kinds: the kinds of answer that are in it.
    """

    name: str
    repository: str
    url: str
    publisher: str
    corpora: tuple[str, ...]
    licence: str
    date: str
    kinds: frozenset[str] = frozenset(TIERS)

    @property
    def summary(self) -> str:
        """What it is, in two or three sentences."""
        titles = ", ".join(corpus_named(corpus).terms.title for corpus in self.corpora)
        similarity = "Of pairs that share something, it says what. " if SIMILARITY.name in self.kinds else ""
        return (
            "Pairs of audio clips, and for each pair an explanation of how the two recordings differ, in three tiers: "
            f"few words, a sentence, and detail. {similarity}Made with adiff from the captions of {titles}."
        )

    @property
    def source(self) -> str:
        """What `load_dataset` and `load_split` take: the repository, or the folder, seen from where it stands."""
        return self.repository if self._on_hub else f"./{self.repository}"

    @property
    def licence_link(self) -> str:
        """The address of the licence."""
        return f"{self.url}/blob/main/LICENSE.md" if self._on_hub else "LICENSE.md"

    @property
    def citation(self) -> str:
        """BibTeX entries of the method and of every corpus."""
        citations = [corpus_named(name).terms.citation for name in self.corpora]
        return "\n\n".join([ADIFF_CITATION, *filter(None, citations)])

    @property
    def _on_hub(self) -> bool:
        return "://" in self.url


def describe(
    repository: str,
    corpora: Collection[str],
    date: str,
    *,
    endpoint: str,
    on_hub: bool,
    name: str | None = None,
    licence: str | None = None,
) -> Description:
    """The description of a repository.

    Args:
        repository: `ORG/NAME` on the Hub, or the name of the folder.
        corpora: the names of the corpora.
        date: the date of the data, in ISO 8601.
        endpoint: the address of the Hub.
        on_hub: whether the repository will be there.
        name: the title; None is the repository's name without its owner.
        licence: the one that the publisher chose; None takes that of the corpora, if all have the same one.
    """
    licences = {corpus_named(corpus).terms.hub_licence for corpus in corpora}
    common_licence = licences.pop() if len(licences) == 1 else None
    owner, _, repository_name = repository.rpartition("/")
    return Description(
        name=name or repository_name,
        repository=repository,
        url=f"{endpoint}/datasets/{repository}" if on_hub else ".",
        publisher=owner or "the publisher",
        corpora=tuple(sorted(corpora)),
        licence=licence or common_licence or "other",
        date=date,
    )


def licence_text(description: Description) -> str:
    """`LICENSE.md`: the terms of the captions and recordings that the dataset is made of."""
    lines = [
        "# Licence",
        "",
        "The explanations were written from other people's captions and keep to their terms.",
        "",
    ]
    if description.licence != "other":
        lines += [f"The publisher gives this dataset under `{description.licence}`.", ""]
    for corpus in description.corpora:
        terms = corpus_named(corpus).terms
        link = f" See <{terms.link}>." if terms.link else ""
        lines.append(f"- **{terms.title}** — captions: {terms.captions}; recordings: {terms.recordings}.{link}")
    return "\n".join(lines) + "\n"
