"""How well backgrounds come off, on pictures made here: `.engines/background/bin/python -m benchmarks.backgrounds`.

Each picture has a known share of the subject in every pixel: balls with fur, plain balls, and wheels with spokes,
before a gradient or planks. Prints, for each kind and way, the mean error and that near the outline (both × 1,000), and
the seconds of processor time of a picture of a megapixel from pixels to cut-out, without reading and writing files.
"""

import argparse
import math
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy  # type: ignore[import-not-found]
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from scipy import ndimage  # type: ignore[import-untyped]

os.environ.setdefault("U2NET_HOME", str(Path(__file__).parents[1] / ".models"))

from chalicelib.engines.background import models
from chalicelib.engines.background.edges import pure_colours
from chalicelib.engines.background.joined import joined, without_ghost
from chalicelib.engines.background.soft_edges import refined

SIZE = (1_200, 840)
"""A megapixel."""
_FINER = 2
_NEAR_OUTLINE = 12


def furry(draw: ImageDraw.ImageDraw, rng: random.Random, at: tuple[float, float], radius: float) -> None:
    """A ball with some thousand hairs."""
    _disc(draw, at, radius)
    for _ in range(2_500):
        angle, bent = rng.uniform(0, math.tau), rng.gauss(0, 0.25)
        points = [(angle + bent * part * part, radius * (0.97 + 0.3 * part * rng.random())) for part in (0, 0.5, 1)]
        line = [(at[0] + far * math.cos(turn), at[1] + far * math.sin(turn)) for turn, far in points]
        draw.line(line, fill=255, width=rng.choice((2, 2, 3)))


def plain(draw: ImageDraw.ImageDraw, _rng: random.Random, at: tuple[float, float], radius: float) -> None:
    """A ball."""
    _disc(draw, at, radius)


def spoked(draw: ImageDraw.ImageDraw, rng: random.Random, at: tuple[float, float], radius: float) -> None:
    """A wheel."""
    draw.ellipse(_around(at, radius), outline=255, width=round(radius / 8))
    _disc(draw, at, radius / 6)
    for spoke in range(rng.randrange(9, 15)):
        angle = spoke * math.tau / 12
        draw.line([at, (at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle))], fill=255, width=14)


Kind = Callable[[ImageDraw.ImageDraw, random.Random, tuple[float, float], float], None]
KINDS: tuple[Kind, ...] = (furry, plain, spoked)


def _disc(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: float) -> None:
    draw.ellipse(_around(at, radius), fill=255)


def _around(at: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def picture(kind: Kind, seed: int) -> tuple[Image.Image, Image.Image]:
    """A picture, and the share of the subject in each of its pixels."""
    rng = random.Random(f"{kind.__name__} {seed}")
    large = Image.new("L", (SIZE[0] * _FINER, SIZE[1] * _FINER))
    at = large.width * rng.uniform(0.4, 0.6), large.height * rng.uniform(0.45, 0.55)
    kind(ImageDraw.Draw(large), rng, at, large.height * rng.uniform(0.22, 0.3))
    share = large.resize(SIZE, Image.Resampling.BOX)
    colour = tuple(rng.randrange(120, 250) for _ in range(3))
    shaded = ImageChops.multiply(Image.new("RGB", SIZE, colour), _light(at))
    return Image.composite(shaded, _planks(seed) if seed % 2 else _gradient(rng), share), share


def _light(at: tuple[float, float]) -> Image.Image:
    light = (
        Image.radial_gradient("L").point([255 - value // 2 for value in range(256)]).resize((SIZE[0] * 2, SIZE[1] * 2))
    )
    left, top = SIZE[0] - round(at[0] / _FINER), SIZE[1] - round(at[1] / _FINER)
    one = light.crop((left, top, left + SIZE[0], top + SIZE[1]))
    return Image.merge("RGB", (one, one, one))


def _gradient(rng: random.Random) -> Image.Image:
    levels = Image.linear_gradient("L").resize(SIZE)
    channels = [levels.point([30 + value // rng.randrange(3, 6) for value in range(256)]) for _ in range(3)]
    return Image.merge("RGB", channels)


def _planks(seed: int) -> Image.Image:
    rng = random.Random(seed)
    wall = Image.new("RGB", SIZE)
    for left in range(0, SIZE[0], 90):
        brown = rng.randrange(60, 110)
        wall.paste((brown + 30, brown, brown - 30), (left, 0, left + 86, SIZE[1]))
    return wall.filter(ImageFilter.GaussianBlur(1))


def _mask(model: str, image: Image.Image) -> Image.Image:
    small = image.resize(models.SIZES[model], Image.Resampling.LANCZOS)
    return Image.frombytes("L", small.size, models.foreground(model, small.tobytes()))


def fast(image: Image.Image) -> Image.Image:
    """As the engine does it."""
    return without_ghost(_mask(models.COARSE, image)).resize(image.size, Image.Resampling.LANCZOS)


def both(image: Image.Image) -> Image.Image:
    """Two models joined, soft edges as they say."""
    mask = joined(_mask(models.FINE, image), _mask(models.COARSE, image))
    return mask.resize(image.size, Image.Resampling.LANCZOS)


def quality(image: Image.Image) -> Image.Image:
    """As the engine does it."""
    mask = both(image)
    return refined(image, mask) if mask.getbbox() else mask


def errors(found: Image.Image, true: Image.Image) -> tuple[float, float]:
    """The mean error, and that near the outline, × 1,000."""
    one, other = (numpy.asarray(mask, dtype=numpy.float32) / 255 for mask in (found, true))
    near = ndimage.binary_dilation((other > 0.02) & (other < 0.98), iterations=_NEAR_OUTLINE)
    return float(1_000 * abs(one - other).mean()), float(1_000 * abs(one - other)[near].mean())


def main() -> None:
    """Print a line for each kind and way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=4, help="of each kind")
    arguments = parser.parse_args()
    print(f"{'kind':8} {'way':8} {'error':>6} {'outline':>8} {'s':>6}")
    for kind in KINDS:
        for way in (fast, both, quality):
            rows = []
            for seed in range(arguments.pictures):
                image, true = picture(kind, seed)
                started = time.process_time()
                mask = way(image)
                pure_colours(image, mask)
                rows.append((*errors(mask, true), time.process_time() - started))
            error, outline, spent_s = (sum(column) / len(rows) for column in zip(*rows, strict=True))
            print(f"{kind.__name__:8} {way.__name__:8} {error:6.1f} {outline:8.1f} {spent_s:6.1f}", flush=True)


if __name__ == "__main__":
    main()
