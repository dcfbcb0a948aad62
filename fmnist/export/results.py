"""What do the files of an export take, and do they answer as their run does? Finding, figure and table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fmnist.export.checking import Row, Verdict
from fmnist.export.formats import FORMATS
from fmnist.export.measuring import BATCH
from fmnist.views.own import disk_size
from fmnist.views.parts import Badge, Card, Column, Drawn, Finding, Table, Tone, file_stem
from fmnist.views.style import RULE, bare_layout, name_axis
from fmnist.wording import be, plural, points, shorten, signed_points

METHOD = (
    "Each file was run on all 10,000 test images in its own runtime and compared with the run image by image.",
    "Equivalent: two one-sided tests on the same images show, at 95%, that the true difference is below the margin.",
    "Unsuitable: the whole 95% interval of the difference lies below the margin.",
    f"Latencies are the median and the 99th percentile of repeated calls, for one image and a batch of {BATCH}. LiteRT "
    "and ONNX Runtime use one thread, Keras and TensorFlow all of them.",
    "Loading includes the import of the runtime. Peak memory is that of the whole Python process after one image and a "
    "batch.",
)
_WORDS: dict[Verdict, tuple[str, Tone]] = {
    "equivalent": ("equivalent", "good"),
    "undecided": ("not shown equivalent", "caution"),
    "unsuitable": ("unsuitable", "bad"),
}
_LOOKS: dict[Verdict, tuple[str, str]] = {  # Okabe and Ito's bluish green, orange and vermillion
    "equivalent": ("#009E73", "circle"),
    "undecided": ("#E69F00", "diamond"),
    "unsuitable": ("#D55E00", "x"),
}
_COLUMNS = (
    Column("format", machine=True),
    Column("File"),
    Column("Format"),
    Column("Verdict"),
    Column("Size (MB)", "%.2f"),
    Column("Test accuracy (%)", "%.2f"),
    Column("Difference (points)", "%+.2f", "Accuracy of the file minus that of the run"),
    Column("CI low (points)", "%+.2f", "95% interval of the difference", machine=True),
    Column("CI high (points)", "%+.2f", "95% interval of the difference", machine=True),
    Column("Changed answers", "localized", "Test images that get another class than from the run"),
    Column("Largest change", "%.6f", "Largest difference of a probability to the run's"),
    Column("One image (ms)", "%.2f", "Median latency"),
    Column("One image, p99 (ms)", "%.2f", "99th percentile of the latency"),
    Column(f"{BATCH} images (ms)", "%.1f", "Median latency of a batch"),
    Column(f"{BATCH} images, p99 (ms)", "%.1f", "99th percentile of the latency of a batch"),
    Column("Loading (ms)", "%.0f", "Time to import the runtime and open the file"),
    Column("Peak memory (MB)", "%.0f", "Of the whole Python process"),
)


@dataclass(frozen=True)
class Results:
    """The files of one run, judged within a margin, which is a fraction."""

    run: str
    margin: float
    rows: Sequence[Row]


def compute(run: str, rows: Sequence[Row], margin: float) -> Results:
    """Judge the files of a run within a margin, a fraction."""
    return Results(run, margin, [row.within(margin) for row in rows])


def finding(results: Results) -> Finding:
    """Say which files may be shipped."""
    rows, within = results.rows, f"within {points(results.margin)} points"
    good = [row for row in rows if row.verdict == "equivalent"]
    bad = [row for row in rows if row.verdict == "unsuitable"]
    if bad:
        headline = f"{shorten([row.file for row in bad], 2)} {be(len(bad))} unsuitable: too much accuracy is lost."
    elif len(good) == len(rows):
        same = "The file is" if len(rows) == 1 else f"All {len(rows)} files are"
        headline = f"{same} equivalent to the run {within}."
    else:
        headline = f"{len(good)} of {plural(len(rows), 'file')} {be(len(good))} shown equivalent to the run {within}."
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in _WORDS}
    badges = tuple(
        Badge(f"{count} {_WORDS[verdict][0]}", _WORDS[verdict][1]) for verdict, count in counts.items() if count
    )
    return Finding(headline, " ".join(METHOD[:3]), badges, tuple(_list_cards(good)))


def invite(title: str) -> Finding:
    """Say what to do where a run was not exported yet."""
    return Finding(f"Export {title} to see which file to deploy.")


def warnings(results: Results) -> list[str]:
    """Return a sentence on each file that is unsuitable."""
    return [f"{row.file}: {row.sentence}" for row in results.rows if row.verdict == "unsuitable"]


def figures(results: Results) -> dict[str, Drawn]:
    """Return the figure "differences": accuracy of each file minus that of the run, with the margin as a band."""
    import plotly.graph_objects as go

    axis, height = name_axis({row.format: row.file for row in results.rows}, spacing=26)
    margin = 100 * results.margin
    layout = bare_layout(96 + height) | {
        "xaxis": {"title": {"text": "Accuracy of the file − accuracy of the run (points)"}, "zeroline": False},
        "yaxis": axis,
        "shapes": [_band(-margin, margin), *(_line(at) for at in (-margin, 0.0, margin))],
    }
    figure = go.Figure(data=[_trace(row) for row in results.rows], layout=layout)
    seen = [f"{row.file} {signed_points(row.difference)}, {_WORDS[row.verdict][0]}" for row in results.rows]
    alt = "Accuracy of each file minus that of the run in points, with 95% intervals and the margin as a band"
    return {"differences": Drawn(figure, alt, file_stem("export-differences", [results.run]), "; ".join(seen))}


def table(results: Results) -> Table:
    """Return a row for each file."""
    return Table(_COLUMNS, [_list_values(row) for row in results.rows])


def describe_change(before: str) -> str:
    """Say below an image with a file's answer what the run's was."""
    return f"was {before}"


def _list_cards(rows: Sequence[Row]) -> list[Card]:
    """Return which of some files is smallest, fastest and takes least memory; nothing where there is no choice."""
    if len(rows) < 2:
        return []
    measures: list[tuple[str, Callable[[Row], float | None], Callable[[float], str]]] = [
        ("Smallest", lambda row: row.bytes, lambda size: disk_size(int(size))),
        ("Fastest for one image", lambda row: row.latency_ms, lambda ms: f"{ms:.2f} ms"),
        ("Fastest batch", lambda row: row.batch_ms, lambda ms: f"{ms:.1f} ms"),
        ("Least memory", lambda row: row.peak_bytes, lambda size: f"{size / 1e6:,.0f} MB"),
    ]
    cards = []
    for label, measure, write in measures:
        known = [(value, row.file) for row in rows if (value := measure(row)) is not None]
        if known:
            value, file = min(known)
            cards.append(Card(label, write(value), file, "Of the files that are equivalent to the run"))
    return cards


def _list_values(row: Row) -> list[str | float | None]:
    shares = [100 * value for value in (row.test_accuracy, row.difference, row.ci_low, row.ci_high)]
    memory = None if row.peak_bytes is None else row.peak_bytes / 1e6
    named: list[str | float | None] = [
        row.format,
        row.file,
        FORMATS[row.format].title,
        _WORDS[row.verdict][0],
        row.bytes / 1e6,
    ]
    times = [row.latency_ms, row.latency_p99_ms, row.batch_ms, row.batch_p99_ms, row.load_ms]
    return [*named, *shares, row.flips, row.max_difference, *times, memory]


def _trace(row: Row) -> dict[str, Any]:
    color, symbol = _LOOKS[row.verdict]
    difference, low, high = (100 * value for value in (row.difference, row.ci_low, row.ci_high))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [difference],
        "y": [row.format],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - difference],
            "arrayminus": [difference - low],
            "thickness": 1.5,
            "width": 0,
            "color": color,
        },
        "marker": {"symbol": symbol, "size": 9, "color": color},
        "hovertemplate": f"{row.file}<br>%{{x:+.2f}} points<br>{row.sentence}<extra></extra>",
    }


def _line(at: float) -> dict[str, Any]:
    ends = {"x0": at, "x1": at, "y0": 0, "y1": 1, "xref": "x", "yref": "y domain"}
    return {"type": "line", "line": {"color": RULE, "width": 1, "dash": "solid" if at == 0 else "dot"}, **ends}


def _band(low: float, high: float) -> dict[str, Any]:
    ends = {"x0": low, "x1": high, "y0": 0, "y1": 1, "xref": "x", "yref": "y domain"}
    return {"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": "rgba(127, 127, 127, 0.15)", **ends}
