"""Take the screenshots of README and docs anew: `python docs/take_screenshots.py`, with Chromium and the dataset.

They show the shipped runs alone, 1440 × 1000 pixels, in the light theme.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser

from fmnist.bench.browsers import open_browser
from fmnist.bench.servers import OURS, serve

FOLDER = Path(__file__).parent / "images"
WIDTH, HEIGHT = 1440, 1000
ADDRESSES = {
    "overview": "",
    "confusion": "confusion",
    "mistakes": "mistakes",
    "predict": "predict",
    "design": "design?start=resnet",
    "train": "train",
}


def main() -> None:
    """Serve the dashboard over an empty store of one's own, and photograph each page."""
    FOLDER.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as store,
        serve(OURS, {"FMNIST_ARTIFACTS_DIR": store}) as server,
        open_browser() as browser,
    ):
        for name, path in ADDRESSES.items():
            photograph(browser, f"{server.address}/{path}", FOLDER / f"{name}.png")


def photograph(browser: Browser, address: str, target: Path) -> None:
    """Open a page, wait until nothing changes any more, and save what the window shows."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_load_state("networkidle")
    page.locator('[data-testid="stSkeleton"]').first.wait_for(state="hidden")
    page.screenshot(path=target, animations="disabled")
    page.close()
    Image.open(target).convert("RGB").save(target, optimize=True)
    print(target)


if __name__ == "__main__":
    main()
