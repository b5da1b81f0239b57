"""A recording is found by its exact path, then where a corpus' layouts say; a guess never takes another clip's."""

import json
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adiff_data.audio.files import AudioFolder, with_recordings
from adiff_data.core.errors import InputError
from adiff_data.records import Clip
from adiff_data.sources import read_clips


@pytest.fixture
def touch(tmp_path) -> Callable[..., Path]:
    """Makes empty files below a folder."""

    def make(*paths: str, folder: str = "recordings") -> Path:
        for path in paths:
            file = tmp_path / folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        return tmp_path / folder

    return make


def found(root: Path, *filepaths: str, listed: Iterable[str] = ()) -> list[str | None]:
    """What is found for each path, relative to the root."""
    recordings, _ = AudioFolder(root, listed).find_all(filepaths)
    return [recordings[each].relative_to(root).as_posix() if each in recordings else None for each in filepaths]


def test_three_recordings_of_one_stem_are_three(touch):
    names = ["dog.wav", "dog.mp3", "dog.flac"]
    assert found(touch(*names), *names) == names


@pytest.mark.parametrize("name", ["y.aif", "z.opus", "a.w64", "b.OGG", "c.caf", "no_extension", "rain.1"])
def test_the_exact_path_is_found_whatever_its_extension(touch, name):
    assert found(touch(f"in/{name}"), f"in/{name}") == [f"in/{name}"]


def test_another_extension_serves_where_one_file_fits(touch):
    assert found(touch("dog.FLAC", "dog.txt", "dog.2.wav"), "dog.wav") == ["dog.FLAC"]


def test_a_folder_is_no_recording_whatever_its_name(touch):
    assert found(touch("dog.wav/1.wav", "dog.mp3"), "dog.wav", "cat.wav") == ["dog.mp3", None]


def test_another_extension_does_not_serve_where_several_files_fit(touch):
    located = AudioFolder(touch("dog.flac", "dog.mp3")).locate("dog.wav")
    assert located.path is None
    assert located.reason == "2 files fit alike: dog.flac, dog.mp3"


def test_a_file_that_is_listed_itself_is_no_other_clips_recording(touch):
    root = touch("dog.wav")
    assert found(root, "dog.mp3", "dog.wav") == [None, "dog.wav"]
    assert found(root, "dog.mp3", listed=["dog.wav"]) == [None]
    assert AudioFolder(root, ["dog.wav"]).locate("dog.mp3").reason == "dog.wav is the recording of dog.wav"


def test_a_file_that_fits_two_clips_alike_is_neithers(touch):
    assert found(touch("dog.flac"), "dog.mp3", "dog.wav") == [None, None]


def test_folders_of_a_manifest_are_never_dropped(touch):
    touch("dog/1.wav", "dog/2.wav", "cat/2.wav")
    root = touch("1.wav")
    listed = ["dog/1.wav", "dog/2.wav", "cat/1.wav", "cat/2.wav"]
    assert found(root, *listed) == ["dog/1.wav", "dog/2.wav", None, "cat/2.wav"]
    assert found(root / "dog", *listed) == [None] * 4


@pytest.mark.parametrize("path", ["Demo/1.wav", "WavCaps/1.wav", "ClothoV21/mine/1.wav", "ClothoV21/1.wav"])
def test_a_manifest_folder_that_is_named_as_a_corpus_is_a_folder_like_another(touch, path):
    assert found(touch("1.wav", "mine/1.wav"), path) == [None]


def test_backslashes_of_a_manifest_are_slashes(touch):
    assert found(touch("clips/a.wav", "odd\\b.wav"), "clips\\a.wav", "odd\\b.wav") == ["clips/a.wav", "odd\\b.wav"]


def test_one_path_in_several_spellings_is_one_clip(touch):
    spellings = ["./clips/a.wav", "clips/a.wav", "clips//a.wav", "clips\\a.wav"]
    assert found(touch("clips/a.wav"), *spellings) == ["clips/a.wav"] * 4


@pytest.mark.parametrize("folder", ["", "caf\u00e9/"])
def test_unicode_forms_are_a_last_resort(touch, folder):
    composed, decomposed = (unicodedata.normalize(form, f"{folder}\u00e9.wav") for form in ("NFC", "NFD"))
    assert found(touch(decomposed), composed) == [decomposed]
    assert found(touch(composed), composed, decomposed) == [composed, decomposed]
    flac = decomposed.replace(".wav", ".flac")
    assert found(touch(flac, folder="flac"), composed) == [flac]


@pytest.mark.parametrize(
    "path", ["../secret.wav", "..\\secret.wav", "a/../../secret.wav", "/etc/x.wav", "C:\\x.wav", ""]
)
def test_no_path_leaves_the_root(touch, path):
    touch("secret.wav", folder=".")
    assert found(touch("a/b.wav"), path) == [None]
    assert AudioFolder(touch("a/b.wav")).find(f"ClothoV21/{path}") is None


AUDIOCAPS = "AudioCapsLarger/test/Y{}.wav"


@pytest.mark.parametrize(
    "name", ["Y{}.wav", "{}.wav", "{}_30.flac", "{}_30_40.wav", "Y{}_30.mp3", "{}_30.000_40.000.m4a"]
)
@pytest.mark.parametrize("youtube_id", ["7fmOlUlwoNg", "FDwK7T1JO_0", "YY_x-30abcd", "_-_-_-_-_-_", "Y1234567890"])
def test_a_youtube_clip_is_known_by_its_eleven_characters(touch, name, youtube_id):
    name = name.format(youtube_id).replace("m4a", "ogg")
    decoys = [each.format("A" * 11) for each in ("Y{}.wav", "{}_30.wav")]
    assert found(touch(name, *decoys), AUDIOCAPS.format(youtube_id)) == [name]


def test_the_whole_stem_comes_before_a_start_time(touch):
    root = touch("7fmOlUlwoNg_20.flac", "7fmOlUlwoNg.wav", "Y7fmOlUlwoNg.flac")
    located = AudioFolder(root).locate(AUDIOCAPS.format("7fmOlUlwoNg"))
    assert located.path == root / "Y7fmOlUlwoNg.flac"
    assert {path.name for path in located.also} == {"7fmOlUlwoNg.wav", "7fmOlUlwoNg_20.flac"}


def test_two_starts_of_one_youtube_id_are_two_clips(touch):
    root = touch("7fmOlUlwoNg_20.flac", "7fmOlUlwoNg_70.flac")
    assert found(root, AUDIOCAPS.format("7fmOlUlwoNg")) == [None]
    starts = [AUDIOCAPS.format(f"7fmOlUlwoNg_{start}") for start in (20, 70, 90)]
    assert found(root, *starts) == ["7fmOlUlwoNg_20.flac", "7fmOlUlwoNg_70.flac", None]


def test_only_youtube_names_lose_their_start_time(touch):
    assert found(touch("rain_12.wav"), "ClothoV21/evaluation/rain.wav", "rain.wav") == [None, None]


LAYOUTS = {
    ("clotho", "evaluation"): [
        "ClothoV21/evaluation/{name}",
        "evaluation/{name}",
        "{name}",
        "CLOTHO_v2.1/clotho_audio_files/evaluation/{name}",
        "clotho_audio_files/evaluation/{name}",
        "clotho_audio_evaluation/evaluation/{name}",
        "clotho_audio_evaluation/{name}",
        "evaluation/{stem}.flac",
    ],
    ("audiocaps", "test"): [
        "AudioCapsLarger/test/Y{youtube_id}.wav",
        "test/Y{youtube_id}.wav",
        "test/{youtube_id}.wav",
        "{youtube_id}.mp3",
        "AUDIOCAPS/audio_32000Hz/test/{youtube_id}_{start}.flac",
        "audio_44100Hz/test/{youtube_id}_{start}.flac",
        "{youtube_id}_{start}_{end}.wav",
    ],
    ("wavcaps", "train"): [
        "WavCaps/{source}/{name}",
        "WavCaps/Audio/{source}/{name}",
        "{source}/{name}",
        "{source}_flac/{name}",
        "waveforms/{source}_flac/{name}",
        "WavCaps/waveforms/{source}_flac/{name}",
        "waveforms/{source}/{name}",
        "waveforms/{name}",
        "{name}",
        "mnt/fast/nobackup/scratch4weeks/xm00178/WavCaps/data/waveforms/{source}_flac/{name}",
        "WavCaps/Zip_files/{source}/mnt/fast/nobackup/scratch4weeks/xm00178/WavCaps/data/waveforms/{source}_flac/{name}",
        "Zip_files/{source}/{name}",
    ],
}
for corpus, split, like in (
    ("clotho", "development", "evaluation"),
    ("clotho", "validation", "evaluation"),
    ("audiocaps", "val", "test"),
):
    LAYOUTS[corpus, split] = [layout.replace(like, split) for layout in LAYOUTS[corpus, like]]
LAYOUTS["audiocaps", "train"] = [  # 50,000 files each
    "AudioCapsLarger/train/Y{youtube_id}.wav",
    "AUDIOCAPS/audio_32000Hz/train/{youtube_id}_{start}.flac",
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "split", "layout"), [(*key, each) for key, some in LAYOUTS.items() for each in some]
)
def test_every_clip_of_the_real_lists_is_found_under_each_layout_and_none_twice(shared, touch, corpus, split, layout):
    clips = read_clips(corpus, shared / "captions" / corpus, split)
    files = [_file(layout, clip, number) for number, clip in enumerate(clips)]
    recordings, missing = AudioFolder(touch(*files)).find_all(clip.filepath for clip in clips)
    assert not missing
    assert [path.relative_to(touch()).as_posix() for path in recordings.values()] == files


def _file(layout: str, clip: Clip, number: int) -> str:
    path = PurePosixPath(clip.filepath)
    names = {"name": path.name, "stem": path.stem, "youtube_id": path.stem[1:], "source": path.parts[1]}
    return layout.format(start=number % 500, end=number % 500 + 10, **names)


@pytest.mark.slow
def test_a_root_that_is_another_split_serves_none_of_the_clips(shared, touch):
    """Four file names of Clotho stand in two splits, as different recordings."""
    development = read_clips("clotho", shared / "captions" / "clotho", "development")
    names = [PurePosixPath(clip.filepath).name for clip in development]
    validation, evaluation = (
        read_clips("clotho", shared / "captions" / "clotho", split) for split in ("validation", "evaluation")
    )
    for folder in ("clotho_audio_files/development", "dev", "clotho_audio_development"):
        with pytest.raises(InputError, match="none of the 1,045 clips has a recording here"):
            with_recordings(evaluation, touch(*names, folder=folder))
    flat = touch(*names)
    kept = with_recordings(development, flat, listed=[clip.filepath for clip in (*validation, *evaluation)])
    elsewhere = {PurePosixPath(clip.filepath).name for clip in (*validation, *evaluation)}
    assert len(kept) == len(development) - len(elsewhere.intersection(names)) < len(development)


def test_all_sources_of_wavcaps_in_one_run_keep_apart(touch):
    filepaths = ["WavCaps/FreeSound/2219.flac", "WavCaps/SoundBible/2219.flac", "WavCaps/AudioSet_SL/YFDwK7T1JO_0.flac"]
    files = ["FreeSound_flac/2219.flac", "SoundBible/2219.wav", "waveforms/AudioSet_SL_flac/FDwK7T1JO_0.wav"]
    assert found(touch(*files), *filepaths) == files
    flat = touch("2219.flac", "YFDwK7T1JO_0.flac", folder="flat")
    assert found(flat, *filepaths) == [None, None, "YFDwK7T1JO_0.flac"]
    assert found(touch("2219.flac", folder="SoundBible_flac"), *filepaths) == [None, "2219.flac", None]


def test_clips_without_a_recording_are_left_out_and_named(touch, clips, tmp_path, caplog):
    root, listing = touch("clip1.wav"), tmp_path / "missing.jsonl"
    kept = with_recordings(clips(*[5] * 9), root, missing_file=listing)
    assert [clip.filepath for clip in kept] == ["ClothoV21/evaluation/clip1.wav"]
    assert "8 of 9 clips left out: no recording in" in caplog.text
    assert "ClothoV21/evaluation/clip0.wav, ClothoV21/evaluation/clip2.wav" in caplog.text
    assert f"and 3 more; all of them: {listing}" in caplog.text
    lines = [json.loads(line) for line in listing.read_text().splitlines()]
    assert len(lines) == 8
    assert lines[0] == {"filepath": "ClothoV21/evaluation/clip0.wav", "reason": "no recording"}
    touch(*[f"clip{number}.wav" for number in range(9)])
    with_recordings(clips(*[5] * 9), root, missing_file=listing)
    assert not listing.exists()


STEMS = st.sampled_from(["a", "A", "a.1", "a_30", "\u00e9", "e\u0301", "7fmOlUlwoNg", "Y7fmOlUlwoNg", "7fmOlUlwoNg_30"])
FOLDERS = st.sampled_from(
    ["", "x/", "x//", "./", "ClothoV21/evaluation/", "ClothoV21/development/", "evaluation/", "AudioCapsLarger/test/",
     "WavCaps/FreeSound/", "WavCaps/AudioSet_SL/", "FreeSound_flac/", "x\\"]
)  # fmt: skip
PATHS = st.builds("{}{}{}".format, FOLDERS, STEMS, st.sampled_from([".wav", ".WAV", ".flac", ".mp3", ".txt", ""]))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(listed=st.lists(PATHS, unique=True, max_size=12), files=st.lists(PATHS, unique=True, max_size=12))
def test_no_two_listed_clips_get_the_same_file_unless_they_are_the_same_path(tmp_path_factory, listed, files):
    root = tmp_path_factory.mktemp("recordings")
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    recordings, missing = AudioFolder(root).find_all(listed)
    assert {*recordings, *missing} == {*listed}
    clips_of: dict[Path, set[PurePosixPath]] = {}
    for filepath, path in recordings.items():
        clips_of.setdefault(path, set()).add(PurePosixPath(filepath.replace("\\", "/")))
    assert all(len(clips) == 1 for clips in clips_of.values())
    for filepath in listed:
        if (root / filepath).is_file():
            assert recordings[filepath] == root / filepath
