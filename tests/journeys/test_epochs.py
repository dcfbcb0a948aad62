"""A slider over the epochs of a run, moved with the keyboard, and an image that an epoch has forgotten."""

import re

from browsing import expect_whole
from kept_epochs import write_kept_run
from playwright.sync_api import expect


def test_an_epoch_is_chosen_by_keyboard_and_its_forgotten_image_is_opened(fresh_app_url, page, dataset, own_store):
    run = write_kept_run(own_store, run_id="kept")
    page.goto(f"{fresh_app_url}/curves?runs={run.id}&by_epoch=true")
    page.get_by_text("Epoch 3 learned 1,001 images and forgot 0.").wait_for()
    expect_whole(page)
    slider = page.get_by_role("slider", name="After epoch")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_text("Epoch 2 learned 1,000 images and forgot 1.").wait_for()
    expect(page).to_have_url(re.compile("epoch=2"))
    page.get_by_role("radio", name="Forgotten").click()
    page.get_by_role("button", name=re.compile("^Open validation image 7, wrong")).click()
    page.get_by_role("heading", name="First right after epoch 1, then forgotten once.").wait_for()
    expect(page).to_have_url(re.compile("validation_image=7"))
