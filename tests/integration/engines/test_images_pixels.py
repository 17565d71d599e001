"""No sample is lost between an image and its page: depths, alpha, inks, palettes, profiles."""

import io
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageCms

from tests.integration.engines.image_files import (
    ENGINES_HOME,
    Bench,
    big_endian,
    picture,
    png,
    png_chunk,
    samples16,
    saved,
    tiff16,
)
from tests.integration.engines.pdf_pages import image_of, mask_of, pages, pixels_of

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "light").is_dir(), reason="the light engine is not installed")


LOSSLESS = [
    ("bmp", "BMP", {}),
    ("gif", "GIF", {}),
    ("tiff", "TIFF", {}),
    ("tiff", "TIFF", {"compression": "tiff_lzw"}),
    ("tiff", "TIFF", {"compression": "jpeg"}),
    ("webp", "WEBP", {"lossless": True}),
    ("webp", "WEBP", {"quality": 50}),
    ("heic", "HEIF", {"quality": 50}),
]


@pytest.mark.parametrize(("kind", "format_name", "options"), LOSSLESS)
def test_every_pixel_is_kept_when_the_format_is_decoded(
    bench: Bench, kind: str, format_name: str, options: dict[str, Any]
) -> None:
    data = saved(picture(mode="P" if kind == "gif" else "RGB"), format_name, **options)

    outcome = bench.run((f"image.{kind}", data))

    (page,) = pages(bench.output)
    image = image_of(page)
    pixels = pixels_of(page)
    if kind == "gif":
        palette = bytes(image["/ColorSpace"][3].original_bytes)
        pixels = b"".join(palette[3 * index : 3 * index + 3] for index in pixels)
    assert pixels == Image.open(io.BytesIO(data)).convert("RGB").tobytes()
    assert outcome.report["images"][0]["lossless"] is True
    assert outcome.report["images"][0]["kind"] == kind


@pytest.mark.parametrize(
    ("kind", "format_name"), [("png", "PNG"), ("webp", "WEBP"), ("tiff", "TIFF"), ("heic", "HEIF")]
)
def test_opacity_becomes_a_soft_mask_when_the_image_has_alpha(bench: Bench, kind: str, format_name: str) -> None:
    image = picture(16, 16)
    image.putalpha(picture(16, 16, "L"))
    lossless: dict[str, dict[str, Any]] = {
        "webp": {"lossless": True, "exact": True},
        "heic": {"quality": -1, "chroma": 444},
    }
    data = saved(image, format_name, **lossless.get(kind, {}))

    bench.run((f"logo.{kind}", data))

    (page,) = pages(bench.output)
    decoded = Image.open(io.BytesIO(data)).convert("RGBA")
    assert mask_of(page) == decoded.getchannel("A").tobytes()
    assert pixels_of(page) == decoded.convert("RGB").tobytes()


def test_mask_says_so_when_colours_are_multiplied_by_their_opacity(bench: Bench) -> None:
    image = picture(16, 16)
    image.putalpha(picture(16, 16, "L"))
    buffer = io.BytesIO()
    pillow_heif.encode("RGBa", image.size, image.convert("RGBa").tobytes(), buffer, quality=-1, chroma=444)

    bench.run(("logo.heic", buffer.getvalue()))

    (page,) = pages(bench.output)
    decoded = Image.open(buffer)
    assert decoded.mode == "RGBa"
    assert image_of(page)["/SMask"].get_object()["/Matte"] == [0, 0, 0]
    assert mask_of(page) == decoded.getchannel("a").tobytes()


def test_opacity_becomes_a_soft_mask_when_one_palette_entry_is_transparent(bench: Bench) -> None:
    image = picture().quantize(4)

    bench.run(("icon.gif", saved(image, "GIF", transparency=2)))

    mask = mask_of(pages(bench.output)[0])
    assert mask == bytes(0 if index == 2 else 255 for index in image.tobytes())


@pytest.mark.parametrize(("depth", "row", "key"), [(2, b"\xe4", 3), (4, b"\xf1\x20", 15)])
def test_opacity_becomes_a_soft_mask_when_one_grey_is_transparent(
    bench: Bench, depth: int, row: bytes, key: int
) -> None:
    data = png((4, 1), depth, 0, [row], png_chunk(b"tRNS", key.to_bytes(2, "big")))

    bench.run(("stamp.png", data))

    assert mask_of(pages(bench.output)[0]) == bytes([0, 255, 255, 255])


@pytest.mark.parametrize(("color_type", "channels"), [(0, 1), (2, 3)])
def test_sixteen_bits_pass_through_when_a_png_is_opaque(bench: Bench, color_type: int, channels: int) -> None:
    size = (5, 3)
    raw = big_endian(samples16(size, channels))
    stride = 2 * size[0] * channels

    bench.run(("deep.png", png(size, 16, color_type, [raw[at : at + stride] for at in range(0, len(raw), stride)])))

    (page,) = pages(bench.output)
    assert image_of(page)["/BitsPerComponent"] == 16
    assert pixels_of(page) == raw


@pytest.mark.parametrize(("color_type", "colours"), [(4, 1), (6, 3)])
def test_sixteen_bits_are_kept_when_a_png_has_alpha(bench: Bench, color_type: int, colours: int) -> None:
    size, channels = (5, 3), colours + 1
    values = samples16(size, channels)
    raw, stride = big_endian(values), 2 * size[0] * channels

    bench.run(("deep.png", png(size, 16, color_type, [raw[at : at + stride] for at in range(0, len(raw), stride)])))

    (page,) = pages(bench.output)
    assert pixels_of(page) == big_endian([value for at, value in enumerate(values) if at % channels < colours])
    assert mask_of(page) == big_endian(values[colours::channels])


def test_sixteen_bits_are_kept_when_a_png_has_a_transparent_colour(bench: Bench) -> None:
    raw = big_endian([0xFFFE, 0xFFFE, 0xFFFE, 0xFFFE, 0xFFFE, 0xFFFF])

    bench.run(("deep.png", png((2, 1), 16, 2, [raw], png_chunk(b"tRNS", raw[:6]))))

    (page,) = pages(bench.output)
    assert pixels_of(page) == raw
    assert mask_of(page) == b"\x00\xff"


@pytest.mark.parametrize("differences", [False, True])
@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bits_are_kept_when_a_tiff_has_several_channels(bench: Bench, channels: int, differences: bool) -> None:
    size = (7, 4)
    values = samples16(size, channels)

    outcome = bench.run(("scan.tiff", tiff16(size, channels, values, differences=differences)))

    (page,) = pages(bench.output)
    assert pixels_of(page) == big_endian([value for at, value in enumerate(values) if at % channels < 3])
    if channels == 4:
        assert mask_of(page) == big_endian(values[3::4])
    assert outcome.report["images"][0]["lossless"] is True


def test_ten_bits_are_kept_when_a_heic_has_them(bench: Bench) -> None:
    values = [value & 0xFFC0 for value in samples16((64, 64), 3)]
    buffer = io.BytesIO()
    pillow_heif.encode("RGB;16", (64, 64), big_endian(values)[::-1], buffer, quality=90)

    bench.run(("hdr.heic", buffer.getvalue()))

    (page,) = pages(bench.output)
    assert image_of(page)["/BitsPerComponent"] == 16
    decoded = pillow_heif.open_heif(buffer, convert_hdr_to_8bit=False)
    little_endian = bytes(decoded.data)
    assert pixels_of(page)[0::2] == little_endian[1::2]
    assert pixels_of(page)[1::2] == little_endian[0::2]


def test_values_are_spread_and_said_when_a_tiff_has_no_white(bench: Bench) -> None:
    image = Image.new("F", (2, 1))
    image.putpixel((1, 0), 2.5)

    outcome = bench.run(("heights.tiff", saved(image, "TIFF")))

    assert pixels_of(pages(bench.output)[0]) == b"\x00\x00\xff\xff"
    assert "32-bit values" in outcome.warnings[0]
    assert outcome.report["images"][0]["lossless"] is False


def test_inks_are_kept_when_a_tiff_is_cmyk(bench: Bench) -> None:
    image = picture(mode="CMYK")

    bench.run(("print.tiff", saved(image, "TIFF")))

    (page,) = pages(bench.output)
    assert image_of(page)["/ColorSpace"] == "/DeviceCMYK"
    assert pixels_of(page) == image.tobytes()


def test_lab_stays_lab_when_a_tiff_is_lab(bench: Bench) -> None:
    image = Image.merge("LAB", picture().split())

    bench.run(("colours.tiff", saved(image, "TIFF")))

    (page,) = pages(bench.output)
    space, numbers = image_of(page)["/ColorSpace"]
    assert space == "/Lab"
    assert numbers["/Range"] == [-128, 127, -128, 127]
    assert pixels_of(page) == picture().tobytes()


@pytest.mark.parametrize(("kind", "options"), [("tiff", {"compression": "group4"}), ("tiff", {}), ("bmp", {})])
def test_two_colours_are_stored_as_fax_does_when_an_image_has_one_bit(
    bench: Bench, kind: str, options: dict[str, Any]
) -> None:
    image = picture(64, 20, "1")

    bench.run((f"fax.{kind}", saved(image, kind.upper(), **options)))

    stored = image_of(pages(bench.output)[0])
    assert stored["/Filter"] == ["/CCITTFaxDecode"]
    assert stored.decode_as_image().convert("1").tobytes() == image.tobytes()


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("kind", "mode"), [("jpg", "RGB"), ("png", "RGB"), ("png", "P"), ("webp", "RGB"), ("tiff", "RGB")]
)
def test_colour_profile_is_kept_when_the_image_has_one(bench: Bench, kind: str, mode: str) -> None:
    format_name = {"jpg": "JPEG"}.get(kind, kind.upper())

    bench.run((f"photo.{kind}", saved(picture(mode=mode), format_name, icc_profile=SRGB)))

    space = image_of(pages(bench.output)[0])["/ColorSpace"]
    base = space[1] if mode == "P" else space
    assert base[0] == "/ICCBased"
    assert base[1].get_object()["/N"] == 3
    assert base[1].get_object().get_data() == SRGB


def test_profile_is_stored_once_when_many_images_share_it(bench: Bench) -> None:
    data = saved(picture(), "JPEG", icc_profile=SRGB)

    bench.run(("a.jpg", data), ("b.jpg", data))

    first, second = (image_of(page)["/ColorSpace"] for page in pages(bench.output))
    assert first[1].indirect_reference == second[1].indirect_reference


def test_profile_is_left_out_and_said_when_it_is_for_other_pixels(bench: Bench) -> None:
    outcome = bench.run(("grey.jpg", saved(picture(mode="L"), "JPEG", icc_profile=SRGB)))

    assert image_of(pages(bench.output)[0])["/ColorSpace"] == "/DeviceGray"
    assert outcome.warnings == (
        "grey.jpg: its colour profile does not belong to this kind of pixels and was left out.",
    )
