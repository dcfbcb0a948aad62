"""plotly.js as a report holds it: the bundle for cartesian figures, a third of the whole library.

The bundle lies beside this module as it comes from npm's package `plotly.js-cartesian-dist-min`, with its licence. It
is of the version that plotly draws for: a new plotly needs a new bundle and checksum, which a test says.
"""

from pathlib import Path

VERSION = "4.1.1"
SHA256 = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
BUNDLE = Path(__file__).with_name("plotly") / "plotly-cartesian.min.js"


def read_plotly_js() -> str:
    """Return the script, with its licence's notice at the top."""
    return BUNDLE.read_text(encoding="utf-8")
