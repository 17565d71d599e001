"""The pages in a browser: the reference converts a file, and both are readable on any screen."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.e2e.conftest import Running
from tests.e2e.reference_page import TIMEOUT_S, Operation
from tests.support import documents

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that shows nothing, needs no rights and calls nobody by itself."""

DESKTOP_PX, PHONE_PX = 1_280, 390
SCREENS = [(width_px, scheme) for width_px in (DESKTOP_PX, PHONE_PX) for scheme in ("light", "dark")]
READABLE_CONTRAST = 4.5
"""WCAG 2.2, AA: of text."""

CONTRAST = """
const shade = (colour) => { const part = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map((v) => v / 255)
  .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2]; };
const ground = (node) => { while (node) { const colour = getComputedStyle(node).backgroundColor;
  if (colour.startsWith("rgb(")) return colour; node = node.parentElement; } return "rgb(255, 255, 255)"; };
const ratios = [...document.querySelectorAll(arguments[0])].map((node) => {
  const [low, high] = [shade(getComputedStyle(node).color), shade(ground(node))].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05); });
return Math.min(...ratios);
"""


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser saves files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Chromium, new."""
    program, driver = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
    assert program, "chromium is not installed: make install-test"
    options = ChromeOptions()
    options.binary_location = program
    for argument in (*QUIET, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = Chrome(options=options, service=Service(driver))
    yield opened
    opened.quit()


def show(browser: Chrome, width_px: int, scheme: str = "light") -> None:
    """Give the browser a screen."""
    screen = {"width": width_px, "height": 900, "deviceScaleFactor": 1, "mobile": width_px == PHONE_PX}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def complaints(browser: Chrome) -> list[Any]:
    """What the page's own log has: errors, and what its policy kept out."""
    found: list[Any] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return found


def arrived(folder: Path, name: str) -> Path:
    """The saved file, once it is whole."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if (folder / name).exists():
            return folder / name
        time.sleep(0.05)
    pytest.fail(f"{name} was not saved; there is {[one.name for one in folder.iterdir()]}")


def test_a_pdf_is_converted_and_saved_when_a_person_uses_the_reference(
    running: Running, browser: Chrome, downloads: Path, tmp_path: Path
) -> None:
    text = "Read in a browser."
    document = tmp_path / "report.pdf"
    document.write_bytes(documents.pdf(text))
    show(browser, DESKTOP_PX)
    browser.get(f"{running.base_url}/docs")
    login = Operation(browser, "POST", "/api/v2/auth/login")
    assert login.execute() == 200
    conversion = Operation(browser, "POST", "/api/v3/conversions/pdf-to-word")
    conversion.attach(document)
    assert conversion.execute() == 200
    made = conversion.answer()
    assert (made["output_filename"], made["points_charged"]) == ("report.docx", 3)
    download = Operation(browser, "GET", "/api/v3/conversions/{conversion_id}/download")
    download.fill("conversion_id", made["conversion_id"])
    assert download.execute() == 200
    download.save()
    saved = docx.Document(str(arrived(downloads, "report.docx")))
    assert text in "\n".join(one.text for one in saved.paragraphs)
    assert complaints(browser) == []


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/", "h1, h2, h3, p, a, code, dt, dd, td, th"),
        ("/docs", ".hint, .hint a, .title, .opblock-summary-path, .opblock-summary-description"),
    ],
)
def test_a_page_is_readable_when_the_screen_is_of_any_kind(
    running: Running, browser: Chrome, path: str, texts: str
) -> None:
    browser.get(f"{running.base_url}{path}")
    *_, drawn = texts.split(", ")
    WebDriverWait(browser, TIMEOUT_S).until(lambda page: page.find_elements(By.CSS_SELECTOR, drawn))
    for width_px, scheme in SCREENS:
        show(browser, width_px, scheme)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width_px
        assert browser.execute_script(CONTRAST, texts) >= READABLE_CONTRAST
    assert complaints(browser) == []
