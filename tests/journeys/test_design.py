"""Design in a browser: change a network, meet an error at its layer, save it, and train it."""

import re

import pytest
from audit import audit
from browsing import expect_whole
from playwright.sync_api import Page, expect

from fmnist.architectures.notation import write_layers
from fmnist.dataset import Dataset
from fmnist.runs.layout import list_run_directories, user_store
from fmnist.runs.reading import load_run

pytestmark = pytest.mark.usefixtures("tiny_training")


def headline(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=2)).to_have_text(words)
    expect_whole(page)


def test_a_network_is_designed_saved_and_trained(dataset: Dataset, fresh_app_url: str, page: Page, phone: Page):
    page.goto(f"{fresh_app_url}/design?start=ann")
    headline(page, "109,386 parameters, 109,184 multiply-adds")
    page.get_by_test_id("stRadio").get_by_text("2. Dense, 128").click()
    units = page.get_by_role("spinbutton", name="Units")
    expect(units).to_have_value("128")
    units.fill("16")
    units.press("Enter")
    headline(page, "14,298 parameters, 14,208 multiply-adds")
    page.get_by_role("button", name="Move up").click()
    headline(page, "Layer 1: A dense layer needs one row of values.")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    headline(page, "14,298 parameters, 14,208 multiply-adds")

    phone.goto(page.url)  # a link is the whole design
    headline(phone, "14,298 parameters, 14,208 multiply-adds")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert audit(phone) == []

    page.get_by_role("textbox", name="Name").fill("My net")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Train My net").click()
    expect(page.get_by_role("heading", name="Train", level=1)).to_be_visible()
    page.get_by_role("slider").press("Home")
    expect(page).to_have_url(re.compile(r"[?&]share=1(&|$)"))
    page.get_by_role("button", name=re.compile("^Start")).click()
    expect(page.get_by_role("heading", name=re.compile(r"^My net \(quick\), .*test accuracy"))).to_be_visible()
    (run,) = map(load_run, list_run_directories(user_store()))
    assert (run.config.title, write_layers(run.config.network)) == ("My net", "flat_dense16_dense64")
