"""The report in a browser: downloaded from the Overview, and opened from disk with the network cut off."""

import re
from pathlib import Path

import pytest
from browsing import expect_rest
from conftest import PATIENT
from playwright.sync_api import Browser, Page, expect

from fmnist.contenders.finding import find_contender
from fmnist.report.build import save_report
from fmnist.runs.run import Run

PAPER = 696  # pixels between the margins of A4
DRAWN = (
    "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 2 * document.querySelectorAll('figure').length"
)


@pytest.fixture(scope="module")
def report(shipped_runs: list[Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a report on two shipped networks."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    save_report([find_contender("ann:textbook"), find_contender("basic_cnn:textbook")], path)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_disk_without_a_network(report: Path, browser: Browser, scheme: str):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    context.set_offline(True)
    page, problems, asked = context.new_page(), [], []
    page.set_default_timeout(PATIENT)
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_function(DRAWN)
    assert page.locator(".js-plotly-plot").count() == page.locator("figure").count() == 10
    assert page.locator(".js-plotly-plot .points path, .js-plotly-plot .textpoint").count() > 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ink = page.locator(".xtick text").first.evaluate("text => getComputedStyle(text).fill")
    assert ink == page.evaluate("getComputedStyle(document.body).color")
    assert (min(map(int, re.findall(r"\d+", ink))) > 200) == (scheme == "dark")
    context.close()
    assert problems == []
    assert {url for url in asked if not url.startswith(("data:", "blob:"))} == {report.as_uri()}


def test_it_prints_on_a4_without_a_figure_or_table_cut_off(report: Path, browser: Browser):
    """Nothing may be wider than the paper: a browser would then make every page smaller, or cut it off."""
    page = browser.new_page(viewport={"width": PAPER, "height": 1000})
    page.set_default_timeout(PATIENT)
    page.goto(report.as_uri())
    page.wait_for_function(DRAWN)
    widths = "() => [...document.querySelectorAll('.js-plotly-plot .main-svg')].map(svg => svg.clientWidth)"
    on_screen = page.evaluate(widths)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert set(page.evaluate(widths)) == {690}
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    sections = page.locator("section").evaluate_all("all => all.map(one => getComputedStyle(one).breakBefore)")
    assert len(sections) == 10
    assert set(sections) == {"page"}
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(widths) == on_screen
    page.close()


def test_it_is_downloaded_from_the_overview(app_url: str, page: Page, shipped_runs: list[Run], tmp_path: Path):
    page.goto(app_url)
    expect_rest(page)
    expect(page.locator(".js-plotly-plot .main-svg").nth(5)).to_be_visible()  # figures move what is below them
    page.get_by_role("button", name="Report").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download as HTML").click()
    assert downloading.value.suggested_filename == "report.html"
    downloading.value.save_as(tmp_path / "report.html")
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_function(DRAWN)
    expect(page.get_by_role("heading", name="Is the lead significant?")).to_be_visible()
