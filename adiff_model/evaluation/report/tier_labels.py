"""What people call a dataset's tiers."""

from collections.abc import Sequence

from adiff_model.evaluation.systems import Group

_LABELS = {"fewwords": "few words", "sentence": "a sentence", "detail": "detail"}


def tier_labels(groups: Sequence[Group]) -> dict[Group, str]:
    """A label for each dataset and tier; the dataset is named where there are several."""
    several = len({dataset for dataset, _ in groups}) > 1
    return {(dataset, tier): (f"{dataset}, " if several else "") + _LABELS.get(tier, tier) for dataset, tier in groups}
