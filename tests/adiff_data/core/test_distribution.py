"""The distribution's name and version: in one place, the same in every file that tells them."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from adiff_data.core import distribution
from adiff_data.core.distribution import DISTRIBUTION, EXTRAS, extra_of, install_hint, version

CHECKOUT = Path(distribution.__file__).parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("adiff_data", "adiff_model", "pipelines")
TEXT = {".py", ".md", ".txt", ".yaml", ".html", ".js", ".css"}


def texts(*places: str) -> dict[str, str]:
    """The text of all files in some folders, by path."""
    files = (path for place in places for path in sorted((CHECKOUT / place).rglob("*")) if path.suffix in TEXT)
    return {str(path.relative_to(CHECKOUT)): path.read_text(encoding="utf-8") for path in files}


def test_the_project_has_the_name_that_messages_tell():
    assert PROJECT["name"] == DISTRIBUTION
    assert install_hint("model") == "pip install 'adiff-toolkit[model]'"


def test_nothing_tells_to_install_the_program_of_somebody_else():
    told = texts(*PACKAGES, "docs") | {"README.md": (CHECKOUT / "README.md").read_text(encoding="utf-8")}
    assert len(told) > 100
    wrong = re.compile(r"""adiff\[|pip install[^\n`]*[\s'"]adiff(?![-\w])""")
    assert not [path for path, text in told.items() if wrong.search(text)]


def test_code_takes_the_name_from_one_place():
    own = str(Path(distribution.__file__).relative_to(CHECKOUT))
    assert [path for path, text in texts(*PACKAGES).items() if DISTRIBUTION in text and path.endswith(".py")] == [own]


def test_extras_that_are_told_exist():
    told = {
        name for text in texts(*PACKAGES).values() for name in re.findall(r"""install_hint\(["'](\w+)["']\)""", text)
    }
    told |= {
        name
        for text in (*texts("docs").values(), (CHECKOUT / "README.md").read_text(encoding="utf-8"))
        for names in re.findall(r"pip install '\.\[([\w,]+)\]'", text)
        for name in names.split(",")
    }
    assert told >= {"model", "metrics", "fense", "embeddings", "torchaudio"}
    assert told <= PROJECT["optional-dependencies"].keys()


def test_each_extra_is_known_by_its_packages():
    assert EXTRAS.keys() == PROJECT["optional-dependencies"].keys() - {"dev"}


def test_the_version_is_that_of_the_installed_distribution_else_of_the_checkout(monkeypatch):
    monkeypatch.setattr(distribution.metadata, "version", {DISTRIBUTION: "9.8.7"}.__getitem__)
    assert version() == "9.8.7"

    def not_installed(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(distribution.metadata, "version", not_installed)
    assert version() == PROJECT["version"]


def test_where_nothing_tells_the_version_it_is_unknown(monkeypatch, tmp_path):
    def not_installed(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(distribution.metadata, "version", not_installed)
    monkeypatch.setattr(distribution, "__file__", str(tmp_path / "adiff_data" / "core" / "distribution.py"))
    assert version() == "unknown"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\nversion = "3.0"\n', encoding="utf-8")
    assert version() == "unknown"


@pytest.mark.parametrize(
    ("path", "pattern"),
    [("CHANGELOG.md", r"^## (\S+) – \d{4}-\d\d-\d\d$"), ("CITATION.cff", r"^version: (\S+)$")],
)
def test_changelog_and_citation_are_of_this_version(path, pattern):
    text = (CHECKOUT / path).read_text(encoding="utf-8")
    assert re.search(pattern, text, re.MULTILINE)[1] == PROJECT["version"]


def test_the_citation_is_of_the_changelogs_day():
    day = re.search(r"^date-released: (\S+)$", (CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert f"## {PROJECT['version']} – {day}\n" in (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")


def imported_packages() -> set[str]:
    """What the packages import at any place, but for the standard library and themselves."""
    trees = [ast.parse(text) for path, text in texts(*PACKAGES).items() if path.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {*PACKAGES}


@pytest.mark.slow
def test_every_package_that_is_imported_is_declared():
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    declared = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for lines in groups for line in lines}
    called_otherwise = {"yaml": "pyyaml", "sklearn": "scikit-learn", "pydantic_core": "pydantic"}
    needed = {called_otherwise.get(package, package).replace("_", "-") for package in imported_packages()}
    assert needed <= declared


def test_every_extra_that_messages_tell_of_brings_the_packages_that_are_asked_for():
    for extra, packages in EXTRAS.items():
        lines = PROJECT["optional-dependencies"][extra]
        names = {re.split(r"[^\w.-]", line)[0].replace("-", "_") for line in lines}
        assert {*packages} <= names
        assert {extra_of(package) for package in packages} == {extra}
