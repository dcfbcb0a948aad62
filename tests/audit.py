"""An audit of a page by axe, whose rules are those of the Web Content Accessibility Guidelines and good practice."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

GRAVE = ("critical", "serious", "moderate")
STREAMLITS = {  # rule: where Streamlit itself breaks it, as a selector, since no page can change that
    "list": "[data-testid=stSidebarNavItems]",  # puts its groups of pages between the list and its items
    "listitem": "[data-testid=stSidebarNavItems]",
    "svg-img-alt": "[data-testid=stMetricChart]",  # names the parts of a sparkline, and leaves their names empty
}
BACKGROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 29)"}

_OPTIONS = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": True}}}
_COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
_IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
_LIES_IN = "([target, selector]) => document.querySelector(target)?.closest(selector) != null"


def audit_both_themes(page: Page) -> list[str]:
    """Return the grave violations of a page in the theme that it has, then those of colours in the other one.

    The themes differ in nothing but colours, and the page is left in the other one.
    """
    found = audit(page)
    scheme: Literal["light", "dark"] = "light" if page.evaluate(_IS_DARK) else "dark"
    page.emulate_media(color_scheme=scheme)
    expect(page.locator(".stApp")).to_have_css("background-color", BACKGROUNDS[scheme])
    return [*found, *audit(page, _COLOURS)]


def audit(page: Page, options: dict[str, Any] = _OPTIONS) -> list[str]:
    """Return the grave violations of a page as it is now, each with its element and what is wrong with that."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not _is_streamlits(page, violation["id"], str(node["target"][0]))
    ]


def _is_streamlits(page: Page, rule: str, target: str) -> bool:
    selector = STREAMLITS.get(rule)
    return selector is not None and bool(page.evaluate(_LIES_IN, [target, selector]))
