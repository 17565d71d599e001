"""Reading pages in processes of their own: a page that hangs or ends its process costs that page alone."""

import os
import time

from chalicelib.engines.word.pages.page import Page, UnreadPage
from chalicelib.engines.word.read.pool import Read, read_pages


def _reader() -> Read:
    def read(number: int) -> Page:
        if number == 2:
            while True:
                pass
        if number == 3:
            os._exit(7)
        if number == 4:
            raise ValueError("broken")
        return Page(number, 100.0, 200.0)

    return read


def test_only_the_page_is_lost_when_it_hangs_crashes_or_is_broken() -> None:
    done: list[int] = []

    pages = read_pages(_reader, [1, 2, 3, 4, 5], 0.5, time.monotonic() + 60, done.append)

    assert {number: getattr(page, "cause", None) for number, page in pages.items()} == {
        1: None,
        2: "time",
        3: "crash",
        4: "damaged",
        5: None,
    }
    assert done == [1, 2, 3, 4, 5]


def test_pages_are_unread_when_the_time_for_all_is_over() -> None:
    pages = read_pages(_reader, [1, 5], 0.5, time.monotonic() - 1, lambda done: None)

    assert all(isinstance(page, UnreadPage) and page.cause == "time" for page in pages.values())
