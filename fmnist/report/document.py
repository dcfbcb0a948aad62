"""The pieces of an HTML document that opens offline: tables, lists, interactive figures; all text is escaped."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from plotly.io import to_html

from fmnist.report.plotly_js import read_plotly_js
from fmnist.views.parts import Drawn, Finding, Table

INK = "#1c2530"  # the text of the light page; document.css exchanges it on the dark one

_FAINT, _CLEAR = "rgba(127, 127, 127, 0.25)", "rgba(0, 0, 0, 0)"
_AXIS = {"gridcolor": _FAINT, "zerolinecolor": _FAINT, "automargin": True, "title": {"standoff": 12}}
_LOOK = {
    "layout": {
        "font": {"color": INK, "family": "system-ui, sans-serif", "size": 12},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "modebar": {"bgcolor": _CLEAR, "color": "#7f7f7f", "activecolor": "#0b6e99"},
        "hoverlabel": {"bgcolor": "#38434f", "bordercolor": "#38434f", "font": {"color": "#ffffff"}},
    }
}
_WHOLE, _NOT_BROKEN = re.compile(r"\S*\d (?:–|to) \S*\d\S*|&lt; \S+"), r"<span class=whole>\g<0></span>"
_NOTHING_FETCHED = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'"
)


class Document:
    """An HTML document in sections, to which parts are added one after the other.

    A summary stands first: the findings of all sections, each with a link to its section.
    """

    def __init__(self, title: str, introduction: str) -> None:
        self._title, self._introduction = title, introduction
        self._sections: list[str] = []
        self._parts: list[list[str]] = []
        self._findings: list[list[str]] = []
        self._numbers = count(1)

    def add_section(self, title: str) -> None:
        """Begin a section; the contents name it."""
        self._sections.append(title)
        self._parts.append([])
        self._findings.append([])

    def add_finding(self, finding: Finding | str) -> None:
        """Add what the section finds, whose headline the summary repeats."""
        said = Finding(finding) if isinstance(finding, str) else finding
        self._findings[-1].append(said.headline)
        self._add(f"<p class=finding>{escape(said.headline)}</p>")
        if said.details:
            self.add_text(said.details)

    def add_text(self, text: str) -> None:
        """Add a paragraph."""
        self._add(f"<p>{escape(text)}</p>")

    def add_list(self, sentences: Iterable[str]) -> None:
        """Add sentences as a list."""
        self._add(f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>")

    def add_facts(self, facts: Mapping[str, str]) -> None:
        """Add names with what they stand for."""
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
        self._add(f"<dl>{rows}</dl>")

    def add_table(self, caption: str, table: Table) -> None:
        """Add a table without its columns for machines; columns that hold no words are set flush right."""
        places = [" class=number" if _holds_numbers(column) else "" for column in zip(*table.texts, strict=True)]
        shown = zip(table.shown, places or [""] * len(table.shown), strict=True)
        head = "".join(f'<th scope="col"{place}>{escape(column.title)}</th>' for column, place in shown)
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th>{"".join(map(_show_cell, places[1:], cells))}</tr>'
            for name, *cells in table.texts
        )
        self._add(
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
            f"<table><caption>{escape(caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def add_drawn(self, figures: Iterable[tuple[Drawn, str]]) -> None:
        """Add figures beside each other, each with its caption."""
        shown = "".join(self._draw(drawn, caption) for drawn, caption in figures)
        self._add(f'<div class="figures">{shown}</div>')

    def to_html(self) -> str:
        """Return the whole document; it needs no other file, and the browser lets it ask for none."""
        style, script = (_beside(suffix) for suffix in (".css", ".js"))
        return (
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_FETCHED}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(self._title)}</title><style>{style}</style>"
            f"<script>{read_plotly_js()}</script><script>{script}</script></head>\n"
            f"<body><header><h1>{escape(self._title)}</h1>"
            f'<p class="quiet">{escape(self._introduction)}</p>{self._summarise()}{self._list_contents()}</header>\n'
            f"<main>{chr(10).join(map(self._show_section, range(1, len(self._sections) + 1)))}</main></body></html>\n"
        )

    def _add(self, part: str) -> None:
        self._parts[-1].append(part)

    def _summarise(self) -> str:
        rows = "".join(
            f'<dt><a href="#section-{number}">{escape(title)}</a></dt>'
            f"<dd>{''.join(f'<p>{escape(sentence)}</p>' for sentence in sentences)}</dd>"
            for number, (title, sentences) in enumerate(zip(self._sections, self._findings, strict=True), 1)
            if sentences
        )
        return f'<h2>Summary</h2><dl class="summary">{rows}</dl>' if rows else ""

    def _list_contents(self) -> str:
        lines = "".join(
            f'<li><a href="#section-{number}">{escape(title)}</a></li>'
            for number, title in enumerate(self._sections, 1)
        )
        return f'<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{lines}</ol></nav>'

    def _show_section(self, number: int) -> str:
        """Return a section with its heading."""
        name, title = f"section-{number}", escape(self._sections[number - 1])
        body = "\n".join(self._parts[number - 1])
        return f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>{body}</section>'

    def _draw(self, drawn: Drawn, caption: str) -> str:
        picture = {"format": "png", "scale": 2, "filename": drawn.file_name}
        figure = drawn.figure.to_dict()  # a copy: the finished figure is never changed
        figure["data"] = [_shorten(trace) for trace in figure["data"]]
        figure["layout"]["template"] = _LOOK
        html = to_html(
            figure,
            full_html=False,
            include_plotlyjs=False,
            default_height=f"{drawn.figure.layout.height}px",
            div_id=f"figure-{next(self._numbers)}",
            config={"displaylogo": False, "responsive": True, "toImageButtonOptions": picture},
            validate=False,
        )
        # no image to screen readers, as the buttons inside could not be reached then
        label = escape(drawn.description)
        return f'<figure aria-label="{label}"><figcaption>{escape(caption)}</figcaption>{html}</figure>'


def _shorten(value: Any) -> Any:  # noqa: ANN401
    """Return parts of a figure with single-precision numbers, finer than a screen, in half of the bytes."""
    if not isinstance(value, dict):
        return value
    if value.get("dtype") == "f8":  # how plotly writes arrays
        numbers = np.frombuffer(base64.b64decode(value["bdata"]), "<f8").astype("<f4")
        return value | {"dtype": "f4", "bdata": base64.b64encode(numbers.tobytes()).decode()}
    return {key: _shorten(part) for key, part in value.items()}


def _holds_numbers(column: Sequence[str]) -> bool:
    """Return whether no text of a column begins with a letter, and some text is more than a dash."""
    return not any(text[:1].isalpha() for text in column) and any(text != "–" for text in column)


def _show_cell(place: str, text: str) -> str:
    """Return a cell that breaks between words alone: an interval stays whole, as does "< 0.001"."""
    return f"<td{place}>{_WHOLE.sub(_NOT_BROKEN, escape(text))}</td>"


def _beside(suffix: str) -> str:
    return Path(__file__).with_suffix(suffix).read_text(encoding="utf-8")
