# `make app` opens the dashboard, `make test` checks everything; each sets up what it needs first.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: app test clean

app: .venv/installed
	$(BIN)/streamlit run app.py

test: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist worksteal

.venv/installed: requirements.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "FMNIST Lab needs Python 3.11 or later"'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade -r requirements.txt
	touch $@

clean:
	rm -rf .venv
