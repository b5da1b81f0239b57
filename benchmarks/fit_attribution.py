"""Fits the maps of the attribution check on published answers, and says what they catch.

python benchmarks/fit_attribution.py ../shared/data/published --out adiff_data/checks/attribution.npz

The table is of 5-fold cross-validation over rows: each row is judged by maps that never saw it. (With --across, by
maps that were fitted on the other corpora alone.) The file that is
written is fitted on all rows, with the limits of the cross-validation. Needs the extra
`embeddings`, and a quarter of an hour on two cores.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from adiff_data.checks.attribution import FEATURES, Fit, Maps, embed_with, features, fit_of, load_embedding, texts_of
from adiff_data.core.seeded import Seeded
from adiff_data.published_csv import read_published
from adiff_data.tiers import TIERS

FOLDS, EPOCHS, SIZE, BATCH, DROPOUT = 5, 80, 128, 512, 0.3
# The share of published rows that each of the two limits may cost. In the detail tier, whose halves tell more, less
# is needed to catch as much.
COST_OF_FIT = {"fewwords": 0.008, "sentence": 0.003, "detail": 0.002}
COST_OF_SWAP = {"fewwords": 0.002, "sentence": 0.001, "detail": 0.001}


def fitted(halves: np.ndarray, captions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fits both maps so that, in a batch, a half is nearest to its own caption and the reverse."""
    torch.manual_seed(0)
    answers, texts = torch.tensor(halves), torch.tensor(captions)
    answer, caption = (torch.nn.Linear(FEATURES, SIZE, bias=False) for _ in range(2))
    scale = torch.nn.Parameter(torch.tensor(2.5))
    torch.nn.init.normal_(answer.weight, std=0.05)
    caption.weight.data.copy_(answer.weight.data)
    parameters = [*answer.parameters(), *caption.parameters(), scale]
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for _ in range(EPOCHS):
        order = torch.randperm(len(answers))
        for start in range(0, len(order) - BATCH // 2, BATCH):
            rows = order[start : start + BATCH]
            one = functional.normalize(answer(functional.dropout(answers[rows], DROPOUT)), dim=1)
            other = functional.normalize(caption(functional.dropout(texts[rows], DROPOUT)), dim=1)
            logits, own = scale.exp() * one @ other.T, torch.arange(len(rows))
            loss = functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
    return tuple(layer.weight.detach().numpy().T.copy() for layer in (answer, caption))


def both(rows: np.ndarray, count: int) -> np.ndarray:
    """The places of rows in arrays that hold all first sides, then all second ones."""
    return np.concatenate([rows, rows + count])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path)
    parser.add_argument("--out", type=Path, default=Path("attribution.npz"))
    parser.add_argument("--across", action="store_true", help="one fold a corpus: nothing is written")
    arguments = parser.parse_args()
    annotations = [row for path in sorted(arguments.published.glob("*/*.csv")) for row in read_published(path)]
    count = len(annotations)
    halves, captions = texts_of(annotations)
    embedded = features(halves + captions, embed_with(load_embedding()))
    halves, captions = embedded[: 2 * count], embedded[2 * count :]
    print(f"{count:,} rows embedded", flush=True)

    fold_of = np.arange(count) % FOLDS
    np.random.default_rng(0).shuffle(fold_of)
    if arguments.across:
        fold_of = np.unique([row.corpus for row in annotations], return_inverse=True)[1]
    tier_of = np.array([row.tier for row in annotations])
    table_of = np.array([f"{row.corpus}-{row.split}-{row.tier}" for row in annotations])
    partner = np.arange(count)  # another row of the same table
    for table in np.unique(table_of):
        places = np.flatnonzero(table_of == table)
        order = places.tolist()
        Seeded("foreign", table).shuffle(order)
        partner[order] = np.roll(order, 1)
    right, foreign = (Fit(*np.zeros((len(Fit._fields), count))) for _ in range(2))
    for fold in np.unique(fold_of):
        seen, unseen = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        maps = Maps(*fitted(halves[both(seen, count)], captions[both(seen, count)]), {}, {})
        for fit, rows in ((right, unseen), (foreign, partner[unseen])):
            found = fit_of(halves[both(rows, count)], captions[both(unseen, count)], maps)
            for target, values in zip(fit, found, strict=True):
                target[unseen] = values
        print(f"fold {fold + 1}", flush=True)

    least_fit, most_swap = {}, {}
    for tier in TIERS:
        rows = tier_of == tier
        least_fit[tier] = float(np.quantile(right.straight[rows], COST_OF_FIT[tier]))
        most_swap[tier] = float(np.quantile((right.swapped - right.straight)[rows], 1 - COST_OF_SWAP[tier]))
        swapped = (right.straight - right.swapped > most_swap[tier]) | (right.swapped < least_fit[tier])
        failing = (right.swapped - right.straight > most_swap[tier]) | (right.straight < least_fit[tier])
        other = (foreign.swapped - foreign.straight > most_swap[tier]) | (foreign.straight < least_fit[tier])
        shares = {"swapped": swapped, "foreign": other, "untouched": failing}
        print(f"{tier}: " + ", ".join(f"{name} {caught[rows].mean():.2%}" for name, caught in shares.items()))
    if arguments.across:
        return
    answer, caption = fitted(halves, captions)
    np.savez_compressed(
        arguments.out,
        answer=answer.astype(np.float16),
        caption=caption.astype(np.float16),
        tiers=np.array(list(TIERS)),
        least_fit=np.array(list(least_fit.values())),
        most_swap=np.array(list(most_swap.values())),
    )
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
