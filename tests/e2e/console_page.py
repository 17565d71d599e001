"""The console as a person uses it: finds things by the names that a screen reader says."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.e2e.chromium import drop_files
from tests.e2e.conftest import PASSWORD

TIMEOUT_S = 90
_AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
_RUN_AXE = """
const done = arguments[0];
axe.run(document, { resultTypes: ["violations"] }).then(
  (found) => done(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)), done);
"""
_NAMED = """
const [selector, name] = arguments;
const named = (one) => (one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent ?? one.textContent).trim();
const open = [...document.querySelectorAll("dialog[open]")].pop() ?? document;
return [...open.querySelectorAll(selector)].find((one) => named(one) === name && one.checkVisibility());
"""


class Console:
    """The page at ``/app``."""

    def __init__(self, browser: Chrome, base_url: str) -> None:
        self.browser = browser
        self._base_url = base_url
        self._wait = WebDriverWait(browser, TIMEOUT_S, poll_frequency=0.05)

    def open(self) -> None:
        """Load the page anew, as a person who comes back."""
        self.browser.get(f"{self._base_url}/app")

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Open a session as ``email``, with no other one left."""
        self.open()
        self.browser.delete_all_cookies()
        self.browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.browser.refresh()
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Log in")
        self.first(".frame h1")

    def log_out(self) -> None:
        """End the session; pressed again where the page drew the button anew under the press."""
        self._wait.until(self._is_out)

    def _is_out(self, page: Chrome) -> bool:
        with suppress(WebDriverException):
            if button := page.execute_script(_NAMED, "button", "Log out"):
                button.click()
        return not page.find_elements(By.CSS_SELECTOR, ".frame")

    def go(self, view: str) -> None:
        """Show a view by its link's name."""
        self.click("nav a", view)
        self._wait.until(lambda _: self.first("nav a[aria-current]").text == view)
        self.settle()

    def settle(self) -> None:
        """Wait until a view has loaded what it shows."""
        busy = "return [...document.querySelectorAll('main .quiet')].some((one) => one.textContent === 'Loading …')"
        self._wait.until(lambda page: not page.execute_script(busy))

    def named(self, selector: str, name: str) -> WebElement:
        """The element whose accessible name is ``name``, once it is there; in the window that is open, if one is."""
        found: WebElement = self._wait.until(lambda page: page.execute_script(_NAMED, selector, name))
        return found

    def click(self, selector: str, name: str) -> None:
        """Click what is named so, once it can be; again where the page drew it anew meanwhile."""
        self._wait.until(lambda _: self._clicked(selector, name))

    def _clicked(self, selector: str, name: str) -> bool:
        try:
            found = self.named(selector, name)
            if found.is_enabled():
                found.click()
                return True
        except StaleElementReferenceException:
            pass
        return False

    def press(self, name: str) -> None:
        """Press a button, once it can be."""
        self.click("button", name)

    def fill(self, label: str, text: str) -> None:
        """Type into a field in place of what is there."""
        field = self.named("input", label)
        field.clear()
        field.send_keys(text)

    def pick(self, label: str, value: str) -> None:
        """Choose from a list."""
        Select(self.named("select", label)).select_by_value(value)

    def first(self, selector: str) -> WebElement:
        """The first element, once it is there."""
        found: list[WebElement] = self._wait.until(lambda page: page.find_elements(By.CSS_SELECTOR, selector))
        return found[0]

    def count(self, selector: str) -> int:
        """How many elements there are now."""
        return len(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def buttons(self) -> list[str]:
        """What the buttons of the view say."""
        script = "return [...document.querySelectorAll('main button')].map((one) => one.textContent.trim())"
        found: list[str] = self.browser.execute_script(script)
        return found

    def until_count(self, selector: str, count: int) -> None:
        """Wait until there are so many."""
        self._wait.until(lambda _: self.count(selector) == count)

    def says(self, text: str) -> None:
        """Wait until the page has a text."""
        self._wait.until(lambda page: text in page.find_element(By.TAG_NAME, "body").text)

    def until_focused(self, name: str) -> None:
        """Wait until no window is open and the keyboard is at what has this name."""
        focused = "return !document.querySelector('dialog') && document.activeElement.getAttribute('aria-label')"
        self._wait.until(lambda page: page.execute_script(focused) == name)

    def text(self, selector: str = "main") -> str:
        """What is read in a part of the page."""
        return self.first(selector).text

    def drop(self, files: dict[str, bytes]) -> None:
        """Drop files where they are taken."""
        drop_files(self.browser, self.first(".drop"), files)

    def close_window(self) -> None:
        """Close the window that is open."""
        self.press("Close")
        self.until_count("dialog[open]", 0)

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the view for people who hear, zoom or use the keyboard."""
        self.browser.execute_script(_AXE.read_text())
        found: list[str] = self.browser.execute_async_script(_RUN_AXE)
        return found

    def stored(self) -> str:
        """Everything that scripts could read of a session: storage, cookies, addresses."""
        script = "return [{...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state]"
        kept: list[Any] = self.browser.execute_script(script)
        return json.dumps(kept)
