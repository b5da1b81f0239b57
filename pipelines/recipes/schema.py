"""A recipe: which corpus, which splits, the steps from captions to a dataset, and where its files are."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from adiff_data.core.errors import InputError
from adiff_data.core.text_files import read_text
from adiff_data.core.validation import first_fault
from adiff_data.dataset.built_folder import REVIEWS_FILE
from adiff_data.demo import DemoSettings
from adiff_data.published_csv import file_name
from adiff_data.sources import corpus_named
from adiff_data.sources.edited import CORPUS as EDITED
from pipelines.settings import (
    AnnotateSettings,
    BuildSettings,
    CheckSettings,
    EditSettings,
    EngineSettings,
    EvaluateSettings,
    PairSettings,
    PredictSettings,
    PublishSettings,
    Settings,
)

Kind = TypeVar("Kind", bound=BaseModel)


class RecipePredictSettings(PredictSettings):
    """As `adiff predict`'s options, for one split of the recipe.

    Attributes:
        split: the answers are in `out/predictions/{split}.jsonl`.
    """

    split: str


class RecipeEvaluateSettings(EvaluateSettings):
    """As `adiff evaluate`'s options; the report is in `out/report`.

    Attributes:
        baselines: true takes the dataset's own training split.
    """

    baselines: str | bool | None = True


class Steps(Settings):
    """The steps of a recipe, in their order; a step that is not named is not done.

    Attributes:
        edit: in place of `pair` and `annotate`: the recordings are paired with edits of themselves.
    """

    corpus: DemoSettings | None = None
    edit: EditSettings | None = None
    pair: PairSettings | None = None
    annotate: AnnotateSettings | None = None
    check: CheckSettings | None = None
    build: BuildSettings | None = None
    publish: PublishSettings | None = None
    predict: RecipePredictSettings | None = None
    evaluate: RecipeEvaluateSettings | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> "Steps":
        if self.edit and (self.pair or self.annotate):
            raise ValueError("edit makes pairs and explains them: leave out pair and annotate")
        if (self.publish or self.predict) and not self.build:
            raise ValueError("what is published or predicted is built first: name build")
        if self.evaluate and not self.predict:
            raise ValueError("what is evaluated is predicted first: name predict")
        return self


class Recipe(EngineSettings):
    """A whole recipe, and the engine that its steps run on.

    Attributes:
        corpus: a name of `adiff_data.sources.CORPORA`.
        root: the folder of its caption files; for manifest, the file.
        audio_root: the recordings; only clips that have one are paired, and what is measured on them is used. The
            step `edit` needs them, and writes those of its pairs into `out/work/{split}`.
        splits: the splits to make, by the corpus' own names.
        out: the dataset's folder; what is made on the way stands in `out/work/{split}`.
    """

    corpus: str
    root: Path
    audio_root: Path | None = None
    splits: tuple[str, ...] = Field(min_length=1)
    out: Path
    steps: Steps

    @field_validator("corpus")
    @classmethod
    def _is_known(cls, name: str) -> str:
        """Raises ValueError, which pydantic tells with the field, where there is no such corpus."""
        try:
            return corpus_named(name).name
        except InputError as fault:
            raise ValueError(str(fault)) from None

    @model_validator(mode="after")
    def _has_recordings_to_edit(self) -> "Recipe":
        if self.steps.edit and self.audio_root is None:
            raise ValueError("edit needs recordings: give audio_root")
        return self

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers of the dataset."""
        makes_answers = self.steps.edit or self.steps.annotate
        return makes_answers.tiers if makes_answers else ()


def read_recipe(name: str, changes: dict[str, Any]) -> Recipe:
    """A dataset's recipe, as `read_settings` finds it: a path, or `demo`, `cld`, `acd`, `wcd`."""
    return read_settings(name, Recipe, changes)


def read_settings(name: str, kind: type[Kind], changes: dict[str, Any]) -> Kind:
    """A recipe from a YAML file, or one of the project's own by its name, with changes from the command line.

    Args:
        name: a path, or the name of a file in `pipelines/recipes`.
        kind: what recipe it is.
        changes: fields to replace; those of a step are under its name, as in the file.

    Raises:
        InputError: no such recipe, or it is not one.
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = Path(str(files(__package__) / f"{name}.yaml"))
        if not path.exists():
            names = ", ".join(_names_of(kind, path.parent))
            raise InputError(f"no recipe '{name}'", mend=f"give a .yaml file or one of {names}")
    text = read_text(path)
    try:
        fields = yaml.safe_load(text)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        column, row = (f"column {mark.column + 1}: ", mark.line + 1) if mark else ("", None)
        raise InputError(f"not YAML ({column}{fault.problem})", file=path, row=row) from None
    except yaml.reader.ReaderError as fault:
        row = text.count("\n", 0, fault.position) + 1
        raise InputError(f"not YAML ({fault.reason})", file=path, row=row) from None
    if not isinstance(fields, dict):
        raise InputError("not a recipe", file=path)
    try:
        return kind.model_validate(merged(fields, changes))
    except ValidationError as fault:
        field, first = first_fault(fault)
        given_here = _names_field(changes, first["loc"])
        raise InputError(f"{field}: {first['msg']}", file=None if given_here else path) from None


def _names_field(changes: dict[str, Any], location: Sequence[int | str]) -> bool:
    """Whether a field is among the changes, and so not the recipe's own."""
    inner: Any = changes
    for name in location:
        if not isinstance(inner, dict):
            return True
        if name not in inner:
            return False
        inner = inner[name]
    return bool(location)


def _names_of(kind: type[BaseModel], folder: Path) -> list[str]:
    """The recipes of a kind in a folder: those that have what it cannot be without."""
    required = {name for name, field in kind.model_fields.items() if field.is_required()}
    paths = sorted(folder.glob("*.yaml"))
    return [file.stem for file in paths if required <= yaml.safe_load(file.read_text(encoding="utf-8")).keys()]


def merged(fields: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The fields with the changes in place of theirs, group by group."""
    result = dict(fields)
    for name, value in changes.items():
        result[name] = merged(result.get(name) or {}, value) if isinstance(value, dict) else value
    return result


def predictions_path(recipe: Recipe, split: str) -> Path:
    """Where the predictions of a split stand."""
    return recipe.out / "predictions" / f"{split}.jsonl"


def report_folder(recipe: Recipe) -> Path:
    """Where the evaluation stands."""
    return recipe.out / "report"


def pairs_path(recipe: Recipe, split: str) -> Path:
    """Where a split's pairs stand."""
    return recipe.out / "work" / split / "pairs.jsonl"


def annotations_path(recipe: Recipe, split: str) -> Path:
    """Where a split's annotations stand."""
    return recipe.out / "work" / split / "annotations.jsonl"


def reviews_path(recipe: Recipe, split: str) -> Path:
    """What people said of a split."""
    return recipe.out / "work" / split / REVIEWS_FILE


def verdicts_path(recipe: Recipe, split: str) -> Path:
    """Where a split's verdicts stand."""
    return recipe.out / "work" / split / "verdicts.jsonl"


def built_tables(recipe: Recipe, splits: Sequence[str]) -> list[Path]:
    """The CSV files of some splits."""
    corpus = EDITED.name if recipe.steps.edit else recipe.corpus
    return [recipe.out / file_name(corpus, split, tier) for split in splits for tier in recipe.tiers]
