# `make` lists the targets. Needs Python 3.11 or newer and make; everything else comes into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The files name every package, so pip has nothing to resolve (old ones stumble over lxml's extra html_clean).
PIP_PINNED := $(PIP) install --require-hashes --no-deps --no-build-isolation --use-pep517 -r

# A stamp says that .venv holds what the files it depends on ask for: with it, no target calls pip.
BUILD_STAMP := $(VENV)/.build-installed
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
BENCH_STAMP := $(VENV)/.bench-installed

# Half as many again as there are cores: a test that kills, crawls or looks at a browser waits a good part of its time.
# At most 8, since each has a PostgreSQL, a browser and warm processes of its own: a gigabyte.
WORKERS ?= $(shell n=$$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )); echo $$(( n < 8 ? n : 8 )))

.DEFAULT_GOAL := help
.PHONY: help messages screenshots run test lint format bench requirements clean distclean

help: ## list the targets
	@echo 'make TARGET [PYTHON=python3.12]'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

run: $(RUN_STAMP) ## crawl, publish and serve the demo outlets on http://127.0.0.1:8000
	@# On a terminal the program gets a process group of its own, so that Ctrl-C ends it and not make.
	@if [ -t 0 ]; then set -m; $(BIN)/aggregator run --demo; else exec $(BIN)/aggregator run --demo; fi

test: $(DEV_STAMP) ## run all tests (ARGS='-k feed' for some)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV_STAMP) ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP) ## rewrite the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BENCH_STAMP) ## run the benchmarks, one after the other
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit; done

LOCALES := aggregator/site/locale

messages: $(DEV_STAMP) ## bring the site's catalogs (aggregator/site/locale/*.po) up to date with its words
	@mkdir -p build
	$(BIN)/pybabel -q extract -F $(LOCALES)/babel.cfg --no-default-keywords -k _ -k gettext -k ngettext:1,2 \
	    -k say -k later --no-location --omit-header -o build/messages.pot aggregator/site
	@for po in $(LOCALES)/*.po; do $(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete \
	    -i build/messages.pot -o $$po -l $$(basename $$po .po); done

screenshots: $(DEV_STAMP) ## take the pictures of the docs anew (docs/images)
	$(BIN)/python tests/screenshots.py docs/images

# The pinned versions stay where they still fit; UPGRADE=1 takes the newest. Datasette asks for pip: the
# environment's own will do, and must not replace itself while it installs the rest.
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-package pip --no-emit-index-url --no-emit-find-links --custom-compile-command 'make requirements' $(if $(UPGRADE),--upgrade)

requirements: $(DEV_STAMP) ## pin requirements/*.txt anew from pyproject.toml (UPGRADE=1: newest versions)
	$(UV_COMPILE) --extra dev --extra postgres -o requirements/dev.txt pyproject.toml requirements/build.in
	$(UV_COMPILE) -c requirements/dev.txt -o requirements/run.txt pyproject.toml
	$(UV_COMPILE) -c requirements/dev.txt -o requirements/build.txt requirements/build.in
	$(UV_COMPILE) -c requirements/dev.txt --extra bench -o requirements/bench.txt pyproject.toml

clean: ## remove caches and built packages; .venv and all data stay
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## remove .venv as well
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "aggregator needs Python 3.11 or newer, and '$(PYTHON)' is not that or does not start."; \
	    echo 'Name another one: make PYTHON=python3.12 TARGET'; exit 1; } >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }

# Build tools come first, pinned too: what has no wheel is then built with them and nothing else is fetched.
$(BUILD_STAMP): requirements/build.txt | $(BIN)/python
	@$(PIP) install --require-hashes --no-deps -r requirements/build.txt
	@touch $@

$(RUN_STAMP): requirements/run.txt pyproject.toml $(BUILD_STAMP)
	@echo 'Installing what the program needs into $(VENV) (a minute or two, once) ...'
	@$(PIP_PINNED) requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements/dev.txt $(RUN_STAMP)
	@echo 'Installing what the tests need into $(VENV) (a minute or two, once) ...'
	@$(PIP_PINNED) requirements/dev.txt
	@touch $@

$(BENCH_STAMP): requirements/bench.txt $(DEV_STAMP)
	@$(PIP_PINNED) requirements/bench.txt
	@touch $@
