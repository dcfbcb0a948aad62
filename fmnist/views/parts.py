"""What every view is made of besides its numbers: findings, finished figures and tables.

Pages, report and shell show the same parts, each in its own way.
"""

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from fmnist.wording import true_minus

if TYPE_CHECKING:
    import plotly.graph_objects as go  # a third of a second, which numbers and sentences need not wait for


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # a line's end that is not quoted would begin another cell
_NO_NAME = re.compile(r"[^\w.-]+")  # what is no part of a file's name everywhere
_MOST_NAMED = 3
_FORMULA = ("=", "+", "-", "@")  # what a cell begins with that a spreadsheet computes


Tone = Literal["good", "bad", "caution", "neutral"]


@dataclass(frozen=True)
class Badge:
    """A few words beside a finding, and whether they are good news, bad, a caution, or neither; `help` is a tooltip."""

    text: str
    tone: Tone = "neutral"
    help: str = ""


@dataclass(frozen=True)
class Card:
    """One number with what it is, as in "Best accuracy", "94.2%", "Deeper CNN (tuned)"; `help` explains it."""

    label: str
    value: str
    note: str = ""
    help: str = ""


@dataclass(frozen=True)
class Finding:
    """What the data say: one claim in `headline`; test, correction and numbers of images and runs in `details`.

    Cards hold the few numbers that a reader looks for first.

    Pages show the details one click away, the report and the shell after the headline.
    """

    headline: str
    details: str = ""
    badges: tuple[Badge, ...] = ()
    cards: tuple[Card, ...] = ()

    def __str__(self) -> str:
        """Return headline and details as one text."""
        return f"{self.headline} {self.details}".strip()


@dataclass(frozen=True, eq=False)
class Drawn:
    """A finished figure, never changed afterwards, with the name of its file as a picture.

    `alt` says what it shows, and `finding` what can be seen in it, where no sentence beside the figure says so.
    """

    figure: "go.Figure"
    alt: str
    file_name: str
    finding: str = ""

    @property
    def description(self) -> str:
        """What the figure shows and what can be seen in it, for readers who cannot see it."""
        return f"{self.alt.rstrip('.')}. {self.finding}".strip()


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `format` is how its numbers are written: as in "%.2f", or "localized" for whole numbers with their thousands
    separated; empty for text and small numbers. A column for a `machine` is only in the CSV file; one for `people`
    is not in it. A column whose title is a contender's carries the contender's `key`, which names it in the CSV file.
    """

    title: str
    format: str = ""
    help: str = ""
    machine: bool = False
    people: bool = False
    key: str = ""

    @property
    def name(self) -> str:
        """The name of the column in the CSV file, the same whatever a contender is called."""
        return self.key or self.title

    def write(self, value: object) -> str:
        """Return a value as text; None is a dash."""
        if value is None:
            return "–"
        if self.format == "localized":
            return f"{value:,}"
        return true_minus(self.format % value) if self.format else str(value)


@dataclass(frozen=True, eq=False)
class Table:
    """A table by rows, whose values are in the order of its columns; the first column that is shown names the row."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    @property
    def shown(self) -> list[Column]:
        """The columns for people."""
        return [column for column in self.columns if not column.machine]

    @property
    def texts(self) -> list[list[str]]:
        """The rows as text, in the columns for people."""
        return [
            [column.write(value) for column, value in zip(self.columns, row, strict=True) if not column.machine]
            for row in self.rows
        ]

    def to_csv(self) -> str:
        """Return the table as CSV, with the columns for machines; numbers have ten digits, unknown values are empty.

        A text that a spreadsheet would take for a formula, such as the name of an uploaded file, begins with an
        apostrophe.
        """
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        kept = [place for place, column in enumerate(self.columns) if not column.people]
        writer.writerow([_as_cell(self.columns[place].name) for place in kept])
        writer.writerows([[_as_cell(row[place]) for place in kept] for row in self.rows])
        return file.getvalue()


def file_stem(what: str, keys: Sequence[str]) -> str:
    """Return the name of a file by its content, without its ending, as in "difference-ann.tuned-cnn_bn.tuned".

    More than three contenders are not named.
    """
    named = [_NO_NAME.sub(".", key) for key in keys] if len(keys) <= _MOST_NAMED else []
    return "-".join([what, *named])


def _as_cell(value: object) -> object:
    """Return a value as it is written into a CSV file."""
    if isinstance(value, str):
        text = _CONTROL.sub(" ", value)
        return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
    if isinstance(value, float):
        return float(f"{value:.10g}") if math.isfinite(value) else ""  # no 94.19999999999999
    return value
