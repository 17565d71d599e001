"""Images made at test time, also such that no library writes, and an engine's run on them."""

import io
import struct
import threading
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps

from chalicelib.engines.job import InputFile, Job, Limits, Outcome
from chalicelib.engines.process import Engines

ROOT = Path(__file__).parents[3]
ENGINES_HOME = ROOT / ".engines"
MODELS_HOME = ROOT / ".models"


@dataclass
class Bench:
    """Runs one engine on bytes; ``output`` is the last result."""

    engines: Engines
    engine: str
    action: str
    folder: Path
    defaults: dict[str, Any] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        """Where results are written."""
        return self.folder / "output"

    def run(self, *files: tuple[str, bytes], limits: Limits | None = None, **options: Any) -> Outcome:
        """Convert ``files``, each a name, whose extension is its kind, and the bytes."""
        return self.run_counting(files, limits, options)[0]

    def run_counting(
        self, files: tuple[tuple[str, bytes], ...], limits: Limits | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Outcome, list[tuple[int, int, str]]]:
        """As :meth:`run`, with the progress that was reported."""
        inputs = []
        for number, (name, data) in enumerate(files):
            path = self.folder / f"input-{number}"
            path.write_bytes(data)
            inputs.append(InputFile(path, name, name.rpartition(".")[2]))
        workdir = self.folder / "work"
        workdir.mkdir(exist_ok=True)
        chosen = self.defaults | (options or {})
        job = Job(self.action, tuple(inputs), self.output, workdir, chosen, limits=limits or Limits())
        seen: list[tuple[int, int, str]] = []
        outcome = self.engines.run(self.engine, job, lambda *step: seen.append(step), threading.Event())
        return outcome, seen


def picture(width: int = 12, height: int = 8, mode: str = "RGB") -> Image.Image:
    """No two corners alike, so that a picture which is turned or mirrored is seen."""
    image = Image.new("RGB", (width, height))
    for x in range(width):
        for y in range(height):
            image.putpixel((x, y), (x * 255 // (width - 1), y * 255 // (height - 1), (x * y * 7) % 256))
    return image.convert(mode)


def ball(
    width: int = 240, height: int = 160, behind: tuple[int, int, int] | Image.Image = (200, 205, 215)
) -> Image.Image:
    """A "photograph": a shaded red ball, as wide as two thirds of the height, in the middle of a background."""
    side = height * 2 // 3
    light = Image.radial_gradient("L").resize((side, side)).point([max(0, 230 - value) for value in range(256)])
    dim = light.point([value // 4 for value in range(256)])
    outline = Image.radial_gradient("L").resize((4 * side, 4 * side)).point([255 * (v < 178) for v in range(256)])
    photo = behind.copy() if isinstance(behind, Image.Image) else Image.new("RGB", (width, height), behind)
    at = ((width - side) // 2, (height - side) // 2)
    photo.paste(Image.merge("RGB", (light, dim, dim)), at, outline.resize((side, side), Image.Resampling.LANCZOS))
    return photo


def planks(width: int, height: int) -> Image.Image:
    """A textured background: boards with a grain, and gaps between them."""
    grain = Image.linear_gradient("L").resize((32, 7)).resize((64, height))
    board = Image.merge("RGB", [grain.point([low + value * 2 // 5 for value in range(256)]) for low in (110, 75, 40)])
    board.paste((45, 30, 20), (0, 0, 3, height))
    wall = Image.new("RGB", (width, height))
    for left in range(0, width, board.width):
        wall.paste(board if left // board.width % 2 else ImageOps.flip(board), (left, 0))
    return ImageChops.add(wall, Image.effect_noise((width, height), 40).convert("RGB"), 1.5, -30)


def saved(image: Image.Image, format_name: str, **options: Any) -> bytes:
    """``image`` as a file."""
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def turned(orientation: int) -> Image.Exif:
    """EXIF that says how the pixels are turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size: tuple[int, int], depth: int, color_type: int, rows: list[bytes], *extra: bytes) -> bytes:
    """A PNG of any depth from its packed ``rows``, none filtered; ``extra`` chunks stand before the pixels."""
    header = struct.pack(">IIBBBBB", *size, depth, color_type, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            png_chunk(b"IHDR", header),
            *extra,
            png_chunk(b"IDAT", body),
            png_chunk(b"IEND", b""),
        ]
    )


def samples16(size: tuple[int, int], channels: int) -> list[int]:
    """16-bit samples, pixel by pixel, whose low bytes matter."""
    return [(index * 1_237 + 11) % 65_536 for index in range(size[0] * size[1] * channels)]


def big_endian(values: list[int]) -> bytes:
    """16-bit values as PDF stores them."""
    return struct.pack(f">{len(values)}H", *values)


def tiff16(size: tuple[int, int], channels: int, values: list[int], *, differences: bool = False) -> bytes:
    """A little-endian TIFF of 16 bits a channel: RGB, RGB with alpha (4), deflated; with or without predictor 2."""
    width, height = size
    stored = list(values)
    if differences:
        for index in reversed(range(len(values))):
            if index % (width * channels) >= channels:
                stored[index] = (values[index] - values[index - channels]) % 65_536
    data = zlib.compress(struct.pack(f"<{len(stored)}H", *stored))
    bits_at = 8 + len(data) + len(data) % 2
    tags = {
        256: (4, 1, width),
        257: (4, 1, height),
        258: (3, channels, bits_at),
        259: (3, 1, 8),
        262: (3, 1, 2),
        273: (4, 1, 8),
        277: (3, 1, channels),
        278: (4, 1, height),
        279: (4, 1, len(data)),
        284: (3, 1, 1),
        317: (3, 1, 2 if differences else 1),
    }
    if channels == 4:
        tags[338] = (3, 1, 2)
    directory_at = bits_at + 2 * channels
    entries = b"".join(struct.pack("<HHII", tag, *value) for tag, value in sorted(tags.items()))
    bits = struct.pack(f"<{channels}H", *[16] * channels)
    header = struct.pack("<2sHI", b"II", 42, directory_at)
    return header + data.ljust(bits_at - 8, b"\0") + bits + struct.pack("<H", len(tags)) + entries + bytes(4)
