"""A visitor says what is on a drawing; nobody else sees it, it is there after a reload, and nothing is left of it."""

from pathlib import Path

from browsing import expect_rest, find_shown
from playwright.sync_api import Page, expect

NONE = "You have no pictures yet."


def test_pictures_belong_to_one_browser_and_leave_nothing_behind(
    fresh_app_url: str, page: Page, other_page: Page, own_store: Path, shipped_runs
):
    page.goto(f"{fresh_app_url}/predict")
    expect(page.get_by_role("button", name="It is a …")).to_be_visible()
    expect_rest(page)
    page.get_by_role("button", name="It is a …").click()
    choices = page.get_by_test_id("stPopoverBody")
    choices.get_by_text("T-shirt/top", exact=True).click()
    expect(find_shown(page, "Stored as T-shirt/top. 1 picture in all.")).to_be_visible()
    expect_rest(page)
    other_page.goto(f"{fresh_app_url}/pictures")
    expect(other_page.get_by_text(NONE)).to_be_visible()
    assert [cookie for cookie in other_page.context.cookies() if "pictures" in cookie["name"]] == []
    page.goto(f"{fresh_app_url}/pictures")  # as after a reload: the session is new, the cookie is the same
    expect(page.get_by_role("button", name="Open your picture")).to_have_count(1)
    expect_rest(page)
    page.get_by_role("button", name="Delete all").click()
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_text(NONE)).to_be_visible()
    expect_rest(page)
    assert not (own_store / "pictures").exists()
    page.wait_for_function("!document.cookie.includes('fmnist_pictures')")
