"""From a pair of near-duplicates on Dataset to what models say of its test image."""

import re

from browsing import expect_whole
from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset
from fmnist.runs.run import Run


def test_a_near_duplicate_is_opened_by_keyboard(app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]):
    page.goto(f"{app_url}/dataset?duplicates=true")
    pairs = page.get_by_role("list", name="Test images and their nearest training images")
    expect(pairs.get_by_role("button")).to_have_count(17)
    expect_whole(page)
    pairs.get_by_role("button").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Labelled Shirt"))).to_be_visible()
    expect(page).to_have_url(re.compile("image=2605"))
