"""The interactive reference as a person uses it: opens a route, tries it out, reads what came."""

import json
import re
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

TIMEOUT_S = 60


class Operation:
    """One route, opened and ready to be tried."""

    def __init__(self, browser: WebDriver, method: str, path: str) -> None:
        self._wait = WebDriverWait(browser, TIMEOUT_S, poll_frequency=0.05)
        blocks = f"//div[contains(@class, 'opblock-{method.lower()}')][.//span[@data-path='{path}']]"
        self._block: WebElement = self._wait.until(lambda page: page.find_element(By.XPATH, blocks))
        browser.execute_script("arguments[0].scrollIntoView()", self._block)
        self._first(".opblock-summary-control").click()
        self._first(".try-out__btn").click()

    def fill(self, field: str, value: str) -> None:
        """Type into a parameter."""
        self._first(f"[data-param-name='{field}'] input").send_keys(value)

    def attach(self, file: Path) -> None:
        """Choose a file."""
        self._first("input[type=file]").send_keys(str(file))

    def execute(self) -> int:
        """Send it; the status that came."""
        self._first("button.execute").click()
        return int(re.findall(r"\d+", self._first(".live-responses-table tbody .response-col_status").text)[0])

    def answer(self) -> Any:
        """The JSON that came."""
        return json.loads(self._first(".live-responses-table .highlight-code code").text)

    def save(self) -> None:
        """Click on the file that came."""
        self._first(".live-responses-table a[download]").click()

    def _first(self, selector: str) -> WebElement:
        found: list[WebElement] = self._wait.until(lambda _: self._block.find_elements(By.CSS_SELECTOR, selector))
        return found[0]
