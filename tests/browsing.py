"""What journeys wait for in a browser."""

from playwright.sync_api import Locator, Page, expect


def expect_rest(page: Page) -> None:
    """Wait until the page's script has run to its end."""
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()


def expect_whole(page: Page) -> None:
    """Wait until the page's script has run to its end, and the browser has loaded all that it shows."""
    expect_rest(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def find_shown(page: Page, text: str) -> Locator:
    """Find a text that people see; what is announced to screen readers says the same a moment later."""
    return page.get_by_text(text).and_(page.locator(":not([role=status])"))
