"""From the layers of a network to the arithmetic of one value, with the keyboard and with the mouse."""

import re

from browsing import expect_rest, expect_whole
from playwright.sync_api import Page, expect

from fmnist.dataset import Dataset
from fmnist.runs.run import Run


def test_layer_map_and_value_are_reached_by_keyboard_and_mouse(
    app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/inside?model=basic_cnn-textbook-s1")
    expect(page.get_by_role("heading", name="Map 26")).to_be_visible()
    expect_whole(page)
    layers = page.get_by_role("list", name="Layers of Basic CNN (textbook), seed 1")
    layers.get_by_role("button", pressed=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3. Convolution 3×3, 64")).to_be_visible()
    expect(page).to_have_url(re.compile("layer=3"))
    expect_rest(page)
    maps = page.get_by_role("list", name=re.compile("^Maps of layer 3"))
    maps.get_by_role("button", name=re.compile("^5 ")).click()
    expect(page.get_by_role("heading", name="Map 5")).to_be_visible()
    expect_rest(page)
    value = page.get_by_role("button", name=re.compile(r"^Row \d+, column \d+ of map 5"))
    value.click(position={"x": 2, "y": 2})
    expect(page.get_by_role("button", name="Row 1, column 1 of map 5")).to_be_visible()
    expect_rest(page)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Row 2, column 1 of map 5")).to_be_visible()
    expect(page).to_have_url(re.compile("at=15"))
    expect_rest(page)
    page.get_by_role("list", name=re.compile("^Test images that excite map 5")).get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("image="))


def test_a_unit_that_is_chosen_before_training_is_shown_after_it_too(
    app_url: str, page: Page, dataset: Dataset, shipped_runs: list[Run]
):
    page.goto(f"{app_url}/inside?model=ann-tuned-s1&image=7")
    page.get_by_role("radio", name="Both").click()
    expect(page.get_by_role("heading", name=re.compile("before training"))).to_be_visible()
    expect_whole(page)
    units = page.get_by_role("list", name=re.compile("^Units of layer 2 of ANN .*, before training"))
    units.get_by_role("button", name=re.compile("^9 ")).click()
    expect(page.get_by_role("heading", name="Unit 9", exact=True)).to_have_count(2)
    expect(page).to_have_url(re.compile("weights=both"))
