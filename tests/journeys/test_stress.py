"""Attacks on Stress: another attack and another strength, with the keyboard."""

import re

from browsing import expect_rest, expect_whole
from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset
from fmnist.runs.run import Run


def test_an_attack_and_its_strength_are_chosen_by_keyboard(
    app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/stress?runs=ann-tuned-s1&runs=basic_cnn-textbook-s1")
    page.get_by_role("radio", name="Attacks").click()
    expect(page.get_by_role("heading", name=re.compile("withstands attacks best"))).to_be_visible()
    expect_whole(page)
    page.get_by_role("radio", name="PGD").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("attack=fgsm"))
    expect_rest(page)
    page.get_by_role("radio", name="16/255").click()
    expect(page).to_have_url(re.compile("level=16"))
    expect(page.get_by_role("figure").or_(page.locator(".js-plotly-plot")).last).to_be_visible()
