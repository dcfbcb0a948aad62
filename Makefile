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
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit("FMNIST Lab needs Python 3.11 to 3.13, for which TensorFlow is built: name one, as in make app PYTHON=python3.13")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade -r requirements.txt
	touch $@

clean:
	rm -rf .venv
