# Everything on a machine with only Python 3.11+, git and make. uv is used where it is there.
PYTHON ?= python3
REDIS ?=
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)

.PHONY: run test check bench lock clean

run: .venv/.run  ## play Muse in this terminal
	@$(BIN)/python -m bot try $(ARGS)

test: .venv/.dev  ## every test; REDIS=path runs them on that server
	MUSE_TEST_REDIS="$(REDIS)" $(BIN)/python -m pytest --cov --cov-report=term $(ARGS)

check: .venv/.dev  ## format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.dev  ## the benchmarks, as one table of ratios
	$(BIN)/python -m benchmarks $(ARGS)

lock: .venv/.dev  ## write the lock files anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --group dev pyproject.toml -o requirements-dev.lock

clean:  ## the environment and what tools left behind; the data stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

# What is installed is remembered by what it was installed from.
.venv/.run: requirements.lock | .venv/bin/python
	$(call install,requirements.lock)
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(call install,requirements-dev.lock)
	$(if $(UV),uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .,$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .)
	@touch $@ .venv/.run

.venv/bin/python:
	$(if $(UV),uv venv -q --python $(PYTHON) .venv,$(PYTHON) -m venv .venv)

define install
	@echo "Installing what Muse needs, once…"
	@$(if $(UV),uv pip install -q --python $(BIN)/python --require-hashes -r $(1),$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1))
endef
