"""Text from outside, made safe for Markdown."""

import re

_SIGNS = re.compile(r"([\\`*_\[\]{}<>$~|&!#]|:(?=\w))")  # Streamlit's directives begin with a colon and a letter
_LIST = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)  # what begins a list or underlines a heading


def plain(text: str) -> str:
    """Escape what Markdown would take for markup in a text from outside, such as the name of a file or an address."""
    return _LIST.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", text))
