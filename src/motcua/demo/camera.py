"""Pictures of what people in the stories are shown, drawn by Chromium without scripts; the guides are illustrated by them."""

import io
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from PIL import Image
from playwright.sync_api import BrowserContext, Route, ViewportSize, sync_playwright

from motcua.demo.browser import LostError, Page

PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=960)
# The first word of a picture's name says whose screen it is.
SCREENS = {"citizen": PHONE, "leader": PHONE, "officer": DESK, "administrator": DESK}
LARGEST = 60_000  # bytes: what a guide on a telephone may cost for one picture
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=vi"]


class Camera:
    """Keeps pictures in `folder`; of pictures with one name only the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: set[str] = set()
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        if chromium is None:
            raise LostError("Pictures are drawn by Chromium, which is not installed.")
        self.folder.mkdir(parents=True, exist_ok=True)
        playwright = self.stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        self.stack.callback(browser.close)
        self.screens = {
            whose: browser.new_context(
                viewport=size, java_script_enabled=False, color_scheme="light", reduced_motion="reduce"
            )
            for whose, size in SCREENS.items()
        }
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def take(self, page: Page, name: str, *, at: str = "") -> None:
        """Draw the page as it stands before somebody, whatever they did to get there."""
        if name in self.taken:
            return
        self.taken.add(name)
        drawn = draw(self.screens[name.partition("-")[0]], page, at)
        (self.folder / f"{name}.webp").write_bytes(small(drawn))


def draw(screen: BrowserContext, page: Page, at: str) -> bytes:
    """A PNG of one screenful; the page is what was answered before, styles and letters come from its node."""

    def answer(route: Route) -> None:
        route.fulfill(body=page.body, content_type="text/html; charset=utf-8")

    tab = screen.new_page()
    tab.route(lambda url: url == page.url, answer)
    tab.goto(page.url)
    if at:
        tab.locator(at).first.evaluate("one => one.scrollIntoView({block: 'start'})")
    png = tab.screenshot()
    tab.close()
    return png


def small(png: bytes) -> bytes:
    """As WebP in as many colours as its size allows; flat surfaces and letters lose nothing that is seen."""
    drawn = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 64, 24):
        packed = io.BytesIO()
        few = drawn.quantize(colours, dither=Image.Dither.NONE).convert("RGB")
        few.save(packed, "WEBP", lossless=True, method=6)
        if packed.tell() <= LARGEST:
            break
    return packed.getvalue()
