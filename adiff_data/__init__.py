"""Making, checking, publishing and loading datasets that explain how two recordings differ.

From captions to a dataset, each step a function; `docs/python-api.md` describes them all:

    clips = read_clips("clotho", "captions/clotho", "evaluation")
    pairs = make_pairs(clips, strategy="random", seed=0)
    rows = annotate(pairs, model="my-model", base_url="http://localhost:8000/v1")
    build(rows, "data/CLD", verdicts=check(rows))
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adiff_data.annotation.annotate import IncompleteError, annotate
    from adiff_data.annotation.fixing import fix
    from adiff_data.audio.differences import Difference, PairFacts
    from adiff_data.audio.facts import Facts
    from adiff_data.audio.files import with_recordings
    from adiff_data.audio.measuring import FactsBook, measure
    from adiff_data.audio.sending import SendingOptions
    from adiff_data.audio.status import RecordingStatus, audio_status
    from adiff_data.checks.checking import Report, check
    from adiff_data.checks.verdicts import Verdict
    from adiff_data.claims.edit_truth import EditTruth, PlacedEvent
    from adiff_data.core.errors import AdiffError, InputError, WorkError
    from adiff_data.core.json_lines import read_records, write_records
    from adiff_data.core.progress import Progress, ProgressCallback
    from adiff_data.dataset.building import Built, build
    from adiff_data.dataset.exporting import export_csv, export_reasonaqa
    from adiff_data.dataset.loading import load_split
    from adiff_data.edits.folder import make_edited_pairs
    from adiff_data.edits.known_facts import known_edits
    from adiff_data.engines.engine import Engine
    from adiff_data.engines.local import LocalEngine
    from adiff_data.engines.ray_engine import RayEngine
    from adiff_data.frames import from_frame, to_frame
    from adiff_data.llm.options import ModelOptions, RunOptions
    from adiff_data.llm.prices import Price
    from adiff_data.pairing import make_pairs
    from adiff_data.published_csv import read_annotations
    from adiff_data.publishing.publish import Published, publish
    from adiff_data.records import Annotation, Clip, Pair, Provenance
    from adiff_data.reviewing.serving import ServedReview, serve_review
    from adiff_data.reviews.results import ReviewedRow, Reviews, read_reviews
    from adiff_data.sources import CORPORA, ClipSource, Corpus, Terms, read_clips, register_corpus
    from adiff_data.studies.answer_files import import_answers
    from adiff_data.studies.plan import Study
    from adiff_data.studies.results import RaterResult, StudyResults, SystemResult, study_results
    from adiff_data.study_pages.files import export_study
    from adiff_data.study_pages.label_studio_files import export_label_studio
    from adiff_data.study_pages.serving import ServedStudy, serve_study
    from adiff_data.tiers import TIERS, Tier

# Where each public name is defined: it is imported when it is first asked for, since some take seconds.
_DEFINED_IN = {
    "adiff_data.annotation.annotate": ("IncompleteError", "annotate"),
    "adiff_data.annotation.fixing": ("fix",),
    "adiff_data.audio.differences": ("Difference", "PairFacts"),
    "adiff_data.audio.facts": ("Facts",),
    "adiff_data.audio.files": ("with_recordings",),
    "adiff_data.audio.measuring": ("FactsBook", "measure"),
    "adiff_data.audio.sending": ("SendingOptions",),
    "adiff_data.audio.status": ("RecordingStatus", "audio_status"),
    "adiff_data.checks.checking": ("Report", "check"),
    "adiff_data.checks.verdicts": ("Verdict",),
    "adiff_data.core.errors": ("AdiffError", "InputError", "WorkError"),
    "adiff_data.core.json_lines": ("read_records", "write_records"),
    "adiff_data.core.progress": ("Progress", "ProgressCallback"),
    "adiff_data.dataset.building": ("Built", "build"),
    "adiff_data.dataset.exporting": ("export_csv", "export_reasonaqa"),
    "adiff_data.dataset.loading": ("load_split",),
    "adiff_data.edits.folder": ("make_edited_pairs",),
    "adiff_data.claims.edit_truth": ("EditTruth", "PlacedEvent"),
    "adiff_data.edits.known_facts": ("known_edits",),
    "adiff_data.engines.engine": ("Engine",),
    "adiff_data.engines.local": ("LocalEngine",),
    "adiff_data.engines.ray_engine": ("RayEngine",),
    "adiff_data.frames": ("from_frame", "to_frame"),
    "adiff_data.llm.options": ("ModelOptions", "RunOptions"),
    "adiff_data.llm.prices": ("Price",),
    "adiff_data.pairing": ("make_pairs",),
    "adiff_data.published_csv": ("read_annotations",),
    "adiff_data.publishing.publish": ("Published", "publish"),
    "adiff_data.records": ("Annotation", "Clip", "Pair", "Provenance"),
    "adiff_data.reviewing.serving": ("ServedReview", "serve_review"),
    "adiff_data.reviews.results": ("ReviewedRow", "Reviews", "read_reviews"),
    "adiff_data.sources": ("CORPORA", "ClipSource", "Corpus", "Terms", "read_clips", "register_corpus"),
    "adiff_data.studies.answer_files": ("import_answers",),
    "adiff_data.studies.plan": ("Study",),
    "adiff_data.studies.results": ("RaterResult", "StudyResults", "SystemResult", "study_results"),
    "adiff_data.study_pages.files": ("export_study",),
    "adiff_data.study_pages.label_studio_files": ("export_label_studio",),
    "adiff_data.study_pages.serving": ("ServedStudy", "serve_study"),
    "adiff_data.tiers": ("TIERS", "Tier"),
}
_MODULE_OF = {name: module for module, names in _DEFINED_IN.items() for name in names}

__all__ = [
    "CORPORA",
    "TIERS",
    "AdiffError",
    "Annotation",
    "Built",
    "Clip",
    "ClipSource",
    "Corpus",
    "Difference",
    "EditTruth",
    "Engine",
    "Facts",
    "FactsBook",
    "IncompleteError",
    "InputError",
    "LocalEngine",
    "ModelOptions",
    "Pair",
    "PairFacts",
    "PlacedEvent",
    "Price",
    "Progress",
    "ProgressCallback",
    "Provenance",
    "Published",
    "RaterResult",
    "RayEngine",
    "RecordingStatus",
    "Report",
    "ReviewedRow",
    "Reviews",
    "RunOptions",
    "SendingOptions",
    "ServedReview",
    "ServedStudy",
    "Study",
    "StudyResults",
    "SystemResult",
    "Terms",
    "Tier",
    "Verdict",
    "WorkError",
    "__version__",
    "annotate",
    "audio_status",
    "build",
    "check",
    "export_csv",
    "export_label_studio",
    "export_reasonaqa",
    "export_study",
    "fix",
    "from_frame",
    "import_answers",
    "known_edits",
    "load_split",
    "make_edited_pairs",
    "make_pairs",
    "measure",
    "publish",
    "read_annotations",
    "read_clips",
    "read_records",
    "read_reviews",
    "register_corpus",
    "serve_review",
    "serve_study",
    "study_results",
    "to_frame",
    "with_recordings",
    "write_records",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from adiff_data.core.distribution import version  # noqa: PLC0415 - as all other names

        return version()
    if name not in _MODULE_OF:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(importlib.import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
