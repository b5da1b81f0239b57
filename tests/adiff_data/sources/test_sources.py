"""The corpora's readers, on small files of each layout and on the real ones."""

import json
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from adiff_data.core.errors import InputError
from adiff_data.sources import caption_files, read_clips

CLOTHO_HEADER = "file_name,caption_1,caption_2,caption_3,caption_4,caption_5\n"


def write_clotho(root: Path, body: str, split: str = "evaluation") -> Path:
    path = root / f"clotho_captions_{split}.csv"
    path.write_text(CLOTHO_HEADER + body, encoding="utf-8")
    return path


def test_clotho_gives_five_captions_a_clip_under_the_published_path(tmp_path):
    write_clotho(tmp_path, '" a, b.wav",One.,Two.,Three.,Four.,"Five, and six."\n')
    (clip,) = read_clips("clotho", tmp_path, "evaluation")
    assert clip.filepath == "ClothoV21/evaluation/ a, b.wav"
    assert clip.captions == ("One.", "Two.", "Three.", "Four.", "Five, and six.")


def test_audiocaps_gathers_the_captions_of_a_clip(tmp_path):
    rows = (
        "audiocap_id,youtube_id,start_time,caption\n"
        "1,-0xzrMun0Rs,30,A dog barks\n2,7fmOlUlwoNg,0,Rain\n3,-0xzrMun0Rs,30,Barking\n"
    )
    (tmp_path / "val.csv").write_text(rows, encoding="utf-8")
    first, second = read_clips("audiocaps", tmp_path, "val")
    assert (first.filepath, first.captions) == (
        "AudioCapsLarger/val/Y-0xzrMun0Rs.wav",
        ("A dog barks", "Barking"),
    )
    assert second.filepath == "AudioCapsLarger/val/Y7fmOlUlwoNg.wav"


def write_wavcaps(root: Path) -> None:
    freesound = [{"id": "117790", "caption": "Rain falls."}, {"id": "5", "caption": "A bell rings."}]
    audioset = [{"id": "Yab.wav", "caption": "A man speaks."}]
    (root / "FreeSound").mkdir()
    (root / "FreeSound" / "fsd_final.json").write_text(json.dumps({"data": freesound}))
    (root / "as_final.json").write_text(json.dumps({"data": audioset}))
    (root / "blacklist").mkdir()
    (root / "blacklist" / "blacklist_exclude_test_ac.json").write_text(
        json.dumps({"AudioSet": [], "FreeSound": ["117790"]})
    )
    (root / "blacklist" / "blacklist_exclude_all_ac.json").write_text(
        json.dumps({"AudioSet": ["Yab.wav"], "FreeSound": ["117790"]})
    )


@pytest.mark.parametrize(
    ("exclude", "paths"),
    [
        ("none", ["AudioSet_SL/Yab", "FreeSound/117790", "FreeSound/5"]),
        ("test", ["AudioSet_SL/Yab", "FreeSound/5"]),
        ("all", ["FreeSound/5"]),
    ],
)
def test_wavcaps_leaves_out_what_the_blacklist_names(tmp_path, exclude, paths):
    write_wavcaps(tmp_path)
    clips = read_clips("wavcaps", tmp_path, "train", exclude=exclude)
    assert [clip.filepath for clip in clips] == [f"WavCaps/{path}.flac" for path in paths]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("clips.csv", "path,caption_1,caption_2,split\na.wav,Rain,Drops,x\nb/c.wav,Wind,Gusts,y\n"),
        (
            "clips.jsonl",
            '{"path": "a.wav", "captions": ["Rain", "Drops"], "split": "x"}\n'
            '{"path": "b/c.wav", "caption": "Wind", "split": "y"}\n',
        ),
    ],
)
def test_a_manifest_is_a_csv_or_jsonl_with_a_path_and_captions(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    (clip,) = read_clips("manifest", path, "x")
    assert (clip.filepath, clip.captions) == ("a.wav", ("Rain", "Drops"))


def test_a_manifest_without_splits_is_one_split(tmp_path):
    path = tmp_path / "clips.csv"
    path.write_text("path,caption\na.wav,Rain\n", encoding="utf-8")
    assert [clip.split for clip in read_clips("manifest", path, "all")] == ["all"]


@pytest.mark.parametrize(
    ("body", "row", "word"),
    [
        ("a.wav,One,Two,,Four,Five\n", 2, "caption_3 is empty"),
        ("a.wav,1,2,3,4,5\na.wav,1,2,3,4,5\n", 3, "stands in row 2 already"),
        ("../a.wav,1,2,3,4,5\n", 2, "'..'"),
        ("/etc/a.wav,1,2,3,4,5\n", 2, "absolute"),
        ("a.wav,1,2,3\n", 2, "6 fields"),
        ("a.wav,1,2,3,4,5\nb.wav,1,2,3,4,fi\0ve\n", 3, "caption_5 has a zero byte"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, body, row, word):
    path = write_clotho(tmp_path, body)
    with pytest.raises(InputError, match=word) as caught:
        list(read_clips("clotho", tmp_path, "evaluation"))
    assert (caught.value.file, caught.value.row) == (path, row)


def test_a_missing_column_is_named_with_those_that_are_there(tmp_path):
    (tmp_path / "val.csv").write_text("audiocap_id,youtube_id,text\n1,ab,Rain\n", encoding="utf-8")
    with pytest.raises(InputError, match="column 'caption' is missing; the header has: audiocap_id, youtube_id, text"):
        list(read_clips("audiocaps", tmp_path, "val"))


def test_latin_1_is_named_by_row_and_byte(tmp_path):
    path = write_clotho(tmp_path, "a.wav,1,2,3,4,5\n")
    path.write_bytes(path.read_bytes() + "b.wav,café,2,3,4,5\n".encode("latin-1"))
    with pytest.raises(InputError, match="row 3: byte 0xe9 is not UTF-8"):
        list(read_clips("clotho", tmp_path, "evaluation"))


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    path = write_clotho(tmp_path, "a.wav,1,2,3,4,5\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(list(read_clips("clotho", tmp_path, "evaluation"))) == 1


@pytest.mark.parametrize("path", ["/abs.wav", "C:\\abs.wav", "a/../../b.wav", "..\\b.wav", "", "a\x00b.wav"])
def test_a_manifest_path_cannot_leave_its_folder(tmp_path, path):
    manifest = tmp_path / "clips.jsonl"
    manifest.write_text(json.dumps({"path": path, "caption": "Rain"}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 1"):
        list(read_clips("manifest", manifest, "all"))


@pytest.mark.parametrize(
    ("last", "message"),
    [
        (b'{"path": "b.wav", "capt', "the file ends inside it"),
        (b'["b.wav"]', "not a JSON object but an array"),
        (b'{"path": "b.wav", "caption": "caf\xe9"}', "not a JSON object in UTF-8"),
    ],
)
def test_a_last_row_of_a_manifest_that_is_wrong_is_an_error(tmp_path, last, message):
    manifest = tmp_path / "clips.jsonl"
    manifest.write_bytes(b'{"path": "a.wav", "caption": "Rain"}\n' + last)
    with pytest.raises(InputError, match=f"row 2: .*{message}"):
        read_clips("manifest", manifest, "all")


def test_a_manifest_with_a_byte_order_mark_is_read(tmp_path):
    manifest = tmp_path / "clips.jsonl"
    manifest.write_bytes(b'\xef\xbb\xbf{"path": "a.wav", "caption": "Rain"}\n')
    assert [clip.filepath for clip in read_clips("manifest", manifest)] == ["a.wav"]


def test_a_manifest_broken_in_the_middle_is_an_error(tmp_path):
    manifest = tmp_path / "clips.jsonl"
    manifest.write_text('{"path": "a.wav"\n{"path": "b.wav", "caption": "Rain"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="row 1: not a JSON object"):
        list(read_clips("manifest", manifest, "all"))


@pytest.mark.parametrize(
    ("corpus", "split", "file", "below"),
    [
        ("clotho", "evaluation", "clotho_captions_evaluation.csv", "CLOTHO_v2.1/clotho_csv_files"),
        ("audiocaps", "test", "test.csv", "AUDIOCAPS/csv_files_v1"),
        ("audiocaps", "test", "test.csv", "AUDIOCAPS"),
        ("audiocaps", "test", "test.csv", "dataset"),
        ("wavcaps", "train", "sb_final.json", "json_files/SoundBible"),
        ("wavcaps", "train", "sb_final.json", "WavCaps/json_files/SoundBible"),
    ],
)
def test_caption_files_are_found_where_downloads_put_them(tmp_path, corpus, split, file, below):
    content = {
        ".csv": "file_name,caption_1,caption_2,caption_3,caption_4,caption_5,youtube_id,caption\n"
        "a.wav,1,2,3,4,5,7fmOlUlwoNg,A dog\n",
        ".json": json.dumps({"data": [{"id": "1", "caption": "A dog"}]}),
    }
    path = tmp_path.joinpath(*PurePosixPath(below).parts, file)
    path.parent.mkdir(parents=True)
    path.write_text(content[path.suffix])
    for root in path.parents[: len(PurePosixPath(below).parts) + 1]:
        assert len(read_clips(corpus, root, split, exclude="none")) == 1
        assert caption_files(corpus, root, split) == [path]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "split", "count", "captions"),
    [
        ("clotho", "development", 3839, {5: 3839}),
        ("clotho", "evaluation", 1045, {5: 1045}),
        ("audiocaps", "train", 49_838, {1: 49_838}),
        ("audiocaps", "test", 975, {5: 975}),
        ("wavcaps", "train", 1232, {1: 1232}),
    ],
)
def test_the_real_corpora_are_read_whole(shared, corpus, split, count, captions):
    read = list(read_clips(corpus, shared / "captions" / corpus, split))
    assert len(read) == count
    assert Counter(len(clip.captions) for clip in read) == captions
