"""The documents keep what they promise: links lead somewhere, the README stays short, and the example runs."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from fmnist.contenders.contender import Contender

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files_that_exist(document):
    targets = [target for target in LINK.findall(document.read_text()) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_modules_that_are_named_exist(document):
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)+\.py)`", document.read_text())
    assert [name for name in named if not ((ROOT / name).exists() or (ROOT / "fmnist" / name).exists())] == []


def test_every_topic_page_can_be_reached_from_the_readme():
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page.name)
        linked = [(page.parent / target).resolve() for target in LINK.findall(page.read_text()) if "://" not in target]
        waiting += [path for path in linked if path.suffix == ".md" and path.name not in seen]
    assert {path.name for path in (ROOT / "docs").glob("*.md")} <= seen


def test_the_readme_is_what_a_newcomer_needs():
    assert len((ROOT / "README.md").read_text().split()) <= 2000


def test_the_example_prints_what_the_page_says():
    example, printed = re.findall(r"```(?:python)?\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(example, {})  # the page's own code
    assert output.getvalue() == printed
    members = re.findall(r"`contender\.(\w+)\(", (ROOT / "docs" / "api.md").read_text())
    assert members
    assert [name for name in members if not hasattr(Contender, name)] == []
    assert len([line for line in example.splitlines() if line.strip()]) <= 12
