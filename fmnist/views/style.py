"""The layout that all figures share: margins, legend, hover, and axes that list names.

Colours, markers and dashes come with the contenders.
"""

import math
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

RULE = "rgba(127, 127, 127, 0.6)"  # for lines that guide the eye, on either theme
TOOLS = 28  # pixels above a figure for plotly's tools, which would hide what lies there

_NAME_WIDTH = 26  # characters: longer names would leave a phone no room for the figure
_NAME_LINE = 14  # pixels


def house_layout(height: int) -> dict[str, Any]:
    """Return margins, legend and hover of every figure; colours of text and background are left to the theme."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
        "legend": {
            "orientation": "h",
            "yanchor": "bottom",
            "y": 1.0,
            "xanchor": "left",
            "x": 0.0,
            "title": {"text": ""},
        },
        "hoverlabel": {"align": "left"},
    }


def legend_height(names: int) -> int:
    """Return the pixels that the legend takes, which has two names a row."""
    return 22 * math.ceil(names / 2)


def name_axis(titles: Mapping[str, str], spacing: int) -> tuple[dict[str, Any], int]:
    """Return a vertical axis that lists titles, given by key, the first on top, and the pixels that they take.

    The keys are the positions on the axis. A title takes `spacing` pixels, and more where it is so long that it is
    written in several lines.
    """
    lines = [wrap(title, _NAME_WIDTH) for title in titles.values()]
    axis = {
        "autorange": "reversed",
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(titles),
        "tickvals": list(titles),
        "ticktext": ["<br>".join(parts) for parts in lines],
        "showgrid": False,
        "ticklabelstandoff": 8,
    }
    return axis, len(lines) * max(spacing, _NAME_LINE * max(map(len, lines), default=1))


def bare_layout(height: int) -> dict[str, Any]:
    """Return the layout of the house for a figure without a legend, whose title stands above it on the page."""
    layout = house_layout(height + TOOLS)
    return layout | {"showlegend": False, "margin": layout["margin"] | {"t": TOOLS}}
