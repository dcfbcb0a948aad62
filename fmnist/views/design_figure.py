"""The drawing of a designed network: the size of the map after each layer, and each layer's share of the cost."""

from typing import Any

from fmnist.architectures.layers import Convolution, Dense, Layer, Residual, SeparableConvolution
from fmnist.architectures.layers import InvertedResidual as Inverted
from fmnist.architectures.network import Row, Shape, describe_shape
from fmnist.architectures.operations import AddTo
from fmnist.architectures.shapes import IMAGE
from fmnist.views.design import Design
from fmnist.views.design_words import layer_title
from fmnist.views.parts import Drawn
from fmnist.views.style import RULE, bare_layout, house_layout, name_axis

_SPACING = 30  # pixels for a layer
_FLAT = 1.5  # how wide values in a row are drawn, in pixels of the image
_LABELS = 20.0  # room for the shapes at the right
_REST = "#8A8F98"
_COLORS: dict[type[Layer], str] = {
    Convolution: "#0072B2",
    SeparableConvolution: "#0072B2",
    Residual: "#009E73",
    Inverted: "#009E73",
    Dense: "#D55E00",
}
_SHARES = (("params", "Parameters", "#0072B2"), ("multiply_adds", "Multiply-adds", "#E69F00"))


def figures(design: Design) -> dict[str, Drawn]:
    """Return the figures "network", the map after each layer, and "costs", each layer's share."""
    return {"network": _draw_network(design), "costs": _draw_costs(design)}


def _draw_network(design: Design) -> Drawn:
    import plotly.graph_objects as go

    rows = design.network.rows
    shapes = [IMAGE, *(row.shape for row in rows)]
    names = {"0": "Image"} | _names(design)
    axis, height = name_axis(names, _SPACING)
    half = IMAGE[0] / 2
    layout = bare_layout(24 + height) | {
        "xaxis": {"visible": False, "range": [-half - 3, half + _LABELS], "fixedrange": True},
        "yaxis": axis | {"fixedrange": True},
        "bargap": 0.25,
        "shapes": [_arc(place, row) for place, row in enumerate(rows, start=1) if _adds(row)],
    }
    sides = [_width(shape) for shape in shapes]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": list(names),
        "x": sides,
        "base": [-side / 2 for side in sides],
        "marker": {"color": [_REST, *(_color(row.layer) for row in rows)]},
        "hovertemplate": "%{customdata}<extra></extra>",
        "customdata": [
            f"{name}<br>{describe_shape(shape)}" for name, shape in zip(names.values(), shapes, strict=True)
        ],
    }
    labels = {
        "type": "scatter",
        "mode": "text",
        "y": list(names),
        "x": [half + 1] * len(shapes),
        "text": list(map(describe_shape, shapes)),
        "textposition": "middle right",
        "hoverinfo": "skip",
    }
    path = "; ".join(f"{name}: {describe_shape(shape)}" for name, shape in zip(names.values(), shapes, strict=True))
    return Drawn(go.Figure(data=[bars, labels], layout=layout), f"The network layer by layer. {path}", "network")


def _draw_costs(design: Design) -> Drawn:
    import plotly.graph_objects as go

    rows, names = design.network.rows, _names(design)
    axis, height = name_axis(names, _SPACING)
    layout = house_layout(80 + height) | {
        "xaxis": {"title": {"text": "Share of the network (%)"}, "showgrid": True, "zeroline": False},
        "yaxis": axis,
        "barmode": "group",
    }
    traces = [_share(title, [getattr(row, name) for row in rows], list(names), color) for name, title, color in _SHARES]
    largest = (
        [
            f"{title.lower()}: {layer_title(max(rows, key=lambda row, name=name: getattr(row, name)).layer)}"  # type: ignore[misc]
            for name, title, _ in _SHARES
        ]
        if rows
        else []
    )
    alt = f"Share of parameters and multiply-adds by layer. Most {', most '.join(largest)}"
    return Drawn(go.Figure(data=traces, layout=layout), alt, "network_costs")


def _share(title: str, counts: list[int], names: list[str], color: str) -> dict[str, Any]:
    total = sum(counts) or 1
    return {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": names,
        "x": [100 * count / total for count in counts],
        "marker": {"color": color},
        "customdata": counts,
        "hovertemplate": "%{customdata:,} (%{x:.1f}%)<extra>" + title + "</extra>",
    }


def _names(design: Design) -> dict[str, str]:
    titles = (layer_title(row.layer) for row in design.network.rows)
    return {str(place): f"{place}. {title}" for place, title in enumerate(titles, start=1)}


def _adds(row: Row) -> bool:
    return any(isinstance(operation, AddTo) for operation in row.operations)


def _arc(place: int, row: Row) -> dict[str, Any]:
    """Return the shortcut of a block, from the layer before it to its output."""
    before, after = -_width(row.input.shape) / 2, -_width(row.shape) / 2
    out = min(before, after) - 4
    path = f"M {before},{place - 1} C {out},{place - 1} {out},{place} {after},{place}"
    return {"type": "path", "path": path, "line": {"color": RULE, "width": 2}}


def _width(shape: Shape) -> float:
    return float(shape[0]) if len(shape) == 3 else _FLAT


def _color(layer: Layer | None) -> str:
    return "#D55E00" if layer is None else _COLORS.get(type(layer), _REST)
