"""`adiff edit`, and what its folder goes through afterwards: checks, a dataset, loading."""

import numpy as np
import pytest
import soundfile

from adiff_data import load_split


@pytest.fixture
def manifest(tmp_path):
    """Three recordings and a manifest of them."""
    time = np.arange(5 * 16_000) / 16_000
    lines = ["path,caption,split"]
    for name, caption, frequency in (("a.wav", "A bell rings.", 500), ("b.wav", "rain", 2000), ("c.wav", "a dog", 900)):
        tone = 0.1 * np.sin(2 * np.pi * frequency * time) * np.exp(-(time % 0.5) / 0.1)
        soundfile.write(
            tmp_path / name, tone + 0.002 * np.random.RandomState(frequency).standard_normal(len(time)), 16_000
        )
        lines.append(f"{name},{caption},train")
    path = tmp_path / "manifest.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def edit(manifest, *options):
    given = ("--root", manifest, "--split", "train", "--audio-root", manifest.parent, "--out", manifest.parent / "EDT")
    return ("edit", "manifest", *given, *options)


@pytest.mark.slow
def test_edited_pairs_pass_the_checks_and_become_a_dataset(adiff, manifest, tmp_path):
    status, out, _ = adiff(*edit(manifest, "--count", "26"))
    assert status == 0
    assert "EDT: 26 edited pairs of 3 clips (manifest train), written" in out
    annotations = tmp_path / "EDT" / "annotations.jsonl"
    status, out, _ = adiff("check", annotations, "--attribution", "words", "--out", tmp_path / "verdicts.jsonl")
    assert status == 0
    for check in ("form", "talk", "invented measurements", "both sides"):
        line = next(
            line for line in out.splitlines() if line.split("  ")[1:2] == [check] or line.strip().startswith(check)
        )
        assert line.split()[len(check.split())] == "0", line
    assert adiff("build", annotations, "--out", tmp_path / "data" / "EDT")[0] == 0
    rows = load_split(tmp_path / "data" / "EDT", "edt", "train", tier="sentence", audio_root=tmp_path / "EDT")
    assert len(rows) == 26


def test_the_same_call_leaves_the_folder_as_it_is_and_another_seed_needs_force(adiff, manifest):
    assert adiff(*edit(manifest, "--edits", "louder,softer"))[0] == 0
    assert adiff(*edit(manifest, "--edits", "louder,softer"))[0] == 0
    status, _, error = adiff(*edit(manifest, "--edits", "louder,softer", "--seed", "1"))
    assert status == 2
    assert "exists and holds other data; --force overwrites it" in error
    assert adiff(*edit(manifest, "--edits", "louder,softer", "--seed", "1", "--force"))[0] == 0


def test_an_unknown_edit_is_named(adiff, manifest):
    status, _, error = adiff(*edit(manifest, "--edits", "shinier"))
    assert status == 2
    assert "no edit 'shinier'" in error
