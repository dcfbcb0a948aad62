"""What a command prints: one JSON document for programs, or text for people."""

import io
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Output:
    """What a command has to say, for programs and for people."""

    document: Any
    text: str
    exit_code: int = 0


def print_output(output: Output, *, as_json: bool) -> int:
    """Write an output to standard output and return the exit code; a reader that has gone away is no failure to tell.

    What the stream cannot encode is replaced, and numbers that JSON does not have become null.
    """
    text = json.dumps(_finite(output.document), allow_nan=False) if as_json else output.text
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return 1
    except OSError as error:
        _close_output()
        sys.stderr.write(f"The output cannot be written: {error.strerror}.\n")
        return 1
    return output.exit_code


def format_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Lay rows out as an aligned table of text."""
    names = list(dict.fromkeys(name for row in rows for name in row))  # some rows say more than others
    lines = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _finite(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    return [_finite(part) for part in value] if isinstance(value, list | tuple) else value


def _close_output() -> None:
    """Let what is still buffered go nowhere, or Python would complain of it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 10 else f"{value:,.1f}"
    return "–" if value is None else f"{value}"
