"""A map is computed from the page, and stopped."""

from browsing import expect_whole
from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset
from fmnist.runs.run import Run


def test_the_computation_of_a_map_is_started_and_stopped(
    app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/map?another=true&to_map=cnn_gap-tuned-s2")
    expect_whole(page)
    page.get_by_role("button", name="Compute the map").click()
    expect(page.get_by_text("cnn_gap-tuned-s2: ")).to_be_visible()
    expect(page.get_by_text("Another map is being computed.")).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("cnn_gap-tuned-s2: ")).to_have_count(0)
    expect(page.get_by_role("button", name="Compute the map")).to_be_enabled()
