# `make` prints the targets. PYTHON names the Python that the virtual environment is made with;
# ARGS goes to pytest: make test ARGS='-k pause -n0'.
PYTHON ?= python3
ARGS ?=

# Everything runs with the virtual environment first on PATH: its Python, and the Pulumi CLI in it.
# The tests start hundreds of Pythons: what one compiles is kept, whatever the machine says.
IN_VENV := PATH="$(CURDIR)/.venv/bin:$$PATH" PULUMI_SKIP_UPDATE_CHECK=1 PYTHONDONTWRITEBYTECODE=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test bench bench-check faults prove lint lock clean

help: ## Print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv with the pinned packages and get the Pulumi CLI (the others do this first)
	@command -v $(PYTHON) >/dev/null || { \
		echo "setup: there is no $(PYTHON): install Python 3.10 or newer, or name yours: make PYTHON=python3.12"; \
		exit 1; }
	@$(PYTHON) -m tools.setup

demo: setup ## Show it at work on this machine, against the emulator
	@$(IN_VENV) $(BIN)/python -m tools.demo

test: setup ## Run the tests (ARGS='…' goes to pytest)
	@$(IN_VENV) $(BIN)/python -m pytest $(ARGS)

bench: setup ## Measure it against a no-op and a naive provider (25 minutes, quiet machine)
	@$(IN_VENV) $(BIN)/python -m benchmarks --write

bench-check: setup ## Hold a short measurement against the ratios of the last whole one
	@$(IN_VENV) $(BIN)/python -m benchmarks --check

faults: setup ## Inject thousands of faults and kills, and write docs/faults.md (15 minutes)
	@EXAMPLES_FACTOR=5 DESTROYS=20 $(IN_VENV) $(BIN)/python -m pytest -q tests/stateful tests/fuzz \
		tests/pulumi_cli/storage/test_destroys.py
	@$(IN_VENV) $(BIN)/python -m tests.fault_injection --write

prove: setup ## Run the long loops of the pipeline, and the linters of its workflows (ARGS as above)
	@$(IN_VENV) $(BIN)/python -m pytest -o timeout=3600 -o session_timeout=14400 tests/prove $(ARGS)

lint: setup ## Check style, formatting, types and the architecture
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Renews requirements*.txt from requirements*.in and needs uv on PATH. What is pinned already stays
# as it is: `make lock LOCK=--upgrade` takes the newest of everything that the .in files leave open.
LOCK ?=
UV := uv pip compile --quiet --universal --generate-hashes --python-version 3.10 \
	--custom-compile-command 'make lock' $(LOCK)

lock: ## Pin the requirements again (needs uv)
	$(UV) --output-file requirements.txt requirements.in
	$(UV) --constraint requirements.txt --output-file requirements-dev.txt requirements-dev.in
	$(UV) --constraint requirements-dev.txt --output-file requirements-pipeline.txt requirements-pipeline.in
	$(UV) --output-file tools/linters/requirements.txt tools/linters/requirements.in
	$(UV) --no-deps --output-file requirements-examples.txt requirements-examples.in

clean: ## Remove what was made in this checkout (the Pulumi CLI stays in its cache)
	rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
