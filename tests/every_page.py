"""Every page of the app, as its navigation lists them: a new page is in all tests of every page by itself."""

import re

from conftest import PROJECT

FILES = {
    title: file
    for file, title in re.findall(r'st\.Page\("(pages/\w+\.py)", title="([^"]+)"', (PROJECT / "app.py").read_text())
}
"""The file of each page, by its title."""
TITLES = tuple(FILES)
