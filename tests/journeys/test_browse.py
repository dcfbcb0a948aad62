"""A newcomer walks through all pages, and comes back by an address."""

from every_page import TITLES


def test_every_page_opens_from_the_navigation(app_url, page, dataset, shipped_runs):
    page.goto(app_url)
    for title in TITLES:
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
        page.get_by_test_id("stStatusWidget").wait_for(state="detached")
        assert page.get_by_test_id("stException").count() == 0, title


def test_an_address_opens_its_page_on_a_fresh_server(fresh_app_url, page, shipped_runs):
    page.goto(f"{fresh_app_url}/curves?axis=Seconds&runs=nowhere")
    page.get_by_text("The link has an unknown run: nowhere.").wait_for()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview", exact=True).wait_for()
    page.get_by_text("Training time (s)").wait_for()
