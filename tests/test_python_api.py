"""The public names: `docs/python-api.md` says all of them and no other, and importing them costs nothing."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import adiff_data
import adiff_model
from adiff_data.core.distribution import version

DOCUMENT = Path(__file__).parents[1] / "docs" / "python-api.md"
PACKAGES = (adiff_data, adiff_model)
HEAVY = ("datasets", "librosa", "pandas", "pyarrow", "sklearn", "torch", "transformers")
_NAME = re.compile(r"^(?:#### |\| )`(\w+)`", re.MULTILINE)
_CALL = re.compile(r"^#### `(\w+)`\n\n```python\n(.+?)\n```", re.MULTILINE | re.DOTALL)


def section(package: ModuleType) -> str:
    """What the document says of a package."""
    sections = DOCUMENT.read_text(encoding="utf-8").split("\n## ")
    return next(each for each in sections if each.startswith(f"{package.__name__}\n"))


def signature(name: str, called: object) -> str:
    """A call with its defaults and without types, as the document has it."""
    plain = inspect.signature(called).replace(return_annotation=inspect.Signature.empty)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in plain.parameters.values()]
    return f"{name}{plain.replace(parameters=bare)}".replace("'", '"')


def constants_then_classes_then_functions(name: str) -> tuple[int, str]:
    """The order that ruff wants of `__all__`."""
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, name


def on_one_line(code: str) -> str:
    """A call that is wrapped over several lines."""
    return re.sub(r"\(\s+", "(", re.sub(r",?\s+\)", ")", " ".join(code.split())))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_public_name_is_documented_and_every_documented_name_is_public(package):
    assert sorted(_NAME.findall(section(package))) == sorted(package.__all__)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_calls_are_documented_with_their_parameters_and_defaults(package):
    documented = {name: on_one_line(code) for name, code in _CALL.findall(section(package))}
    functions = {name: getattr(package, name) for name in package.__all__ if inspect.isfunction(getattr(package, name))}
    assert documented.keys() >= functions.keys()
    assert documented == {name: signature(name, getattr(package, name)) for name in documented}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_public_names_are_sorted_importable_and_what_dir_shows(package):
    assert package.__all__ == sorted(package.__all__, key=constants_then_classes_then_functions)
    assert dir(package) == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)
    assert package.__version__ == version()
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute 'nothing'"):
        _ = package.nothing


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_public_functions_and_classes_have_docstrings(package):
    for name in package.__all__:
        public = getattr(package, name)
        assert public.__doc__ or not (inspect.isclass(public) or inspect.isfunction(public)), name


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_importing_a_package_loads_nothing_heavy(package):
    script = f"import sys, {package.__name__}; print(*sorted(sys.modules.keys() & set({HEAVY})))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == []


@pytest.mark.slow
def test_using_all_of_adiff_data_loads_no_torch():
    script = "import sys; from adiff_data import *; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_a_type_checker_sees_every_public_name(package):
    """Those that are imported under TYPE_CHECKING, from where they are defined."""
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        name.name: node.module for node in ast.walk(block) if isinstance(node, ast.ImportFrom) for name in node.names
    }
    assert seen == package._MODULE_OF
    assert sorted([*seen, "__version__"]) == sorted(package.__all__)
