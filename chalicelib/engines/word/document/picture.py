"""A picture in the document."""

from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """What Word can show."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    GIF = "image/gif"
    TIFF = "image/tiff"
    EMF = "image/x-emf"
    SVG = "image/svg+xml"


class Wrap(StrEnum):
    """How text goes around an anchored picture."""

    NONE_BEHIND = "behind"
    NONE_FRONT = "front"
    SQUARE = "square"
    TOP_AND_BOTTOM = "topAndBottom"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place of the top left corner, from the page's top left; the picture stands on the page of its paragraph."""

    x: float
    y: float
    wrap: Wrap = Wrap.SQUARE


@dataclass(frozen=True, slots=True)
class Media:
    """The bytes of a picture; equal ones are stored once. ``svg`` is the same as vector art, shown by newer Words."""

    data: bytes
    media_type: MediaType
    svg: bytes | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, ``width`` × ``height`` points, turned clockwise by ``turn`` degrees. No ``anchor``: in line with the text.

    ``alt`` is its description, None where nobody gave one; ``decorative`` pictures need none. ``crop`` are the shares
    cut off left, top, right and bottom. A link as of ``Link``. ``words`` are what letters in it say: hidden text beside it.
    """

    media: Media
    width: float
    height: float
    alt: str | None = None
    decorative: bool = False
    anchor: Anchor | None = None
    turn: float = 0
    crop: tuple[float, float, float, float] = (0, 0, 0, 0)
    uri: str | None = None
    anchor_link: str | None = None
    words: str = ""
