"""The interactive reference as a person uses it: opens a route, sends it, reads what came and saves the file."""

import json
import re
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

TIMEOUT_S = 90


class Operation:
    """One route, opened and ready to be tried."""

    def __init__(self, browser: Chrome, name: str) -> None:
        self._wait = WebDriverWait(browser, TIMEOUT_S, poll_frequency=0.05)
        self._block: WebElement = self._wait.until(lambda page: page.find_element(By.ID, name))
        browser.execute_script("arguments[0].open = true", self._block)
        self._first("form.try")

    def fill(self, field: str, value: str) -> None:
        """Type into a parameter."""
        label = f".//label[normalize-space()='{field}']/following-sibling::input"
        self._block.find_element(By.XPATH, label).send_keys(value)

    def attach(self, file: Path) -> None:
        """Choose a file."""
        self._first("input[type=file]").send_keys(str(file))

    def send(self) -> int:
        """Send it; the status that came."""
        self._first("form.try button[type=submit]").click()
        return int(re.findall(r"\d+", self._first(".came .status").text)[0])

    def answer(self) -> Any:
        """The JSON that came."""
        return json.loads(self._first(".came pre").text)

    def save(self) -> str:
        """Save the file that came; what the link says."""
        link = self._first("a.save")
        said = link.text
        link.click()
        return said

    def _first(self, selector: str) -> WebElement:
        found: list[WebElement] = self._wait.until(lambda _: self._block.find_elements(By.CSS_SELECTOR, selector))
        return found[0]
