"""The arrows between the rooms point the way that the contracts in pyproject.toml say."""

import subprocess
import sys

import pytest
from conftest import PROJECT

LINT = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"


def test_the_contracts_hold():
    pytest.importorskip("importlinter")
    answer = subprocess.run([sys.executable, "-c", LINT], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
    assert " 0 broken" in answer.stdout
