"""An audit of a page by axe, whose rules are those of the Web Content Accessibility Guidelines and good practice."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("critical", "serious", "moderate")
STREAMLITS = {  # rule: where Streamlit itself breaks it, as a selector, since no page can change that
    "list": "[data-testid=stSidebarNavItems]",  # puts its groups of pages between the list and its items
    "listitem": "[data-testid=stSidebarNavItems]",
    "svg-img-alt": "[data-testid=stMetricChart]",  # names the parts of a sparkline, and leaves their names empty
}
_OPTIONS = {"resultTypes": ["violations"], "rules": {"label-content-name-mismatch": {"enabled": True}}}
_LIES_IN = "([target, selector]) => document.querySelector(target)?.closest(selector) != null"


def audit(page: Page) -> list[str]:
    """Return the grave violations of a page as it is now, each with its element and what is wrong with that."""
    found = Axe().run(page, options=_OPTIONS).response["violations"]
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
