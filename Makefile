# Two commands from a fresh clone: `make demo` and `make test`. They need Python 3.11 or newer, make and git.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test test-next soak lint accept wheel bench clean

.venv/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "forumclean needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --upgrade --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group dev --editable . && touch $@

setup: .venv/.ready  ## set up the virtual environment

demo: setup  ## ingest the bundled samples, show before and after, leave demo.db
	$(BIN)/forumclean demo

test: setup  ## the tests, on all cores; those that need php are skipped where it is absent
	$(BIN)/python -m pytest -rs -n auto

test-next: setup  ## the tests of the reading pages on the coming version of Datasette, in an environment of its own
	test -x .venv-next/bin/datasette || $(PYTHON) -m venv .venv-next && .venv-next/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	.venv-next/bin/python -m pip install --quiet --disable-pip-version-check --pre "datasette>=1.0a41" && .venv-next/bin/python -m pip install --quiet --disable-pip-version-check --group test --editable .
	.venv-next/bin/python -m pytest -rs tests/explore

soak: setup  ## kill an import two hundred times (`make test`: twenty); takes some ten minutes
	FORUMCLEAN_KILLS=200 FORUMCLEAN_SEED=$$$$ $(BIN)/python -m pytest tests/cli/test_cli_killed.py -k killed

lint: setup  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

accept: setup  ## measure against the corpus in ../shared, where it is
	$(BIN)/python -m pytest tests/accept -rs -n auto

wheel: setup  ## build the wheel, install it into an empty environment, run its demo there
	rm -rf .build && $(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir .build . && $(PYTHON) -m venv .build/venv
	.build/venv/bin/python -m pip install --quiet --disable-pip-version-check .build/*.whl && cd .build && venv/bin/forumclean demo

bench: setup  ## speed, as ratios measured side by side
	$(BIN)/python tests/bench/run.py

clean:
	rm -rf .venv .venv-next .build demo.db
