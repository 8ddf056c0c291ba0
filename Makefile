# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
REQUIREMENTS := requirements/dev.txt
# Tests wait for servers and disks half of the time: two workers a core keep the cores busy.
WORKERS ?= $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))
SCOUT_HOME ?= $(or $(XDG_STATE_HOME),$(HOME)/.local/state)/scout
export SCOUT_HOME
export DAGSTER_HOME := $(abspath $(SCOUT_HOME))/dagster

.PHONY: help setup run test dev serve lint format bench bench-long policy precision mutants docs lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): $(REQUIREMENTS) pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(REQUIREMENTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP) ## make the environment in .venv

run: setup ## look at this very checkout: findings, candidates, days of cover, what to do next
	@$(BIN)/scout run .

test: setup ## run all tests
	@$(BIN)/python -m pytest -n $(WORKERS)

dev: setup ## register the projects and open the Dagster UI
	@$(BIN)/python -m assets

serve: setup ## open the review page
	@$(BIN)/scout serve

lint: setup ## everything that is enforced rather than remembered
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/vulture
	@$(BIN)/python docs/generate.py --check

format: setup ## let ruff order and format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

LONG := classify classify_apply concurrency deciding demand flow flow_worlds kill_publish page policy portfolio tempo walk
QUICK := sources $(filter-out sources $(LONG),$(patsubst tests/bench/bench_%.py,%,$(wildcard tests/bench/bench_*.py)))

bench: setup ## print the quick figures: ratios against a baseline in the same run
	@for bench in $(QUICK); do PYTHONPATH=. $(BIN)/python tests/bench/bench_$$bench.py || exit 1; done

bench-long: setup ## print the figures that take minutes each: worlds, kills, 200 projects, 100,000 tickets
	@for bench in $(LONG); do PYTHONPATH=. $(BIN)/python tests/bench/bench_$$bench.py || exit 1; done

policy: setup ## live through all kinds of demand with the buffer policy and with simpler ones; write docs/buffer.md
	@PYTHONPATH=. $(BIN)/python tests/bench/bench_policy.py --write

precision: setup ## compare what is found with what was read by hand (SCOUT_MIRRORS names a folder of clones)
	@PYTHONPATH=. $(BIN)/python tests/precision/measure.py
	@$(BIN)/python tests/precision/acceptance.py
	@$(BIN)/python docs/generate.py

mutants: setup ## switch off conditions of every scout until an example that fires and a quiet one fail; ALL=1: each
	@PYTHONPATH=. $(BIN)/python tests/mutate_scouts.py $(if $(ALL),--survivors,--enough)

docs: setup ## write the generated reference
	@$(BIN)/python tests/precision/acceptance.py
	@$(BIN)/python docs/generate.py

lock: ## pin the newest versions by hash (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-strip-extras pyproject.toml -o requirements/run.txt
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-strip-extras pyproject.toml --group dev -o requirements/dev.txt

clean: ## remove the environment and what tools left here; never touches state
	rm -rf $(VENV) dist build *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
