"""What a command prints: one JSON document for programs, or text for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Output:
    """What a command has to say, for programs and for people."""

    document: Any
    text: str
    exit_code: int = 0


def format_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Lay rows out as an aligned table of text."""
    names = list(dict.fromkeys(name for row in rows for name in row))  # some rows say more than others
    lines = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"
    return "–" if value is None else f"{value}"
