"""Debian's Chromium without a screen: how tests start it, look through it and hand it files."""

import base64
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

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

_DROP = """
const data = new DataTransfer();
for (const [name, body] of arguments[1]) {
  data.items.add(new File([Uint8Array.from(atob(body), (one) => one.charCodeAt(0))], name));
}
for (const kind of ["dragover", "drop"]) {
  arguments[0].dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}
"""


@contextmanager
def chromium(profile: Path, downloads: Path) -> Iterator[Chrome]:
    """A new browser that saves files in ``downloads``."""
    program, driver = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
    assert program, "chromium is not installed: make install-test"
    options = ChromeOptions()
    options.binary_location = program
    for argument in (*QUIET, f"--user-data-dir={profile}"):
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


def drop_files(browser: Chrome, target: Any, files: dict[str, bytes]) -> None:
    """Drop files on an element, as a person does from the desktop."""
    browser.execute_script(_DROP, target, [[name, base64.b64encode(body).decode()] for name, body in files.items()])


def arrived(folder: Path, name: str) -> Path:
    """The saved file, once it is whole."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if (folder / name).exists():
            return folder / name
        time.sleep(0.05)
    pytest.fail(f"{name} was not saved; there is {[one.name for one in folder.iterdir()]}")
