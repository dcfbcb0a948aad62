"""Text from outside, made safe for Markdown."""

import re

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # ASCII's punctuation: before any other sign a backslash would be shown


def plain(text: str) -> str:
    """Escape what Markdown would take for markup in a text from outside, such as the name of a file or an address."""
    return _MARKUP.sub(r"\\\1", text)
