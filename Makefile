.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
SECONDS_ ?= 60

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/installed: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed; set PYTHON=" >&2; exit 1)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

venv: .venv/installed ## make .venv with everything from the lock file

demo: .venv/installed ## review the example contract, write the redline and the report
	$(BIN)/reviewer review examples/vendor_draft.docx --engine rules --out demo --format json,html,docx,xlsx
	@echo "demo/vendor_draft.html           the report"
	@echo "demo/vendor_draft.redline.docx   the contract with the suggestions as tracked changes"

demo-ui: .venv/installed ## open the application in the browser
	$(BIN)/reviewer ui

ui: demo-ui ## the same

test: .venv/installed ## install what the tests need and run them all
	bash tests/system/install.sh
	$(BIN)/python -m pytest -n 2

check: .venv/installed ## format, lint, imports, types
	$(BIN)/ruff format --check reviewer tests examples
	$(BIN)/ruff check reviewer tests examples
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed ## format the code
	$(BIN)/ruff format reviewer tests examples
	$(BIN)/ruff check --fix reviewer tests examples

bench: .venv/installed ## print the figures of docs/benchmarks.md
	$(BIN)/python -m reviewer.bench

fuzz: .venv/installed ## fuzz the readers of contracts, SECONDS_=60 unless told
	$(BIN)/python -m tests.hostile.fuzz --seconds $(SECONDS_)

eval: .venv/installed ## measure the rules engine on the labelled contracts
	$(BIN)/reviewer eval eval --split test --out eval/results
	$(BIN)/reviewer eval eval --no-baselines --no-loop --out eval/results --against eval/baseline.json

train: .venv/installed ## learn the recogniser again after exemplars or labels changed
	$(BIN)/python -m reviewer.evaluation.training

docs: .venv/installed ## regenerate the generated documents
	$(BIN)/python -m tests.documents

clean: ## remove what was made
	rm -rf .venv demo dist build .mypy_cache .ruff_cache

.PHONY: help venv demo demo-ui ui test check format bench fuzz eval train docs clean
