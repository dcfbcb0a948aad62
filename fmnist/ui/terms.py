"""The glossary of every page: a list behind a button, and an explanation where a term is used first.

The browser finds the terms in what a page shows, so that they cost the server nothing.
"""

from html import escape

from fmnist.glossary import GLOSSARY
from fmnist.ui.component import register_component

_ITEMS = "".join(
    f'<div><dt>{escape(term)}</dt><dd id="fmnist-term-{number}">{escape(words)}</dd></div>'
    for number, (term, words) in enumerate(GLOSSARY.items())
)
GLOSSARY_HTML = f'<dl tabindex="0">{_ITEMS}</dl>'  # the keyboard scrolls what has the focus

_terms = register_component(__file__, GLOSSARY_HTML, isolate_styles=False)


def show_glossary() -> None:
    """Show the glossary's button, and explain each term at its first use on the page."""
    _terms(key="glossary")
