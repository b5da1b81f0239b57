"""What people call a dataset's tiers."""

from collections.abc import Sequence

from adiff_data.tiers import ANSWER_KINDS
from adiff_model.evaluation.systems import Group


def tier_labels(groups: Sequence[Group]) -> dict[Group, str]:
    """A label for each dataset and tier; the dataset is named where there are several."""
    labels = {name: kind.label for name, kind in ANSWER_KINDS.items()}
    several = len({dataset for dataset, _ in groups}) > 1
    return {(dataset, tier): (f"{dataset}, " if several else "") + labels.get(tier, tier) for dataset, tier in groups}
