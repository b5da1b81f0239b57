"""Who a clip is: no broken id, spelling or blacklist of another shape makes two clips one, or one clip two."""

import csv
import json
from pathlib import Path

import pytest

from adiff_data.core.errors import InputError
from adiff_data.publishing.refusals import recording_key
from adiff_data.sources import corpus_named, read_clips
from adiff_data.sources.clip_sources import ClipSources


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def manifest(folder: Path, *rows: dict) -> Path:
    return write(folder / "clips.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))


def wavcaps(root: Path, blacklist: object = None, **entries: list) -> Path:
    """A copy of WavCaps with the ids of each source, or whole entries."""
    for name, ids in entries.items():
        data = [each if isinstance(each, dict) else {"id": each, "caption": "Rain"} for each in ids]
        write(root / f"{name}_final.json", json.dumps({"data": data}))
    if blacklist is not None:
        write(root / "blacklist_exclude_test_ac.json", json.dumps(blacklist))
    return root


@pytest.mark.parametrize(
    "broken",
    ["#NAME?", "1.23E+15", "1.23457E+15", " 7fmOlUlwoNg", "7fmOlUlwoNg ", "7fmOlUlwoN", "Y7fmOlUlwoNg", "=-abcdefghi",
     "'-bcdefghijk", "7fmOlUlwoNg.wav", "7fmOlUlwo/g", "7fmOlUlwoNé", "", "12345678901.0", "https://youtu.be/7fmOlUlwoNg"],
)  # fmt: skip
def test_an_id_that_a_spreadsheet_broke_is_refused_with_its_row(tmp_path, broken):
    path = write(tmp_path / "test.csv", f'youtube_id,caption\n6BJ455B1aAs,"Two\nlines"\n{broken},Rain\n')
    with pytest.raises(InputError, match=r"is no YouTube id of 11 characters; a spreadsheet breaks ids") as caught:
        read_clips("audiocaps", tmp_path, "test")
    assert (caught.value.file, caught.value.row) == (path, 4)


def test_two_starts_of_one_youtube_id_are_two_clips_with_their_own_captions(tmp_path):
    rows = ["7fmOlUlwoNg,20,Rain", "7fmOlUlwoNg,70,Wind", "7fmOlUlwoNg,020.0,Drops", "6BJ455B1aAs,0,A dog"]
    write(tmp_path / "test.csv", "\n".join(["youtube_id,start_time,caption", *rows, ""]))
    clips = read_clips("audiocaps", tmp_path, "test")
    assert [(clip.filepath.removeprefix("AudioCapsLarger/test/"), clip.captions) for clip in clips] == [
        ("Y7fmOlUlwoNg_20.wav", ("Rain", "Drops")),
        ("Y7fmOlUlwoNg_70.wav", ("Wind",)),
        ("Y6BJ455B1aAs.wav", ("A dog",)),
    ]
    assert {recording_key(clip.filepath) for clip in clips} == {"youtube:7fmOlUlwoNg", "youtube:6BJ455B1aAs"}


@pytest.mark.parametrize("start", ["#VALUE!", "-5", "nan", "0:30", "1E+2"])
def test_a_start_time_that_is_no_number_is_refused_with_its_row(tmp_path, start):
    write(tmp_path / "test.csv", f"youtube_id,start_time,caption\n7fmOlUlwoNg,{start},Rain\n")
    with pytest.raises(InputError, match=r"test.csv, row 2: start_time '.*' is no number of seconds"):
        read_clips("audiocaps", tmp_path, "test")


@pytest.mark.parametrize(
    ("filepath", "youtube_id"),
    [
        ("AudioCapsLarger/test/Y7fmOlUlwoNg.wav", "7fmOlUlwoNg"),
        ("AudioCapsLarger/test/Y7fmOlUlwoNg_20.wav", "7fmOlUlwoNg"),
        ("AudioCapsLarger/test/YYQSuFyFm3Lc.wav", "YQSuFyFm3Lc"),
        ("AudioCapsLarger/test/YFDwK7T1JO_0.wav", "FDwK7T1JO_0"),
        ("mine/Y7fmOlUlwoNg.wav", None),
    ],
)
def test_a_published_path_tells_its_youtube_id(filepath, youtube_id):
    assert corpus_named("audiocaps").youtube_id(filepath) == youtube_id


@pytest.mark.parametrize(
    "spelling", ["./clips/a.wav", "clips//a.wav", "clips/./a.wav", "clips\\a.wav", ".\\clips\\a.wav", "clips/a.wav/"]
)
def test_one_path_of_a_manifest_is_one_clip_in_whatever_spelling(tmp_path, spelling):
    first, second = {"path": "clips/a.wav", "caption": "Rain"}, {"path": spelling, "caption": "Drops"}
    (clip,) = read_clips("manifest", manifest(tmp_path, second))
    assert clip.filepath == "clips/a.wav"
    with pytest.raises(InputError, match=r"row 2: .* stands in row 1 already"):
        read_clips("manifest", manifest(tmp_path, first, second))


@pytest.mark.parametrize("path", ["clips/x/../a.wav", "clips\\x\\..\\a.wav", ".", "./", None, 5, ["a.wav"], " "])
def test_what_is_no_path_below_the_root_is_no_clip(tmp_path, path):
    with pytest.raises(InputError, match="row 1"):
        read_clips("manifest", manifest(tmp_path, {"path": path, "caption": "Rain"}))


def test_a_licence_is_of_a_path_in_whatever_spelling(tmp_path):
    table = write(tmp_path / "licences.csv", "path,licence\n.\\clips\\a.wav,CC0 1.0\n")
    assert ClipSources([table]).why_not("clips/a.wav") is None
    assert ClipSources([table]).why_not("./clips//a.wav") is None


@pytest.mark.parametrize(("value", "split"), [(0, "0"), (1, "1"), (2.0, "2"), ("0", "0"), (" x ", "x"), ("", "all")])
def test_a_split_is_what_the_manifest_says(tmp_path, value, split):
    path = manifest(tmp_path, {"path": "a.wav", "caption": "Rain", "split": value})
    assert [clip.split for clip in read_clips("manifest", path, split)] == [split]
    if split != "all":
        with pytest.raises(InputError, match=f"no split 'all'; its splits: {split}"):
            read_clips("manifest", path)


@pytest.mark.parametrize("value", [False, True, 0.5, [], {}, ["x"]])
def test_a_split_that_is_no_name_is_refused(tmp_path, value):
    path = manifest(tmp_path, {"path": "a.wav", "caption": "Rain", "split": value})
    with pytest.raises(InputError, match=r"row 1: split is .*, not a text"):
        read_clips("manifest", path)


def test_wavcaps_ids_are_the_same_with_and_without_an_extension(tmp_path):
    clips = read_clips("wavcaps", wavcaps(tmp_path, fsd=["1.wav", "2.FLAC", 3, 4.0, "5"]), exclude="none")
    assert [clip.filepath for clip in clips] == [f"WavCaps/FreeSound/{number}.flac" for number in range(1, 6)]


@pytest.mark.parametrize(
    ("file", "first", "second"),
    [("fsd", "5", "5.wav"), ("fsd", 5, "5"), ("fsd", "5.mp3", "5.flac"), ("as", "Y7fmOlUlwoNg.wav", "7fmOlUlwoNg")],
)
def test_a_wavcaps_clip_that_stands_twice_is_refused(tmp_path, file, first, second):
    with pytest.raises(InputError, match=f"row 2: '{second}' stands in row 1 already"):
        read_clips("wavcaps", wavcaps(tmp_path, **{file: [first, second]}), exclude="none")


@pytest.mark.parametrize("value", [None, True, 0.5, ["5"], {}, "", ".."])
def test_what_is_no_wavcaps_id_is_refused_with_its_row(tmp_path, value):
    with pytest.raises(InputError, match=r"fsd_final.json, row 2: .*\bid\b"):
        read_clips("wavcaps", wavcaps(tmp_path, fsd=["5", value]), exclude="none")


@pytest.mark.parametrize(
    "blacklist",
    [
        {"AudioSet": ["Y7fmOlUlwoNg.wav"], "FreeSound": ["5"]},
        {"AudioSet": ["7fmOlUlwoNg"], "FreeSound": [5]},
        {"AudioSet_SL": ["7fmOlUlwoNg.flac"], "freesound": [5.0, "5.wav"]},
        {"audioset": ["Y7fmOlUlwoNg"], "FreeSound": [" 5 "], "SoundBible": []},
    ],
)
def test_a_blacklist_names_clips_with_and_without_extensions(tmp_path, blacklist):
    root = wavcaps(tmp_path, blacklist, fsd=["5.flac", "6"], **{"as": ["Y7fmOlUlwoNg.wav", "YQSuFyFm3Lc"]})
    clips = read_clips("wavcaps", root)
    assert [clip.filepath for clip in clips] == ["WavCaps/AudioSet_SL/YQSuFyFm3Lc.flac", "WavCaps/FreeSound/6.flac"]


@pytest.mark.parametrize(
    ("blacklist", "reason"),
    [
        (["5"], "the blacklist is an array"),
        ("5", "the blacklist is a string"),
        (5, "the blacklist is a number"),
        ({"FreeSound": {"5": True}}, "'FreeSound' holds an object"),
        ({"FreeSound": "5"}, "'FreeSound' holds a string"),
        ({"FreeSound": None}, "'FreeSound' holds null"),
        ({"FreeSound": [["5"]]}, "'FreeSound' holds an array as id 1"),
        ({"FreeSound": ["5", None]}, "'FreeSound' holds null as id 2"),
        ({"FreeSounds": ["5"]}, "'FreeSounds' is no source of WavCaps"),
        ({"FreeSound": ["5"], "Clotho": ["5"]}, "'Clotho' is no source of WavCaps"),
    ],
)
def test_a_blacklist_of_another_shape_is_refused(tmp_path, blacklist, reason):
    with pytest.raises(InputError, match=f"blacklist_exclude_test_ac.json: {reason}; a list of ids for each source"):
        read_clips("wavcaps", wavcaps(tmp_path, blacklist, fsd=["5", "6"]))


@pytest.mark.parametrize(
    ("blacklist", "warning"),
    [
        ({"FreeSound": ["7", "8"]}, "fsd_final.json: no clip left out, since none of the 2 on the blacklist is here"),
        ({"AudioSet": ["7fmOlUlwoNg"]}, "no clip left out, since it names none of FreeSound"),
        ({}, "no clip left out, since it names none of FreeSound"),
        ({"FreeSound": ["5"]}, "fsd_final.json: 1 of 2 clips left out by the blacklist"),
    ],
)
def test_what_a_blacklist_leaves_out_is_said(tmp_path, caplog, blacklist, warning):
    read_clips("wavcaps", wavcaps(tmp_path, blacklist, fsd=["5", "6"]))
    assert len(caplog.records) == 1
    assert warning in caplog.text


def test_a_wrong_entry_of_a_file_of_licences_is_refused_with_its_row(tmp_path):
    wavcaps(tmp_path, fsd=["5"])
    write(tmp_path / "fsd_final.json", json.dumps({"data": [{"id": "5"}, "6"]}))
    with pytest.raises(InputError, match=r"fsd_final.json, row 2: an entry without 'id'"):
        ClipSources([tmp_path / "fsd_final.json"])


@pytest.mark.parametrize("corpus", ["clotho", "audiocaps", "wavcaps", "manifest"])
def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path, corpus):
    captions = ",".join(f"caption_{number}" for number in range(1, 6))
    contents = {
        "clotho": ("clotho_captions_evaluation.csv", f'"file_name",{captions}\na.wav,1,2,3,4,5\n'),
        "audiocaps": ("test.csv", '"youtube_id","caption"\n7fmOlUlwoNg,Rain\n'),
        "wavcaps": ("sb_final.json", '{"data": [{"id": "5", "caption": "Rain"}]}'),
        "manifest": ("clips.csv", "path,caption\na.wav,Rain\n"),
    }
    name, content = contents[corpus]
    write(tmp_path / name, f"\ufeff{content}")
    root = tmp_path / name if corpus == "manifest" else tmp_path
    split = {"clotho": "evaluation", "audiocaps": "test", "wavcaps": "train", "manifest": "all"}[corpus]
    assert len(read_clips(corpus, root, split, exclude="none")) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "file", "column", "published"),
    [
        ("clotho", "clotho_captions_{}.csv", "file_name", "ClothoV21/{}/{}"),
        ("audiocaps", "{}.csv", "youtube_id", "AudioCapsLarger/{}/Y{}.wav"),
    ],
)
def test_the_real_lists_keep_their_published_paths(shared, corpus, file, column, published):
    folder = shared / "captions" / corpus
    for split in corpus_named(corpus).splits:
        with (folder / file.format(split)).open(encoding="utf-8", newline="") as rows:
            paths = [published.format(split, row[column]) for row in csv.DictReader(rows)]
        assert [clip.filepath for clip in read_clips(corpus, folder, split)] == list(dict.fromkeys(paths))


@pytest.mark.parametrize(
    ("encoding", "author"), [("utf-8", "Žofie"), ("utf-8-sig", "Žofie"), ("iso-8859-1", "Zoë"), ("cp1252", "O’Hara")]
)
def test_authors_of_clotho_are_read_in_the_encodings_that_its_metadata_have(tmp_path, encoding, author):
    path = tmp_path / "clotho_metadata_evaluation.csv"
    path.write_bytes(f"file_name,manufacturer,license\na.wav,{author},CC0\n".encode(encoding))
    assert ClipSources([path]).source_of("ClothoV21/evaluation/a.wav").author == author


def test_clotho_metadata_in_utf_16_are_refused_with_its_name(tmp_path):
    path = tmp_path / "clotho_metadata_evaluation.csv"
    path.write_bytes("file_name,manufacturer,license\na.wav,Zoë,CC0\n".encode("utf-16"))
    with pytest.raises(InputError, match="the file is UTF-16, not UTF-8"):
        ClipSources([path])


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_manifest_holds_no_clip(tmp_path, content):
    with pytest.raises(InputError, match=r"clips.jsonl: holds no clip"):
        read_clips("manifest", write(tmp_path / "clips.jsonl", content))
