"""The maps of the test images: one figure a run, in which every image is a point."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.dataset import CLASS_NAMES
from fmnist.views.data_map import COLOURS, LAYOUTS, DataMap, Options
from fmnist.views.parts import Drawn, file_stem
from fmnist.views.style import house_layout, legend_height

_HEIGHT = 460
_POINT = 4  # pixels
_CLASS_LOOKS = (  # Okabe and Ito's colours, twice with different marks
    ("#0072B2", "circle"),
    ("#E69F00", "circle"),
    ("#009E73", "circle"),
    ("#CC79A7", "circle"),
    ("#D55E00", "circle"),
    ("#56B4E9", "x"),
    ("#7F7F7F", "circle"),
    ("#0072B2", "cross"),
    ("#D2B800", "square"),
    ("#009E73", "x"),
)
_FAINT, _STRONG = "rgba(127, 127, 127, 0.35)", "#D55E00"


def figures(data_map: DataMap, options: Options) -> dict[str, Drawn]:
    """Return a map for each run by its key; the marked image and its neighbours have rings in each."""
    named = zip(data_map.judged.keys, data_map.judged.names, strict=True)
    return {key: _draw(data_map, options, model, key, name) for model, (key, name) in enumerate(named)}


def _draw(data_map: DataMap, options: Options, model: int, key: str, name: str) -> Drawn:
    places = getattr(data_map.layouts[model], options.layout)
    traces = [_points(data_map, model, places, *group) for group in _GROUPS[options.colour](data_map, model)]
    traces += _rings(data_map, options, model, places)
    axis = {"visible": False, "zeroline": False}
    layout = house_layout(_HEIGHT + legend_height(len(traces))) | {
        "xaxis": axis,
        "yaxis": axis | {"scaleanchor": "x"},
        "dragmode": "lasso",
    }
    layout["legend"] |= {"itemsizing": "constant"}
    how = f"coloured by {COLOURS[options.colour].lower()}"
    alt = f"10,000 test images laid out by {LAYOUTS[options.layout]} of the features of {name}, {how}"
    shown = f"{100 * data_map.alike[model].mean():.1f}% of an image's neighbours share its class."
    return Drawn(go.Figure(data=traces, layout=layout), alt, file_stem("map", [key]), shown)


def _points(
    data_map: DataMap, model: int, places: np.ndarray, name: str, chosen: np.ndarray, marker: Mapping[str, Any]
) -> dict[str, Any]:
    index = np.flatnonzero(chosen)
    judgement = data_map.judged.judgement
    classes = np.array(CLASS_NAMES)
    true, predicted = classes[judgement.labels[index]], classes[judgement.predicted[model, index]]
    told = np.char.add(np.char.add(true, ", predicted "), predicted)
    return {
        "type": "scattergl",
        "x": places[index, 0],
        "y": places[index, 1],
        "mode": "markers",
        "name": name,
        "marker": {"size": _POINT, "line": {"width": 0}} | dict(marker),
        "customdata": index.astype(np.uint16),
        "text": told,
        "hovertemplate": "%{text}<br>Test image %{customdata:,}<extra></extra>",
        "showlegend": bool(name),
    }


def _rings(data_map: DataMap, options: Options, model: int, places: np.ndarray) -> list[dict[str, Any]]:
    if options.marked is None:
        return []
    one, near = np.array([options.marked]), data_map.layouts[model].nearest[options.marked]
    return [_ring(places, near, 9, "Its neighbours"), _ring(places, one, 16, f"Test image {options.marked:,}")]


def _ring(places: np.ndarray, index: np.ndarray, size: int, name: str) -> dict[str, Any]:
    ring = {"size": size, "symbol": "circle-open", "color": "#000000", "line": {"width": 2}}
    halo = {"type": "scattergl", "x": places[index, 0], "y": places[index, 1], "mode": "markers", "name": name}
    return halo | {"marker": ring | {"color": "#CC0066"}, "customdata": index, "hoverinfo": "skip"}


_Group = tuple[str, np.ndarray, Mapping[str, Any]]


def _by_class(data_map: DataMap, model: int) -> list[_Group]:
    del model  # classes are the true ones
    return [
        (name, data_map.labels == label, {"color": color, "symbol": symbol})
        for label, (name, (color, symbol)) in enumerate(zip(CLASS_NAMES, _CLASS_LOOKS, strict=True))
    ]


def _by_result(data_map: DataMap, model: int) -> list[_Group]:
    right = data_map.judged.judgement.predicted[model] == data_map.labels
    return _two("Right", right, "Wrong")


def _by_dispute(data_map: DataMap, model: int) -> list[_Group]:
    del model  # all models together doubt a label
    disputed = data_map.judged.judgement.issues.disputed
    return _two("Undisputed", ~disputed, "Possibly mislabelled")


def _two(many: str, chosen: np.ndarray, few: str) -> list[_Group]:
    return [
        (many, chosen, {"color": _FAINT}),
        (few, ~chosen, {"color": _STRONG, "symbol": "x-thin-open", "size": 6, "line": {"width": 1.5}}),
    ]


def _by_confidence(data_map: DataMap, model: int) -> list[_Group]:
    confidence = 100 * data_map.judged.judgement.confidence[model]
    scale = {"colorscale": "Blues", "reversescale": True, "cmin": 20, "cmax": 100, "colorbar": {"title": {"text": "%"}}}
    return [("", np.ones(len(confidence), bool), {"color": np.round(confidence, 1), **scale})]


_GROUPS: Mapping[str, Callable[[DataMap, int], Sequence[_Group]]] = {
    "class": _by_class,
    "right": _by_result,
    "confidence": _by_confidence,
    "disputed": _by_dispute,
}
