"""The pages in a browser: the reference converts a file, the documentation builds calls, all of it readable."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.e2e.chromium import DESKTOP_PX, PHONE_PX, SCREENS, arrived, chromium, complaints, show
from tests.e2e.conftest import PASSWORD, Running
from tests.e2e.console_page import Console
from tests.e2e.reference_page import Operation
from tests.support import documents

TALLEST_PX = 3_000
"""Of an opened route on a desktop, with all that it answers folded."""


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser saves files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Chromium, new."""
    with chromium(tmp_path_factory.mktemp("profile"), downloads) as opened:
        yield opened


def assert_readable(page: Console) -> None:
    """Nothing runs off any screen, and axe-core finds nothing, in light and in dark."""
    for width_px, scheme in SCREENS:
        show(page.browser, width_px, scheme)
        assert page.browser.execute_script("return document.documentElement.scrollWidth") <= width_px
        if (width_px, scheme) in ((DESKTOP_PX, "light"), (PHONE_PX, "dark")):
            assert page.violations() == []
    show(page.browser, DESKTOP_PX)


def test_a_pdf_is_converted_and_saved_when_a_person_uses_the_reference(
    running: Running, browser: Chrome, downloads: Path, tmp_path: Path
) -> None:
    text = "Read in a browser."
    document = tmp_path / "report.pdf"
    document.write_bytes(documents.pdf(text))
    show(browser, DESKTOP_PX)
    browser.get(f"{running.base_url}/docs")
    page = Console(browser, running.base_url)
    page.fill("E-mail address", "user@example.com")
    page.fill("Password", PASSWORD)
    page.press("Log in")
    page.says("Calls are sent with your token.")
    conversion = Operation(browser, "convertPdfToWord")
    conversion.attach(document)
    assert conversion.send() == 200
    made = conversion.answer()
    assert (made["output_filename"], made["points_charged"]) == ("report.docx", 3)
    assert "-F 'file=@report.pdf'" in page.text("#convertPdfToWord .tabs")
    assert page.first("#convertPdfToWord").size["height"] <= TALLEST_PX
    assert conversion.save() == "Save report.docx"
    saved = docx.Document(str(arrived(downloads, "report.docx")))
    assert text in "\n".join(one.text for one in saved.paragraphs)
    download = Operation(browser, "downloadResult")
    download.fill("conversion_id", made["conversion_id"])
    assert download.send() == 200
    assert download.save() == "Save report.docx"
    assert_readable(page)
    assert complaints(browser) == []


def test_older_versions_are_folded_away_until_they_are_looked_for(running: Running, browser: Chrome) -> None:
    show(browser, DESKTOP_PX)
    browser.get(f"{running.base_url}/docs")
    page = Console(browser, running.base_url)
    page.first(".legacy")
    assert not browser.find_elements(By.CSS_SELECTOR, ".legacy[open]")
    page.fill("Search routes", "v1 remove-background")
    page.until_count(".route", 2)
    assert "/api/v1/conversions/remove-background" in page.text("main")
    assert_readable(page)


def test_the_documentation_is_searched_and_speaks_ones_language(running: Running, browser: Chrome) -> None:
    show(browser, DESKTOP_PX)
    browser.get(running.base_url)
    page = Console(browser, running.base_url)
    page.click("#start button", "Python")
    assert "import httpx" in page.text("#start")
    assert "jq -r" not in page.text("#start")
    page.first("#start .snippet:not([hidden]) .copy")
    assert "POST /api/v2/conversions" not in page.text("#versions")
    assert_readable(page)
    page.named("input", "Search this page").send_keys("alpha_matting")
    assert [one.text for one in browser.find_elements(By.CSS_SELECTOR, "main h3") if one.text] == ["Remove background"]


def test_a_call_is_built_by_choosing_options(running: Running, browser: Chrome) -> None:
    show(browser, DESKTOP_PX)
    browser.get(running.base_url)
    page = Console(browser, running.base_url)
    page.pick("Conversion", "pdf-to-excel")
    page.fill("Pages", "1,3")
    page.pick("Read scans", "force")
    page.fill("Password", "it's a secret")
    told = {}
    for language in ("curl", "Python", "TypeScript", "Command"):
        page.click("#builder button", language)
        told[language] = page.text("#builder pre")
    assert f"{running.base_url}/api/v3/conversions/pdf-to-excel" in told["curl"]
    assert "-F 'pages=1,3'" in told["curl"]
    assert '"ocr": "force"' in told["Python"]
    assert 'body.append("ocr", "force")' in told["TypeScript"]
    assert "--to pdf-to-excel \\\n  --option" in told["Command"]
    assert "secret" not in "".join(told.values())
    compile(told["Python"], "built", "exec")
    page.click("#builder .code button", "Copy: Your conversion: Command")
    page.says("Copied")
    assert complaints(browser) == []
