"""The first address that a fresh server opens is that of a page."""


def test_an_address_opens_its_page_on_a_fresh_server(fresh_app_url, page, shipped_runs):
    page.goto(f"{fresh_app_url}/curves?axis=Seconds&runs=nowhere")
    page.get_by_text("The link has an unknown run: nowhere.").wait_for()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview", exact=True).wait_for()
    page.get_by_text("Training time (s)").wait_for()
