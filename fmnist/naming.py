"""Names that people give to their models: what they may hold, so that they are safe wherever they are shown."""

import re
import unicodedata

LONGEST_NAME = 60

# Markdown, HTML and plotly's own markup have no meaning in what is left
_SIGNS = frozenset(" .,_+-–()'/%!?=")


def clean_name(text: str) -> str:
    """Return a name with letters, digits, spaces and simple punctuation alone, at most 60 signs long."""
    composed = unicodedata.normalize("NFC", re.sub(r":(?=\s)", " –", text))
    kept = "".join(sign if _is_plain(sign) else " " for sign in composed)
    return " ".join(kept.split()).lstrip("".join(_SIGNS))[:LONGEST_NAME].strip()


def _is_plain(sign: str) -> bool:
    category = unicodedata.category(sign)
    return sign in _SIGNS or category[0] in "LN" or category == "Mn"
