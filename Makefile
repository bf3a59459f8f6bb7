# heat2rack: every target sets up what it needs in .venv and says what it does.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
SAY := @printf '\033[1m%s\033[0m\n'
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: help run test quick app check peers bench lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

$(VENV)/.run: requirements.lock pyproject.toml tools/venv.sh
	@PYTHON="$(PYTHON)" tools/venv.sh "$(VENV)" "heat2rack and what it runs on" -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@PYTHON="$(PYTHON)" tools/venv.sh "$(VENV)" "the test tools" -e ".[test]"
	@touch $@

$(VENV)/.peers: $(VENV)/.test
	@PYTHON="$(PYTHON)" tools/venv.sh "$(VENV)" "the peers (validation only)" -e ".[test,peers]"
	@touch $@

run: $(VENV)/.run  ## size the 60 MW reference campus and write its report
	$(SAY) "Sizing cases/02_reference_60mw.yaml (the first run also compiles: half a minute more, or a minute where cores are shared)"
	@$(VENV)/bin/heat2rack run cases/02_reference_60mw.yaml

test: $(VENV)/.test  ## the whole test suite, slow tests included
	$(SAY) "Quick tests"
	@$(PY) -m pytest -n 2 --dist loadfile -m "not slow and not peers"
	$(SAY) "The examples in the docstrings"
	@$(PY) -m pytest -n 2 --doctest-modules thermo sizing dcgrid campus ui
	$(SAY) "Slow tests"
	@$(PY) -m pytest -n 2 --dist loadfile -m "slow and not peers" --durations=10

quick: $(VENV)/.test  ## the quick tests only
	@$(PY) -m pytest -n 2 --dist loadfile -m "not slow and not peers"

app: $(VENV)/.run  ## open the page at http://localhost:8501
	$(SAY) "The page opens at http://localhost:8501 (Ctrl-C stops it)"
	@$(VENV)/bin/heat2rack app

check: $(VENV)/.test  ## style, types, room borders; the wheel runs the quick-start case from an empty folder
	$(SAY) "ruff"; $(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	$(SAY) "mypy"; $(VENV)/bin/mypy
	$(SAY) "import-linter"; $(VENV)/bin/lint-imports
	$(SAY) "wheel: build, install in an empty environment, run the quick-start case from an empty folder"
	@PYTHON="$(PYTHON)" tools/check_wheel.sh

peers: $(VENV)/.peers  ## compare with the peer tools (nrel-pysam, tespy, power-grid-model)
	@$(PY) -m pytest -m peers

bench: $(VENV)/.test  ## the benchmarks
	@$(PY) -m pytest benchmarks -o python_files='bench_*.py' --benchmark-only -W ignore

lock:  ## renew requirements.lock from a fresh environment
	@PYTHON="$(PYTHON)" tools/lock.sh

clean:  ## remove everything that the targets made
	rm -rf $(VENV) dist build results .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
