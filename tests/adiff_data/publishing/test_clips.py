"""Clips inside a dataset: by licence, with their authors; and read again."""

import datasets
import numpy as np
import pytest
import soundfile

from adiff_data.audio.files import AudioFolder
from adiff_data.core.errors import InputError
from adiff_data.core.progress import Progress
from adiff_data.dataset.loading import load_split
from adiff_data.publishing.clip_audio import ClipAudio
from adiff_data.sources.clip_sources import ClipSources
from adiff_data.sources.licences import forbidden, licence_name

METADATA = (
    "file_name,keywords,sound_id,sound_link,start_end_samples,manufacturer,license\n"
    "a.wav,rain,1,https://freesound.org/s/1,,Zo\xe9,http://creativecommons.org/licenses/by/3.0/\n"
    "b.wav,dog,2,https://freesound.org/s/2,,Jo,http://creativecommons.org/licenses/by-nc-nd/3.0/\n"
)


@pytest.fixture
def recordings(tmp_path):
    """Five files below a root, one of them no audio."""
    root = tmp_path / "recordings"
    (root / "evaluation").mkdir(parents=True)
    for number, name in enumerate(("a.wav", "b.wav", "c.wav")):
        samples = np.full((1000, 2), 0.1 * (number + 1))
        soundfile.write(root / "evaluation" / name, samples, 8000)
    (root / "evaluation" / "text.wav").write_text("no audio")
    return root


@pytest.fixture
def licences(tmp_path):
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "clotho_metadata_evaluation.csv").write_bytes(METADATA.encode("iso-8859-1"))
    table = tmp_path / "own.csv"
    rows = ["ClothoV21/evaluation/text.wav,CC0,me,", "ClothoV21/evaluation/gone.wav,CC0,me,"]
    table.write_text("path,licence,author,title\n" + "\n".join(rows) + "\n")
    return [tmp_path / "metadata", table]


@pytest.mark.slow
def test_only_clips_that_may_be_handed_on_go_in(row, built, published, recordings, licences):
    rows = [row("a.wav", "b.wav"), row("b.wav", "c.wav"), row("text.wav", "gone.wav")]
    audio = ClipAudio(AudioFolder(recordings), ClipSources(licences))
    folder = published(built(*rows), audio=audio).folder
    clips = datasets.load_dataset(str(folder), "cld_clips", split="test")
    clips = clips.cast_column("audio", datasets.Audio(decode=False)).to_list()
    names = [clip["path"].rpartition("/")[2] for clip in clips]
    assert names == ["a.wav", "b.wav", "c.wav", "gone.wav", "text.wav"]
    assert [clip["audio"] is not None for clip in clips] == [True, False, False, False, False]
    assert clips[0]["audio"]["bytes"] == (recordings / "evaluation" / "a.wav").read_bytes()
    assert (clips[0]["author"], clips[0]["licence"]) == ("Zoé", "CC BY 3.0")
    assert clips[0]["link"] == "https://freesound.org/s/1"
    assert "no derivatives" in clips[1]["why_not"]
    assert clips[2]["why_not"] == "its licence is not known"
    assert "no recording" in clips[3]["why_not"]
    assert "cannot be read" in clips[4]["why_not"]
    assert next(audio.summary()) == "audio: 1 of 5 clips went in"
    assert "1 of 5 clips went in" in (folder / "README.md").read_text()


@pytest.mark.slow
def test_a_config_that_is_called_as_anothers_clips_is_refused(row, built, published, recordings, licences):
    folder = built(row("a.wav", "b.wav"))
    clips_named = f"CLD_clips={folder}"
    audio = ClipAudio(AudioFolder(recordings), ClipSources(licences))
    with pytest.raises(InputError, match=r"CLD: is 'cld_clips', which is the name of the clips of 'cld'"):
        published(clips_named, folder, audio=audio)
    assert published(clips_named, folder).sizes.keys() == {"CLD_clips", "cld"}


def test_a_clip_never_goes_out_as_another_of_the_same_stem(tmp_path):
    """`dog.wav` may not be handed on; `dog.mp3`, which may, is not in the folder."""
    names = ("cat.wav", "dog.wav", "dog.mp3")
    for number, name in enumerate(names[:2], start=1):
        soundfile.write(tmp_path / name, np.full(1000, 0.1 * number), 8000)
    table = tmp_path / "licences.csv"
    table.write_text("path,licence\ncat.wav,CC0\ndog.wav,CC BY-NC-ND 4.0\ndog.mp3,CC0\n")
    audio = ClipAudio(AudioFolder(tmp_path), ClipSources([table]))
    audio.expect(["cat.wav", "dog.mp3"])
    values = {name: audio.values(name, "manifest", "all") for name in names}
    assert [values[name]["audio"] is not None for name in names] == [True, False, False]
    assert "no recording" in values["dog.mp3"]["why_not"]
    soundfile.write(tmp_path / "dog.mp3", np.full(1000, 0.3), 8000)
    audio.expect(names)
    assert audio.values("dog.mp3", "manifest", "all")["audio"]["bytes"] == (tmp_path / "dog.mp3").read_bytes()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (
            "path,licence\ndog.wav,CC BY-NC 4.0\n./dog.wav,CC0\n",
            "'dog.wav' has the licence CC0 1.0, and before it had CC",
        ),
        ("path,licence,license\ndog.wav,CC BY-NC 4.0,CC0\n", "row 2: has both columns, license and licence"),
    ],
)
def test_a_clip_of_two_licences_is_refused(tmp_path, table, reason):
    path = tmp_path / "licences.csv"
    path.write_text(table)
    with pytest.raises(InputError, match=reason):
        ClipSources([path])


def test_two_files_that_give_a_clip_different_licences_are_refused(tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("path,licence\ndog.wav,CC BY-NC 4.0\ncat.wav,CC-BY-4.0\n")
    second.write_text("path,licence\ncat.wav,CC BY 4.0\ndog.wav,CC0\n")
    with pytest.raises(InputError, match=r"second.csv: 'dog.wav' has the licence CC0 1.0"):
        ClipSources([first, second])


def test_half_a_recording_is_not_published_as_if_it_were_whole(tmp_path):
    soundfile.write(tmp_path / "whole.flac", 0.1 * np.random.RandomState(0).standard_normal(32_000), 8000)
    content = (tmp_path / "whole.flac").read_bytes()
    (tmp_path / "half.flac").write_bytes(content[: len(content) // 2])
    table = tmp_path / "licences.csv"
    table.write_text("path,licence\nwhole.flac,CC0\nhalf.flac,CC0\n")
    told: list[Progress] = []
    audio = ClipAudio(AudioFolder(tmp_path), ClipSources([table]), progress=told.append)
    audio.expect(["whole.flac", "half.flac"])
    assert audio.values("whole.flac", "manifest", "all")["audio"]["bytes"] == content
    values = audio.values("half.flac", "manifest", "all")
    assert values["audio"] is None
    assert values["why_not"] == "its recording cannot be read to its end as audio"
    assert (told[-1].step, told[-1].done, told[-1].total, told[-1].unit) == ("decode", 2, 2, "clips")


@pytest.mark.slow
def test_embedded_audio_stands_beside_the_pairs(row, built, published, recordings, licences, caplog):
    audio = ClipAudio(AudioFolder(recordings), ClipSources(licences))
    folder = published(built(row("a.wav", "b.wav")), audio=audio).folder
    (first,) = load_split(folder, "cld", "evaluation", embedded_audio=True)
    assert first["audio1"]["sampling_rate"] == 8000
    np.testing.assert_allclose(first["audio1"]["array"], 0.1, atol=1e-4)
    assert first["audio2"] is None
    assert "1 of 2 recordings are not in" in caplog.text


@pytest.mark.slow
def test_the_card_loads_clips_with_and_without_torchcodec(row, built, published, recordings, licences, run_card):
    audio = ClipAudio(AudioFolder(recordings), ClipSources(licences))
    folder = published(built(row("a.wav", "b.wav")), audio=audio).folder
    rows, with_audio, clips = run_card(folder)
    assert len(rows["dataset"]) == 1
    assert with_audio["dataset"][0]["audio1"]["sampling_rate"] == 8000
    assert clips["clips"][0]["audio"]["bytes"] == (recordings / "evaluation" / "a.wav").read_bytes()
    assert "`pip install torchcodec`" in (folder / "README.md").read_text()


@pytest.mark.parametrize(
    ("licence", "name", "allowed"),
    [
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0", True),
        ("CC0", "CC0 1.0", True),
        ("Creative Commons 0", "CC0 1.0", True),
        ("CC-BY", "CC BY", True),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC BY-NC 4.0", True),
        ("http://creativecommons.org/licenses/sampling+/1.0/", "Sampling+ 1.0", True),
        ("CC BY-NC-ND 3.0", "CC BY-NC-ND 3.0", False),
        ("All rights reserved by me", None, False),
        ("", None, False),
    ],
)
def test_licences_by_their_names_and_links(licence, name, allowed):
    assert licence_name(licence) == name
    assert (forbidden(licence) is None) == allowed


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("AudioCapsLarger/test/Yabc.wav", "YouTube"),
        ("WavCaps/AudioSet_SL/Yabc.flac", "YouTube"),
        ("WavCaps/BBC_Sound_Effects/1.flac", "RemArc"),
        ("WavCaps/FreeSound/1.flac", "not known"),
    ],
)
def test_sources_whose_licence_forbids_it_or_is_not_known(path, reason):
    assert reason in ClipSources().why_not(path)
    assert ClipSources().why_not("Demo/train/x.wav") is None


def test_a_file_that_tells_of_no_licences_is_named(tmp_path):
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(InputError, match=r"x\.txt: tells of no licences"):
        ClipSources([tmp_path / "x.txt"])


def test_wavcaps_own_files_tell_authors_and_links(shared):
    source = ClipSources([shared / "captions" / "wavcaps"]).source_of("WavCaps/SoundBible/2219.flac")
    assert source.author == "Daniel Simion"
    assert source.link.startswith("http://soundbible.com/")
    assert source.licence is None
