"""Croissant metadata (MLCommons, version 1.0): what is in the files, for programs and search engines."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mlcroissant as mlc
from datasets import Audio, ClassLabel, Features, List, Value

from adiff_data.dataset.layout import CROISSANT
from adiff_data.publishing.card import Contents
from adiff_data.publishing.description import Description
from adiff_data.tiers import ANSWER_KINDS, SIMILARITY

_TYPES = {
    "string": mlc.DataType.TEXT,
    "float32": mlc.DataType.FLOAT,
    "float64": mlc.DataType.FLOAT,
    "int32": mlc.DataType.INTEGER,
    "bool": mlc.DataType.BOOL,
}
_PARQUET = "application/x-parquet"
_MEANINGS = {
    "id": "the id, which follows from the content of the row",
    "audio1_path": "the published path of the first clip",
    "audio2_path": "the published path of the second clip",
    "caption1": "a caption of the first clip",
    "caption2": "a caption of the second clip",
    "prompt": "the request for the explanation",
    "answer": "the explanation of how the two recordings differ",
    "corpus": "the corpus of the clips",
    "source_split": "the corpus' own name of the split",
    "strategy": "how the pair was chosen",
    "similarity": "the similarity of the two captions, 0 to 1, if the strategy measured it",
    "facts": "what was measured on the two recordings, if anything was",
    "provenance": "how the answer was made",
    "verdict": "pass or fail, if the answer was checked",
    "reasons": "the reasons for the verdict",
    "flags": "what is wrong with the row, which is published all the same",
    "verified": "whether people listened and let the answer stand, or edited it",
    "edited": "whether people edited the answer",
    "reviewers": "how many people said something of the row",
    "agreement": "the share of these people who said what holds",
    "original_answer": "the answer before people edited it",
    "truth": "how the two recordings differ, as JSON, where they were made so",
    "path": "the published path of the clip",
    "audio": "the recording, if it may be published",
    "title": "the title that its author gave the recording",
    "author": "the author of the recording",
    "licence": "the licence of the recording",
    "link": "the address of the recording",
    "why_not": "why the recording is not in the dataset",
}


def write_croissant(folder: Path, description: Description, contents: Contents) -> None:
    """Writes `croissant.json` into the folder of the repository; its paths are relative to the folder.

    Args:
        folder: the repository.
        description: its names and terms.
        contents: by config, its columns and the files of each split.
    """
    context = mlc.Context()
    distribution: list[mlc.FileObject | mlc.FileSet] = []
    for config, (_, splits) in contents.items():
        distribution.append(
            mlc.FileSet(
                ctx=context, id=f"{config}-files", encoding_formats=[_PARQUET], includes=[f"{config}/*.parquet"]
            )
        )
        distribution += [_file_object(context, folder, path) for shards in splits.values() for path in shards.files]
    metadata = mlc.Metadata(
        ctx=context,
        name=description.name,
        description=description.summary,
        url=description.url,
        license=[description.licence_link],
        cite_as=description.citation,
        version="1.0.0",
        date_published=description.date,
        creators=[mlc.Organization(ctx=context, name=description.publisher)],
        keywords=["audio", "audio difference captioning", "audio-language"],
        in_language=["en"],
        distribution=distribution,
        record_sets=[_record_set(context, config, features) for config, (features, _) in contents.items()],
    )
    text = json.dumps(metadata.to_json(), indent=2, ensure_ascii=False, default=str)
    (folder / CROISSANT).write_text(text + "\n", encoding="utf-8")


def _file_object(context: mlc.Context, folder: Path, path: Path) -> mlc.FileObject:
    name = path.relative_to(folder).as_posix()
    return mlc.FileObject(
        ctx=context,
        id=name,
        name=name,
        content_url=name,
        content_size=f"{path.stat().st_size} B",
        encoding_formats=[_PARQUET],
        sha256=_sha256(path),
    )


def _record_set(context: mlc.Context, config: str, features: Features) -> mlc.RecordSet:
    meanings = _meanings(features)
    fields = [_field(context, config, name, feature, meanings) for name, feature in features.items()]
    split = mlc.Source(
        file_set=f"{config}-files",
        extract=mlc.Extract(file_property=mlc.FileProperty.filename),
        transforms=[mlc.Transform(regex=r"^(.+)-\d+-of-\d+\.parquet$")],
    )
    text = [mlc.DataType.TEXT]
    fields.append(
        mlc.Field(ctx=context, id=f"{config}/split", name="split", description="", data_types=text, source=split)
    )
    return mlc.RecordSet(ctx=context, id=config, name=config, fields=fields)


def _meanings(features: Features) -> dict[str, str]:
    """What each column means; of the kinds of answer, those that the dataset has."""
    if "tier" not in features:
        return _MEANINGS
    names = features["tier"].names
    numbered = ", ".join(f"{number} {ANSWER_KINDS[name].label}" for number, name in enumerate(names))
    answer = _MEANINGS["answer"] + (", or of what they have in common" if SIMILARITY.name in names else "")
    return {**_MEANINGS, "tier": numbered, "answer": answer}


def _field(
    context: mlc.Context,
    config: str,
    name: str,
    feature: Any,
    meanings: Mapping[str, str],
    parents: tuple[str, ...] = (),
) -> mlc.Field:
    """A column, or a field inside the columns `parents`."""
    path = (*parents, name)
    repeated, nested = isinstance(feature, List), isinstance(feature, dict)
    steps = [mlc.Transform(json_path=step) for step in path[1:]]
    source = mlc.Source(file_set=f"{config}-files", extract=mlc.Extract(column=path[0]), transforms=steps)
    return mlc.Field(
        ctx=context,
        id="/".join((config, *path)),
        name=name,
        description="" if parents else meanings.get(name, ""),
        data_types=[] if nested else [_data_type(feature.feature if repeated else feature)],
        is_array=repeated or None,
        array_shape="-1" if repeated else None,
        source=None if nested else source,
        sub_fields=[_field(context, config, key, inner, meanings, path) for key, inner in feature.items()]
        if nested
        else [],
    )


def _data_type(feature: object) -> str:
    if isinstance(feature, Audio):
        return mlc.DataType.AUDIO_OBJECT
    if isinstance(feature, ClassLabel):
        return mlc.DataType.INTEGER
    return _TYPES[feature.dtype] if isinstance(feature, Value) else mlc.DataType.TEXT


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
