# `make demo` and `make test` need Python >= 3.11, make and git; everything else goes into .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/pytest -n auto --dist worksteal # on every core
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: help demo test test-all lint pages pictures fuzz mutation bench lock clean

help: ## say what each target does
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: $(VENV)/.run ## draft a sample report into out/
	$(BIN)/reporter demo || test $$? -eq 3 # 3: drafted, and something needs review

test: $(VENV)/.dev ## run the tests that need nothing but Python, and not long
	$(PYTEST) -m "not tools and not services and not long"

test-all: lint ## lint, then every test; a layer whose programs are missing is skipped, and said (SELECT: markers)
	$(PYTEST) $(if $(SELECT),-m "$(SELECT)")

lint: $(VENV)/.dev ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

pages: $(VENV)/.dev ## write the pages of docs/ that are made from the program
	$(BIN)/python -m tools.pages

pictures: $(VENV)/.dev ## draw the pages of drafts that docs/ shows (needs LibreOffice, poppler-utils and Carlito)
	$(BIN)/python -m tools.pictures

fuzz: $(VENV)/.dev ## damage many more files than the tests do; print and validate each story by each set
	REPORTER_FUZZ=3000 $(BIN)/pytest tests/readers/test_export_index_fuzz.py
	REPORTER_KILLS=200 REPORTER_FUZZ=1 $(BIN)/pytest tests/batch/test_faults.py -k "kills or fills"
	REPORTER_FUZZ=1 $(BIN)/pytest tests/batch/test_failing_calls.py
	REPORTER_FUZZ=1 $(PYTEST) -m tools tests/stories/test_formats.py

mutation: $(VENV)/.dev ## put small faults into response/ and advice/, and see that tests find them (an hour or so)
	$(BIN)/python -m tools.mutation $(MUTATION)

bench: $(VENV)/.dev ## compare speed with other programs on this machine
	$(BIN)/python -m benchmarks

lock: ## write requirements/*.txt anew (needs uv; UPGRADE=--upgrade takes newer versions)
	$(COMPILE) $(UPGRADE) --all-extras pyproject.toml --output-file requirements/dev.txt > /dev/null
	$(COMPILE) --constraint requirements/dev.txt pyproject.toml --output-file requirements/run.txt > /dev/null
	echo "hatchling" | $(COMPILE) --constraint requirements/dev.txt - --output-file requirements/build.txt > /dev/null

clean: ## remove what the other targets made
	rm -rf $(VENV) out build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# A stamp is newer than the locks it was made from, so that the second run starts at once.
$(VENV)/.run: requirements/build.txt requirements/run.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "reporter needs Python 3.11 or newer: make PYTHON=python3.12 (say)" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt-get install python3-venv)" >&2; exit 2; }
