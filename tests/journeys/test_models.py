"""Bring a model in a browser: upload its predictions, read the verdict, and see the difference of the matrices."""

from pathlib import Path

import numpy as np
from audit import audit
from browsing import expect_whole, find_shown
from playwright.sync_api import Page, expect
from submissions import npz, predicted_classes, probs_of

from fmnist.runs.run import Run


def test_an_uploaded_model_is_compared_with_the_best(
    fresh_app_url: str, page: Page, shipped_runs: list[Run], tmp_path: Path
):
    page.goto(f"{fresh_app_url}/models")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "Import predictions or a model file to see where your model stands."
    )
    expect_whole(page)  # the first page of a server is drawn twice, and a file given to the first is lost
    broken, whole = tmp_path / "short.npy", tmp_path / "team.npz"
    np.save(broken, np.zeros(9_999))
    whole.write_bytes(npz(test_probs=probs_of(predicted_classes(9_200))).data)
    chooser = page.get_by_test_id("stFileUploader").first.locator("input[type=file]")

    chooser.set_input_files(broken)
    expect(find_shown(page, "short.npy")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Wide net")
    page.get_by_role("textbox", name="Submitted by").fill("Team 7")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("has 9,999 rows")

    chooser.set_input_files(whole)
    expect(page.get_by_text("team.npz")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "Wide net (imported, Team 7) reaches 92.0% test accuracy."
    )
    expect(find_shown(page, " beats Wide net (imported, Team 7) by ")).to_be_visible()
    expect_whole(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")
    assert audit(page) == []

    page.get_by_role("link", name="See the images they disagree on").click()
    expect(page.get_by_role("heading", name="Confusion", level=1)).to_be_visible()
    expect_whole(page)
    expect(page.get_by_role("heading", level=2)).to_contain_text("Wide net (imported, Team 7)")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=2)).to_contain_text("reaches 92.0% test accuracy.")

    page.get_by_role("radio", name="Your models").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("You have 1 model of your own")
    page.get_by_role("combobox", name="Change").click()
    page.get_by_role("option", name="Wide net (imported, Team 7)").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    expect_whole(page)
    assert audit(page) == []
    page.get_by_role("button", name="Delete permanently").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("You have no models of your own yet.")
