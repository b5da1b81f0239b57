"""A training of every kind of step, on a demo corpus of a few clips, in seconds."""

from pathlib import Path
from typing import Any

SPLIT = {"config": "demo", "split": "development"}
FAST = {
    "batch_size": 4,
    "learning_rate": 1.0e-3,
    "validate_every": 5,
    "save_every": 5,
    "sample_every": 10,
    "samples": 1,
}


def small_training(folder: Path) -> dict[str, Any]:
    """The fields of its recipe, all of whose files are in `folder`."""
    corpus = folder / "demo" / "corpus"
    split = {**SPLIT, "source": str(folder / "demo"), "audio_root": str(corpus), "ground_truth": str(corpus)}
    rest = ["projection", "mappers", "cross_projection"]
    return {
        "out": str(folder / "out"),
        "precision": "no",
        "corpora": [
            {
                "corpus": "demo",
                "root": str(corpus),
                "audio_root": str(corpus),
                "splits": ["development", "validation"],
                "out": str(folder / "demo"),
                "steps": {
                    "corpus": {"seed": 4, "development": 7, "validation": 6, "evaluation": 0},
                    "pair": {},
                    "annotate": {"annotator": "rules"},
                    "build": {},
                },
            }
        ],
        "data": {"training": [split], "validation": [{**split, "split": "validation"}]},
        "model": {
            "tokenizer": 600,
            "sizes": {
                "audio_config": {"model_type": "adiff_convolutional", "widths": [4, 8], "aspects": ["far"]},
                "text_config": {"n_positions": 384, "n_embd": 32, "n_layer": 1, "n_head": 2},
                "projection_size": 16,
                "prefix_length": 2,
                "prompt_length": 8,
                "mapper_layers": 1,
                "mapper_heads": 2,
                "cross_heads": 2,
                "n_fft": 2048,
                "hop_length": 1280,
            },
        },
        "about": {"title": "a test's model", "limits": "Knows nothing."},
        "steps": [
            {"name": "encoder", "task": "events", "trains": ["encoder", "event_head"], "steps": 5, **FAST},
            {"name": "language", "task": "language", "trains": ["language_model"], "steps": 5, **FAST},
            {"name": "ground", "task": "prefix", "trains": rest, "steps": 10, **FAST},
            {"name": "speak", "task": "explain", "trains": [*rest, "language_model"], "steps": 5, **FAST},
            {
                "name": "finetune",
                "task": "explain",
                "trains": ["encoder", "event_head", *rest, "language_model"],
                "steps": 10,
                "events_weight": 0.5,
                **FAST,
            },
        ],
    }
