# `make app` opens the dashboard, `make test` checks everything, `make check` what takes under a minute; each installs
# what uv.lock names first.
PYTHON ?= python3
BIN = .venv/bin
SYNC = UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --frozen --inexact --no-python-downloads --extra train

.PHONY: app test check lint clean

app: .venv/app
	$(BIN)/fmnist dashboard

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=10

check: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow and not browser"

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/oxlint --deny-warnings fmnist

.venv/app: uv.lock pyproject.toml .venv/uv
	$(SYNC) --no-dev
	touch $@

# Compiled once, not by each of the many processes that tests start, should PYTHONDONTWRITEBYTECODE be set
.venv/test: uv.lock pyproject.toml .venv/uv
	$(SYNC) --compile-bytecode
	touch $@ .venv/app

.venv/uv: Makefile
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit("FMNIST Lab needs Python 3.11 to 3.13, for which TensorFlow is built: name one, as in make app PYTHON=python3.13")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==0.13.9
	touch $@

clean:
	rm -rf .venv
