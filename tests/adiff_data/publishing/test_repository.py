"""A published folder: what `datasets` reads from it, and what is refused."""

import datasets
import pyarrow.parquet as pq
import pytest

from adiff_data.core.errors import InputError
from adiff_data.published_csv import COLUMNS, write_rows
from adiff_data.publishing.refusals import FLAGS
from adiff_data.tiers import TIERS

FEWWORDS = "cld_evaluation_adiff_fewwords_answer.csv"


def append(path, **fields: str) -> None:
    """Adds a row to a built CSV, as somebody's own edit would."""
    row = {
        "taskname": "clothov21",
        "filepath1": "ClothoV21/evaluation/c.wav",
        "filepath2": "ClothoV21/evaluation/d.wav",
        "caption1": "Wind.",
        "caption2": "Sea.",
        "input": "explain the difference in few words",
        "answer": "Wind in one, the sea in the other.",
        **fields,
    }
    with path.open("a", encoding="utf-8", newline="") as file:
        file.seek(0, 2)
        rows = path.with_suffix(".more")
        with rows.open("w", encoding="utf-8", newline="") as more:
            write_rows(more, [tuple(row[column] for column in COLUMNS)])
        file.write(rows.read_text(encoding="utf-8").split("\n", 1)[1])
        rows.unlink()


@pytest.mark.slow
def test_columns_splits_and_labels_are_as_the_hub_has_them(row, built, published):
    rows = [row(split=split, tier=tier) for split in ("development", "evaluation") for tier in TIERS]
    loaded = datasets.load_dataset(str(published(built(*rows)).folder), "cld")
    assert list(loaded) == ["train", "test"]
    test = loaded["test"]
    assert test.features["tier"].names == ["fewwords", "sentence", "detail"]
    assert test["tier"][:] == [0, 1, 2]
    first = test[0]
    assert first["id"] == row().id
    assert first["audio1_path"] == "ClothoV21/evaluation/a.wav"
    assert (first["corpus"], first["source_split"], first["strategy"]) == ("clotho", "evaluation", "random")
    assert first["similarity"] == 0.25
    assert first["provenance"]["annotator"] == "llm"
    assert first["verdict"] == "pass"


@pytest.mark.slow
def test_streaming_reads_the_same_rows(row, built, published):
    folder = str(published(built(*(row(f"{number}.wav") for number in range(20)))).folder)
    streamed = list(datasets.load_dataset(folder, "cld", split="test", streaming=True))
    assert streamed == datasets.load_dataset(folder, "cld", split="test").to_list()
    assert len(streamed) == 20


@pytest.mark.slow
def test_several_datasets_are_several_configs(row, built, published):
    one = built(row(), name="CLD")
    folder = published(one, f"second={one}").folder
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["cld", "plots", "second"]
    with pytest.raises(InputError, match="name=… before one"):
        published(one, built(row(), name="other"))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("", ""), "is given twice"),
        (("a=", "A="), "is given twice"),
        (("Plots=",), "'Plots' is no name of a config, since the card's plots are in that folder"),
    ],
)
def test_configs_that_would_share_a_folder_are_refused(names, message, row, built, published):
    folder = built(row())
    with pytest.raises(InputError, match=message):
        published(*(f"{name}{folder}" for name in names))


@pytest.mark.slow
def test_a_tier_has_row_groups_of_its_own_and_shards_are_bounded(row, built, published):
    rows = [row(f"{number}.wav", tier=tier) for tier in TIERS for number in range(5)]
    folder = published(built(*rows), shard_bytes=1).folder
    shards = sorted((folder / "cld").iterdir())
    assert [path.name for path in shards] == [f"test-0000{number}-of-00003.parquet" for number in range(3)]
    for number, path in enumerate(shards):
        assert set(pq.read_table(path)["tier"].to_pylist()) == {number}
        assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"
    assert len(datasets.load_dataset(str(folder), "cld", split="test")) == 15


@pytest.mark.slow
def test_a_row_whose_answer_was_changed_by_hand_does_not_take_the_others_provenance(row, built, published):
    folder = built(row())
    table = folder / FEWWORDS
    table.write_text(table.read_text().replace("barks twice", "howls"))
    loaded = datasets.load_dataset(str(published(folder).folder), "cld", split="test")
    assert loaded[0]["provenance"]["annotator"] == "published"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answer": "  "}, "row 3: the answer is empty"),
        ({"filepath2": "ClothoV21/evaluation/c.wav"}, "row 3: audio 1 and audio 2 are the same clip"),
        (
            {"filepath1": "ClothoV21/evaluation/a.wav", "filepath2": "ClothoV21/evaluation/b.wav"}
            | {"caption1": "Rain falls.", "caption2": "A dog barks."},
            "row 3: the pair and tier stand twice",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_row(row, built, published, tmp_path, fields, said):
    folder = built(row())
    append(folder / FEWWORDS, **fields)
    with pytest.raises(InputError, match=f"{FEWWORDS}, {said}"):
        published(folder)
    assert not (tmp_path / "published").exists()


@pytest.mark.slow
def test_a_failed_row_is_refused_or_flagged(row, built, published):
    bad = row("bad.wav")
    folder = built(row(), bad, failed=(bad.id,))
    with pytest.raises(
        InputError, match=r"did not pass its checks \(talk: it speaks of captions\).*`include_failed=True`"
    ):
        published(folder)
    loaded = datasets.load_dataset(str(published(folder, allowed=FLAGS).folder), "cld", split="test")
    assert loaded["verdict"][:] == ["pass", "fail"]
    assert loaded["flags"][:] == [[], ["failed checks"]]


def test_a_clip_in_train_and_in_test_is_refused(row, built, published):
    folder = built(row(), row(split="development"))
    append(folder / "cld_development_adiff_fewwords_answer.csv", filepath1="ClothoV21/evaluation/a.wav")
    with pytest.raises(InputError, match=r"ClothoV21/evaluation/a.wav stands in train and in test"):
        published(folder)


def test_one_youtube_clip_under_two_corpora_is_the_same_recording(built, published, tmp_path):
    for folder, name, taskname, first in (
        ("ACD", "acd_test_adiff_fewwords_answer.csv", "audiocaps", "AudioCapsLarger/test/Yabc-_123456.wav"),
        ("WCD", "wcd_train_adiff_fewwords_answer.csv", "wavcaps", "WavCaps/AudioSet_SL/Yabc-_123456.flac"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(",".join(COLUMNS) + "\n")
        append(tmp_path / folder / name, taskname=taskname, filepath1=first, filepath2=f"{folder}/other.wav")
    with pytest.raises(InputError, match="stands in train and in test"):
        published(tmp_path / "ACD", tmp_path / "WCD")


@pytest.mark.slow
def test_other_data_in_the_folder_is_kept_unless_forced(row, built, published):
    folder = built(row())
    assert published(folder).outcome == "written"
    assert published(folder).outcome == "unchanged"
    append(folder / FEWWORDS)
    with pytest.raises(InputError, match="`force=True`"):
        published(folder)
    assert published(folder, force=True).outcome == "written"


@pytest.mark.slow
def test_the_published_files_go_through_to_the_byte(shared, adiff, tmp_path):
    flags = ("--include-duplicates", "--include-self-pairs")
    assert adiff("publish", shared / "published" / "ACD", "--to", tmp_path / "hub", *flags)[0] == 0
    call = ("--config", "acd", "--split", "validation", "--out", tmp_path / "csv")
    assert adiff("export", tmp_path / "hub", *call)[0] == 0
    originals = sorted((shared / "published" / "ACD").glob("*.csv"))
    assert len(originals) == 3
    for original in originals:
        assert (tmp_path / "csv" / original.name).read_bytes() == original.read_bytes()
