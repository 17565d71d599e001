"""The pages in a browser: the reference converts a file, and both are readable on any screen."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.e2e.chromium import DESKTOP_PX, SCREENS, arrived, chromium, complaints, show
from tests.e2e.conftest import Running
from tests.e2e.console_page import Console
from tests.e2e.reference_page import TIMEOUT_S, Operation
from tests.support import documents

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
    with chromium(tmp_path_factory.mktemp("profile"), downloads) as opened:
        yield opened


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
    assert browser.find_element(By.CSS_SELECTOR, ".result a").text == "Save report.docx"
    assert not browser.find_elements(By.CSS_SELECTOR, "[data-path='/api/v1/conversions/pdf-to-word']")
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


def test_the_documentation_is_searched_and_speaks_ones_language(running: Running, browser: Chrome) -> None:
    show(browser, DESKTOP_PX)
    browser.get(running.base_url)
    page = Console(browser, running.base_url)
    page.named("button", "Python").click()
    assert "import httpx" in page.text("main")
    assert "jq -r" not in page.text("main")
    assert page.violations() == []
    page.named("input", "Search this page").send_keys("alpha_matting")
    assert [one.text for one in browser.find_elements(By.CSS_SELECTOR, "main h3") if one.text] == ["Remove background"]
