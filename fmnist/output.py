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
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=False)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip() for line in lines
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"
    return "–" if value is None else f"{value}"
