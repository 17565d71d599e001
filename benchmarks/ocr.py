"""How well scans are read: pages of known words, in three qualities: `.engines/ocr/bin/python -m benchmarks.ocr`.

Pages are made here: prose and tables of numbers in several sizes. *Clean* is 200 dpi; *copied* 150 dpi, turned by 0.7°,
blurred, strongly compressed; *photographed* is seen from the side in uneven light. Prints, for each model and quality,
the F1 of the words, the share of the numbers that are right, and the seconds of processor time a page. `--scripts N`
prints, for N pages of each of twelve scripts, the share of letters that are wrong.
"""

import argparse
import collections
import random
import time
from collections.abc import Callable, Iterator

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]
from PIL import Image, ImageDraw, ImageFont

from benchmarks import scripts
from chalicelib.engines.ocr.paddle import SMALL, TINY
from chalicelib.engines.ocr.reading import Wanted, read_picture

FONTS = ("LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf", "DejaVuSans.ttf", "Carlito-Regular.ttf")
SIZE = (1_654, 2_339)
"""A4 at 200 dpi."""
WORDS = [
    "the",
    "harbour",
    "office",
    "weighed",
    "every",
    "crate",
    "that",
    "came",
    "ashore",
    "between",
    "April",
    "and",
    "October",
    "and",
    "wrote",
    "what",
    "it",
    "found",
    "into",
    "a",
    "ledger",
    "which",
    "the",
    "town",
    "still",
    "keeps;",
    "each",
    "entry",
    "names",
    "ship,",
    "master,",
    "cargo,",
    "duty",
    "paid",
    "and",
    "the",
    "clerk",
    "who",
    "signed",
    "for",
    "it",
]


def page(number: int) -> tuple[numpy.ndarray, list[str]]:
    """A page and its words: prose above, a table of numbers below."""
    rng = random.Random(number)
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    size = rng.choice((25, 28, 33))
    font = ImageFont.truetype(FONTS[number % len(FONTS)], size)
    words: list[str] = []
    for row in range(22):
        line = [rng.choice(WORDS) for _ in range(11)]
        draw.text((150, 150 + row * round(1.4 * size)), " ".join(line), 0, font)
        words += line
    for row in range(24):
        cells = [rng.choice(WORDS).strip(",;"), *(_amount(rng) for _ in range(4))]
        for column, cell in enumerate(cells):
            draw.text((150 + 280 * column, 1_220 + row * round(1.5 * size)), cell, 0, font)
        words += cells
    return numpy.array(image), words


def _amount(rng: random.Random) -> str:
    return f"{rng.randrange(1, 2_000_000) / 100:,.2f}" if rng.random() < 0.7 else str(rng.randrange(1, 5_000))


def clean(picture: numpy.ndarray) -> numpy.ndarray:
    """As it is."""
    return picture


def copied(picture: numpy.ndarray) -> numpy.ndarray:
    """150 dpi, turned, blurred, compressed."""
    small = cv2.resize(picture, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    height, width = small.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0.7, 1)
    soft = cv2.GaussianBlur(cv2.warpAffine(small, matrix, (width, height), borderValue=255), (0, 0), 0.8)
    return cv2.imdecode(cv2.imencode(".jpg", soft, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_GRAYSCALE)


def photographed(picture: numpy.ndarray) -> numpy.ndarray:
    """From the side, one corner in the shade."""
    height, width = picture.shape
    corners = numpy.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = numpy.float32([[60, 40], [width - 20, 0], [width, height - 50], [0, height]])
    seen_from = cv2.warpPerspective(
        picture, cv2.getPerspectiveTransform(corners, seen), (width, height), borderValue=200
    )
    shade = numpy.linspace(0.55, 1.0, width)[None, :] * numpy.linspace(0.8, 1.0, height)[:, None]
    return cv2.GaussianBlur((seen_from * shade).astype(numpy.uint8), (0, 0), 0.7)


QUALITIES: tuple[Callable[[numpy.ndarray], numpy.ndarray], ...] = (clean, copied, photographed)


def measured(
    model: str, quality: Callable[[numpy.ndarray], numpy.ndarray], pages: int
) -> Iterator[tuple[int, int, int, int, int, float]]:
    """For each page: words found, true, read; numbers found, true; seconds."""
    for number in range(pages):
        picture, words = page(number)
        given = cv2.cvtColor(quality(picture), cv2.COLOR_GRAY2BGR)
        started = time.process_time()
        read, _ = read_picture(given, Wanted(model))
        spent_s = time.process_time() - started
        found = collections.Counter(word.text for line in read.words for word in line)
        true = collections.Counter(words)
        numbers = collections.Counter({word: n for word, n in true.items() if word[0].isdigit()})
        yield (found & true).total(), true.total(), found.total(), (found & numbers).total(), numbers.total(), spent_s


def main() -> None:
    """Print a line for each model and quality."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--scripts", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.scripts:
        scripts.report(arguments.scripts)
        return
    print(f"{'model':8} {'quality':14} words F1  numbers  s/page")
    for model in (SMALL, TINY):
        for quality in QUALITIES:
            rows = list(measured(model, quality, arguments.pages))
            hits, true, read, right, numbers, spent_s = (sum(column) for column in zip(*rows, strict=True))
            figures = f"{2 * hits / (true + read):8.3f} {right / numbers:8.3f} {spent_s / len(rows):7.1f}"
            print(f"{model:8} {quality.__name__:14} {figures}", flush=True)


if __name__ == "__main__":
    main()
