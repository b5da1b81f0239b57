"""The dataset card: a README that is written from the data."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from datasets import DatasetInfo, Features, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData

from adiff_data.core.distribution import DISTRIBUTION
from adiff_data.core.markdown import as_text, table
from adiff_data.dataset.layout import CLIPS, sorted_splits
from adiff_data.publishing.description import Description, licence_text
from adiff_data.publishing.refusals import FAILED
from adiff_data.publishing.shards import Shards
from adiff_data.publishing.statistics import Statistics, shown_kinds
from adiff_data.tiers import ANSWER_KINDS, SIMILARITY, Question

_OPENINGS = 3
_DASH = "–"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_OTHER_LICENCE = {"license_name": "terms-of-its-corpora", "license_link": "LICENSE.md"}

_ON_SIMILARITY = (
    f"Rows of the tier `{SIMILARITY.name}` answer another question: what the two recordings have in common, or that "
    "they sound the same. Only pairs of which something in common is known have one."
)

Contents = Mapping[str, tuple[Features, Mapping[str, Shards]]]


def write_card(
    description: Description, contents: Contents, statistics: Mapping[str, Statistics], audio: Sequence[str]
) -> str:
    """The text of the card.

    Args:
        description: the names and terms of the repository.
        contents: by config, its columns and the files of each split.
        statistics: by config; configs of clips have none.
        audio: lines that say which clips are in the dataset; empty if no audio was asked for.
    """
    parts = [
        f"---\n{_front_matter(description, contents, statistics)}\n---",
        f"# {as_text(description.name)}",
        description.summary,
        _loading(description, statistics, contents),
        _contents(statistics),
        _making(description, statistics),
        _answers(statistics),
        _samples(statistics),
        _audio(audio),
        "## Licence and attribution\n\n" + licence_text(description).partition("\n\n")[2].rstrip(),
        f"## Citation\n\n```bibtex\n{description.citation}\n```",
        _limits(statistics),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(description: Description, contents: Contents, statistics: Mapping[str, Statistics]) -> str:
    total = sum(stats.total for stats in statistics.values())
    licence_fields: dict[str, Any] = {} if description.licence != "other" else _OTHER_LICENCE
    data = DatasetCardData(
        pretty_name=description.name,
        language=["en"],
        license=description.licence,
        annotations_creators=["machine-generated"],
        task_categories=["audio-text-to-text", "text-generation"],
        size_categories=[next((name for limit, name in _SIZES if total < limit), "1M<n<10M")],
        tags=["audio", "audio-difference", "audio-captioning", "croissant"],
        configs=[
            {
                "config_name": config,
                "data_files": [
                    {"split": split, "path": f"{config}/{split}-*.parquet"} for split in sorted_splits(set(splits))
                ],
                **({"default": True} if index == 0 else {}),
            }
            for index, (config, (_, splits)) in enumerate(contents.items())
        ],
        **licence_fields,
    )
    infos = {config: _info(config, features, splits) for config, (features, splits) in contents.items()}
    DatasetInfosDict(infos).to_dataset_card_data(data)
    return data.to_yaml()


def _info(config: str, features: Features, splits: Mapping[str, Shards]) -> DatasetInfo:
    infos = SplitDict()
    for split in sorted_splits(set(splits)):
        infos.add(SplitInfo(name=split, num_bytes=splits[split].arrow_bytes, num_examples=splits[split].rows))
    return DatasetInfo(
        config_name=config,
        features=features,
        splits=infos,
        download_size=sum(shards.file_bytes for shards in splits.values()),
        dataset_size=sum(shards.arrow_bytes for shards in splits.values()),
    )


def _loading(description: Description, statistics: Mapping[str, Statistics], contents: Contents) -> str:
    config, stats = next(iter(statistics.items()))
    split = sorted_splits(set(stats.rows))[-1]
    tier = max((ANSWER_KINDS[name] for name in stats.rows[split]), key=lambda kind: kind.words).name
    source, name = json.dumps(description.source), json.dumps(config)
    clips = f"{config}{CLIPS}"
    embedded = clips in contents and clips not in statistics
    option = ", embedded_audio=True" if embedded else ""
    local_copy = 'those of your own copy of the corpus with `audio_root="recordings"`'
    others = ", those that this dataset holds with `embedded_audio=True`" if embedded else ""
    parts = [
        "## Loading",
        _whence(description),
        f"""```python
from datasets import load_dataset

dataset = load_dataset({source}, {name}, split="{split}")
```""",
        f"`load_split` (`pip install {DISTRIBUTION}`) chooses a tier, and puts the recordings beside its rows: "
        f"{local_copy}{others}. It reads them with soundfile, and needs no torchcodec.",
        f"""```python
from adiff_data import load_split

dataset = load_split({source}, {name}, "{split}", tier="{tier}"{option})
```""",
    ]
    return "\n\n".join([*parts, *(_loading_clips(source, json.dumps(clips), split) if embedded else ())])


def _whence(description: Description) -> str:
    if description.source == description.repository:
        return "From the Hub, with `datasets`:"
    return f"With `datasets`, in the folder that holds “{as_text(description.repository)}”; elsewhere give its path:"


def _loading_clips(source: str, clips: str, split: str) -> list[str]:
    return [
        "The clips by themselves, with `datasets` alone. It decodes audio by torchcodec (`pip install torchcodec`); "
        "without it, ask for the files' bytes:",
        f"""```python
from datasets import Audio, load_dataset

clips = load_dataset({source}, {clips}, split="{split}")
clips = clips.cast_column("audio", Audio(decode=False))  # not needed where torchcodec is installed
```""",
    ]


def _contents(statistics: Mapping[str, Statistics]) -> str:
    kinds = shown_kinds(statistics.values())
    rows = [
        (
            f"`{config}`",
            f"`{split}`",
            ", ".join(map(as_text, sorted(stats.source_splits[split]))),
            *(stats.rows[split][kind] for kind in kinds),
        )
        for config, stats in statistics.items()
        for split in sorted_splits(set(stats.rows))
    ]
    pairs = [(f"`{config}`", stats.pairs, stats.clips, stats.total) for config, stats in statistics.items()]
    return "\n\n".join(
        [
            "## What is in it",
            "Rows by split and tier:",
            table(("config", "split", "the corpus' own name", *kinds), rows),
            table(("config", "pairs", "clips", "rows"), pairs),
            "`audio1_path`, `audio2_path`, `caption1` and `caption2` are a pair, and `tier`, `prompt` and `answer` its "
            "explanation. Where they are known, `facts` says what was measured on the recordings, `provenance` how the "
            "answer was made, and `verdict` whether it passed its checks.",
            *([_ON_SIMILARITY] if SIMILARITY.name in kinds else []),
        ]
    )


def _making(description: Description, statistics: Mapping[str, Statistics]) -> str:
    rows = []
    for config, stats in statistics.items():
        for annotator, count in stats.annotators.most_common():
            rows.append((f"`{config}`", *(as_text(str(part or _DASH)) for part in annotator), count))
    lines = [
        "## How it was made",
        f"{_sources(statistics)} Last changed on {description.date}.",
        _with_dash(
            table(("config", "annotator", "model", "prompts", "rows"), rows),
            "no language model was asked, or it is not recorded which",
        ),
        f"How the pairs were chosen: {_strategies(statistics)}.",
        _checks(statistics),
        _reviews(statistics),
        _shortcuts(statistics),
    ]
    return "\n\n".join(filter(None, lines))


def _sources(statistics: Mapping[str, Statistics]) -> str:
    """What the explanations were written from."""
    measured = any(stats.with_facts for stats in statistics.values())
    sources = "the captions" + (" and from what was measured on the recordings" if measured else "")
    listened = any(stats.verified for stats in statistics.values())
    of_captions = (
        "A pair is two clips of one split with one caption of each. The explanation was written from "
        f"{sources}; {'people listened afterwards' if listened else 'no one listened'}."
    )
    edited = [f"`{config}`" for config, stats in statistics.items() if stats.with_truth]
    of_edits = (
        "A pair is a recording and an edit of it. The explanation was written from what was done to it, which `truth` "
        "holds as JSON; the captions name what was laid into the recording."
    )
    if not edited:
        return of_captions
    if len(edited) == len(statistics):
        return of_edits
    return f"{of_captions} In {', '.join(edited)}, it is otherwise: {of_edits[0].lower()}{of_edits[1:]}"


def _with_dash(rows: str, meaning: str) -> str:
    """A table, and below it what its dashes mean, if it has any."""
    return f"{rows}\n\n{_DASH}: {meaning}." if f"| {_DASH} |" in rows else rows


def _strategies(statistics: Mapping[str, Statistics]) -> str:
    counted = {
        config: ", ".join(f"{as_text(name)} ({count:,})" for name, count in stats.strategies.most_common())
        for config, stats in statistics.items()
    }
    return "; ".join(f"`{config}` {strategies}" for config, strategies in counted.items())


def _checks(statistics: Mapping[str, Statistics]) -> str:
    if all(stats.verdicts[None] == stats.total for stats in statistics.values()):
        return "The answers were not checked."
    summary, failures = [], []
    for config, stats in statistics.items():
        rate = f"{stats.judged_passed / stats.judged:.1%}" if stats.judged else _DASH
        summary.append(
            (f"`{config}`", stats.judged, rate, stats.verdicts["pass"], stats.flags[FAILED], stats.verdicts[None])
        )
        failures += [
            (f"`{config}`", name, count, f"{1 - count / stats.judged:.2%}")
            for name, count in stats.failures.most_common()
        ]
    lines = [
        "Every answer was checked for its form, for its claims, and for whether each sound is given to its own audio. "
        "Answers that failed are left out or flagged. Checks that are not listed failed no answer.",
        _with_dash(
            table(
                ("config", "answers checked", "passed", "here: passed", "here: failed", "here: not checked"), summary
            ),
            "none of its answers was checked",
        ),
    ]
    if failures:
        lines.append(table(("config", "check", "failed", "passed"), failures))
    return "\n\n".join(lines)


def _reviews(statistics: Mapping[str, Statistics]) -> str:
    """What people who listened said; nothing where nobody did."""
    reviewed = {config: stats for config, stats in statistics.items() if stats.verified}
    if not reviewed:
        return ""
    rows = [
        (
            f"`{config}`",
            stats.verified,
            stats.edited,
            ", ".join(f"{people} ({count:,} rows)" for people, count in sorted(stats.reviewers.items())),
            _DASH if stats.agreement is None else f"{stats.agreement:.2f}",
            stats.total - stats.verified,
        )
        for config, stats in reviewed.items()
    ]
    return (
        "People listened to both recordings and accepted the answer, edited it, or rejected it; what they rejected is "
        "left out. `verified` and `edited` say so of each row, `reviewers` how many people it has, `agreement` which "
        "share of them said what holds, and `original_answer` what stood there before an edit. Agreement below is "
        "Krippendorff's alpha (nominal) of accepting, editing and rejecting: 1 is perfect, 0 is chance.\n\n"
        + _with_dash(
            table(("config", "verified", "edited", "people a row", "agreement", "not verified"), rows),
            "no row has two people, or everybody said the same of every row",
        )
    )


def _shortcuts(statistics: Mapping[str, Statistics]) -> str:
    rows = [
        (
            f"`{config}`",
            as_text(folder),
            as_text(shortcut.quality),
            shortcut.pairs,
            f"{shortcut.accuracy:.0%}",
            f"{shortcut.low:.0%} to {shortcut.high:.0%}",
        )
        for config, stats in statistics.items()
        for folder, shortcuts in stats.shortcuts.items()
        for shortcut in shortcuts
    ]
    if not rows:
        return ""
    return (
        "How often a classifier that sees only lengths, levels and mean spectra names the side that was edited; 50 % "
        "is chance. Where it does better, a model may learn traces of editing in place of the difference.\n\n"
        + table(("config", "folder", "quality", "pairs", "right", "95 % interval"), rows)
    )


def _answers(statistics: Mapping[str, Statistics]) -> str:
    rows, openings = [], []
    for config, stats in statistics.items():
        for name, tier in stats.tiers.items():
            if not tier.words:
                continue
            mean = sum(tier.words) / len(tier.words)
            rows.append((f"`{config}`", name, len(tier.words), f"{mean:.1f}", len(tier.vocabulary)))
            listed = [
                f"“{as_text(opening, 80)}” {count / len(tier.words):.0%}"
                for opening, count in tier.openings.most_common(_OPENINGS)
            ]
            openings.append((f"`{config}`", name, ", ".join(listed)))
    return "\n\n".join(
        [
            "## The answers in numbers",
            table(("config", "tier", "answers", "words, mean", "vocabulary"), rows),
            "![Words per answer, by tier; the checks allow the lengths in the grey band](plots/words.png)",
            "The commonest openings of four words:",
            table(("config", "tier", "openings"), openings),
            "How similar the two captions of a pair are; pairs with similar captions are harder to explain:",
            "![Similarity of the captions of a pair](plots/similarity.png)",
        ]
    )


def _samples(statistics: Mapping[str, Statistics]) -> str:
    lines = ["## A sample of each tier"]
    for config, stats in statistics.items():
        introduced: set[Question] = set()
        for tier, annotation in stats.sample.items():
            if (question := ANSWER_KINDS[tier].question) not in introduced:
                lines.append(f"`{config}`, “{as_text(annotation.caption1)}” and “{as_text(annotation.caption2)}”:")
                introduced.add(question)
            lines.append(f"**{tier}**, *{as_text(annotation.input)}*:\n\n> {as_text(annotation.answer)}")
    return "\n\n".join(lines) if len(lines) > 1 else ""


def _audio(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    listed = "\n".join(f"- {as_text(line.strip())}" for line in lines)
    return (
        f"## Audio\n\n{listed}\n\nThe configs whose names end in `_clips` have each clip once, with its author, "
        "licence and link, and with its `audio` or, in `why_not`, the reason why there is none."
    )


def _limits(statistics: Mapping[str, Statistics]) -> str:
    lines = ["## Limits"]
    if any(stats.with_truth < stats.total for stats in statistics.values()):
        lines.append(
            "- The explanations know only what the captions say. They mention nothing that no caption mentions, and "
            "repeat the errors of captions."
        )
    if any(stats.with_truth for stats in statistics.values()):
        lines.append(
            "- Explanations of edits know what was changed, and of the recording itself only its caption. What differs "
            "by accident of the process they do not say."
        )
    lines += [
        "- They are in English, and similar in their wording, as the table of openings shows. Scores of n-grams "
        "measure that as well.",
    ]
    if not any(stats.with_facts or stats.with_truth for stats in statistics.values()):
        lines.append("- Claims about loudness, pitch or brightness were not compared with the recordings.")
    if any(stats.verdicts[None] for stats in statistics.values()):
        lines.append("- Not all answers were checked.")
    return "\n".join([lines[0], "", *lines[1:]])
