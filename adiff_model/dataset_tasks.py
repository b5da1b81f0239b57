"""The rows of a dataset as tasks."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import datasets

from adiff_data.core.errors import InputError
from adiff_data.dataset.built_folder import find_built
from adiff_data.dataset.layout import CROISSANT
from adiff_data.dataset.loading import load_split
from adiff_data.tiers import require_tier
from adiff_model.prediction_file import Task

_COLUMNS = ("id", "audio1_path", "audio2_path", "caption1", "caption2", "tier", "prompt", "answer")


def config_of(dataset: str | Path, config: str | None) -> str:
    """The config that is given; of a built folder its only one.

    Raises:
        InputError: it must be named, or the folder holds no dataset.
    """
    if config:
        return config
    folder = Path(dataset)
    if folder.is_dir() and not (folder / CROISSANT).exists():
        return find_built(str(folder)).config
    raise InputError("which config?", file=str(dataset), mend="give `config`, such as cld")


def load_tasks(
    dataset: str | Path | datasets.Dataset, split: str | None, config: str | None, tier: str | None
) -> Iterator[Task]:
    """Yields the tasks of a split, by the names that `predict` takes.

    Raises:
        InputError: there is no such dataset, split or tier.
    """
    if isinstance(dataset, datasets.Dataset):
        if tier is not None:
            require_tier(tier)
        return read_tasks(dataset, tier)
    if split is None:
        raise InputError("which split?", file=dataset, mend="name one, such as evaluation")
    return read_tasks(load_split(dataset, config_of(dataset, config), split, tier), tier)


def identity_of(
    dataset: str | Path | datasets.Dataset, config: str | None, tasks: Sequence[Task]
) -> dict[str, str | None]:
    """Which dataset and config tasks are of, as the settings of a run have them.

    Args:
        tasks: those of the whole split; they identify a dataset in memory, which has no name.

    Raises:
        InputError: the config must be named, or the folder holds no dataset.
    """
    if isinstance(dataset, datasets.Dataset):
        return {"config": None, "dataset": f"in memory, SHA-256 {_digest(tasks)}"}
    return {"config": config_of(dataset, config), "dataset": str(dataset)}


def _digest(tasks: Sequence[Task]) -> str:
    digest = hashlib.sha256()
    for task in tasks:
        digest.update(task.model_dump_json().encode())
    return digest.hexdigest()


def read_tasks(rows: datasets.Dataset, tier: str | None = None) -> Iterator[Task]:
    """Yields the tasks: each pair and tier once, with the answers of all its rows as references.

    Args:
        rows: a split, as `load_split` returns it.
        tier: yield only this tier.
    """
    tier_names = rows.features["tier"].names
    fields = rows.select_columns(list(_COLUMNS)).to_list()
    references: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for row in fields:
        references[row["audio1_path"], row["audio2_path"], row["tier"]].append(row["answer"])
    seen = set()
    for row in fields:
        name = tier_names[row["tier"]]
        if row["id"] in seen or tier not in (None, name):
            continue
        seen.add(row["id"])
        yield Task(
            id=row["id"],
            filepath1=row["audio1_path"],
            filepath2=row["audio2_path"],
            tier=name,
            prompt=row["prompt"],
            references=tuple(references[row["audio1_path"], row["audio2_path"], row["tier"]]),
            caption1=row["caption1"],
            caption2=row["caption2"],
        )
