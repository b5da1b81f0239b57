"""A prediction in the form of a dataset's row, so that the same checks apply."""

from pathlib import PurePosixPath

from adiff_data.records import Annotation, Provenance
from adiff_data.sources import corpus_named, corpus_of_path
from adiff_model.prediction_file import Prediction


def as_annotation(row: Prediction) -> Annotation:
    """A prediction as an annotation, so that the same checks apply."""
    parts = PurePosixPath(row.filepath1).parts
    corpus = corpus_of_path(row.filepath1) or corpus_named("manifest")
    failure = None if row.prediction.strip() else "no prediction"
    return Annotation(
        id=row.id,
        corpus=corpus.name,
        split=parts[1] if len(parts) > 2 else "",
        filepath1=row.filepath1,
        filepath2=row.filepath2,
        caption1=row.caption1,
        caption2=row.caption2,
        strategy="",
        taskname=corpus.taskname,
        tier=row.tier,
        input=row.prompt,
        answer=row.prediction,
        provenance=Provenance(annotator="model", failure=failure),
    )
