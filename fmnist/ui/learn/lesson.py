"""The lessons of docs/lessons: Markdown files with the same five sections, read once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from fmnist.paths import home

_SECTIONS = ("Predict", "Look", "What you see", "Task")
_LINK = re.compile(r"\[([^\]]+)\]\((/[^)]*)\)")
_OPTION = re.compile(r"^- (\w+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """What is asked, in Markdown, and what can be answered, by key; without options the answer is a number."""

    text: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class View:
    """A view of the dashboard that a lesson opens: its page, as in "confusion", and what its address names."""

    label: str
    page: str
    query: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Lesson:
    """One lesson: a question, a prediction by the reader, a view to look at, what one sees there, and a task."""

    key: str
    title: str
    opening: str
    prediction: Question
    view: View
    look: str
    seen: str
    task: Question


@cache
def load_lessons() -> Mapping[str, Lesson]:
    """Return the lessons by key, in the order of their files, which begin with a number."""
    files = sorted((home() / "docs" / "lessons").glob("*.md"))
    return {lesson.key: lesson for lesson in map(read_lesson, files)}


def read_lesson(file: Path) -> Lesson:
    """Read a lesson from its file, `<number>-<key>.md`.

    Raises:
        ValueError: if a section is missing, or the section "Look" begins with no link to a view.
    """
    head, *rest = file.read_text(encoding="utf-8").split("\n## ")
    title, _, opening = head.partition("\n")
    sections = {name: text.strip() for name, _, text in (part.partition("\n") for part in rest)}
    link = _LINK.match(sections.get("Look", ""))
    if tuple(sections) != _SECTIONS or link is None:
        raise ValueError(f"{file.name} is no lesson: it needs the sections {', '.join(_SECTIONS)}, and a link in Look")
    return Lesson(
        file.stem.partition("-")[2],
        title.removeprefix("# "),
        opening.strip(),
        _read_question(sections["Predict"]),
        _read_view(link[1], link[2]),
        sections["Look"][link.end() :].strip(),
        sections["What you see"],
        _read_question(sections["Task"]),
    )


def _read_question(text: str) -> Question:
    return Question(_OPTION.sub("", text).strip(), dict(_OPTION.findall(text)))


def _read_view(label: str, address: str) -> View:
    parts = urlsplit(address)
    return View(label, parts.path.strip("/") or "overview", parse_qs(parts.query))
