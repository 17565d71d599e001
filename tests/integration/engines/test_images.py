"""Which pages a client gets of images, embedded or refused; by the real engine."""

import io
import re
from typing import Any

import pytest
from PIL import Image, ImageOps

from chalicelib.domain.errors import CorruptDocument, LimitExceeded
from chalicelib.engines.job import Limits
from tests.integration.engines.image_files import ENGINES_HOME, Bench, picture, png, saved, turned
from tests.integration.engines.pdf_pages import box, drawn, image_of, pages, pixels_of

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "light").is_dir(), reason="the light engine is not installed")


@pytest.mark.parametrize("orientation", range(10))
def test_jpeg_is_embedded_byte_for_byte_and_shown_upright_when_exif_turns_it(bench: Bench, orientation: int) -> None:
    data = saved(picture(), "JPEG", exif=turned(orientation), quality=95)

    outcome = bench.run(("photo.jpg", data))

    (page,) = pages(bench.output)
    assert image_of(page)["/Filter"] == "/DCTDecode"
    assert image_of(page)._data == data
    stored = Image.open(io.BytesIO(data))
    upright = ImageOps.exif_transpose(stored) if orientation not in (0, 9) else stored
    assert drawn(page, stored).tobytes() == upright.convert("RGB").tobytes()
    assert outcome.warnings == ()
    (report,) = outcome.report["images"]
    assert (report["width"], report["height"]) == upright.size
    assert (report["lossless"], report["stream"]) == (True, "original")


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0, "keep_rgb": True}, {"quality": 1}])
def test_jpeg_is_embedded_byte_for_byte_when_it_is_of_another_coding(bench: Bench, options: dict[str, Any]) -> None:
    data = saved(picture(), "JPEG", **options)

    bench.run(("photo.jpg", data))

    assert image_of(pages(bench.output)[0])._data == data


def test_colours_are_read_as_rgb_when_a_jpeg_names_its_components_so(bench: Bench) -> None:
    data = saved(picture(), "JPEG", keep_rgb=True)
    adobe = data.index(b"\xff\xee")
    end = adobe + 2 + int.from_bytes(data[adobe + 2 : adobe + 4], "big")

    bench.run(("photo.jpg", data[:adobe] + data[end:]))

    assert image_of(pages(bench.output)[0])["/DecodeParms"] == {"/ColorTransform": 0}


def test_inversion_is_declared_when_a_cmyk_jpeg_comes_from_adobe(bench: Bench) -> None:
    data = saved(picture(mode="CMYK"), "JPEG")

    bench.run(("print.jpg", data))

    image = image_of(pages(bench.output)[0])
    assert image._data == data
    assert image["/ColorSpace"] == "/DeviceCMYK"
    assert image["/Decode"] == [1, 0, 1, 0, 1, 0, 1, 0]


def arithmetic_jpeg() -> bytes:
    """A JPEG of the coding that PDF lacks: its frame is marked so, its scan is empty, which decodes to plain grey."""
    data = saved(picture(), "JPEG")
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    data = data[:frame] + b"\xff\xc9" + data[frame + 2 :]
    return data[: scan + 14] + bytes(64) + b"\xff\xd9"


def test_pixels_are_stored_losslessly_when_pdf_lacks_a_jpegs_coding(bench: Bench) -> None:
    data = arithmetic_jpeg()

    outcome = bench.run(("old.jpg", data))

    (page,) = pages(bench.output)
    assert image_of(page)["/Filter"] == "/FlateDecode"
    assert pixels_of(page) == Image.open(io.BytesIO(data)).convert("RGB").tobytes()
    assert outcome.warnings == (
        "old.jpg: its kind of JPEG coding is not part of PDF; the pixels were stored losslessly instead.",
    )
    assert outcome.report["images"][0]["stream"] == "re-encoded"


def test_only_the_first_picture_is_a_page_when_a_camera_put_several_into_one_jpeg(bench: Bench) -> None:
    data = saved(picture(), "MPO", save_all=True, append_images=[picture(6, 4)])

    outcome = bench.run(("stereo.jpg", data))

    assert len(pages(bench.output)) == 1
    assert outcome.warnings == ("stereo.jpg: only the first of its 2 frames was used; frames left out: 1.",)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
def test_png_is_embedded_with_its_own_stream_when_it_is_opaque(bench: Bench, mode: str) -> None:
    data = saved(picture(mode=mode), "PNG")

    outcome = bench.run(("chart.png", data))

    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start], "big")
    assert image_of(pages(bench.output)[0])._data == data[start + 4 : start + 4 + length]
    assert outcome.report["images"][0]["stream"] == "original"


@pytest.mark.parametrize(("kind", "format_name"), [("tiff", "TIFF"), ("heic", "HEIF")])
def test_every_page_is_a_page_when_a_file_has_several(bench: Bench, kind: str, format_name: str) -> None:
    data = saved(picture(96, 64), format_name, save_all=True, append_images=[picture(64, 96), picture(64, 64)])

    outcome = bench.run((f"scan.{kind}", data))

    assert [box(page) for page in pages(bench.output)] == [(72, 48), (48, 72), (48, 48)]
    assert outcome.report["pages_out"] == outcome.report["images"][0]["pages"] == 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_tiff_page_is_upright_when_its_tag_turns_it(bench: Bench, orientation: int) -> None:
    bench.run(("scan.tiff", saved(picture(), "TIFF", tiffinfo={274: orientation})))

    (page,) = pages(bench.output)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(saved(picture(), "PNG", exif=turned(orientation)))))
    assert pixels_of(page) == upright.convert("RGB").tobytes()


def test_thumbnail_is_no_page_and_said_when_a_tiff_declares_one(bench: Bench) -> None:
    small = picture(6, 4)
    small.encoderinfo = {"tiffinfo": {254: 1}}
    data = saved(picture(), "TIFF", save_all=True, append_images=[small])

    outcome = bench.run(("scan.tiff", data))

    assert len(pages(bench.output)) == 1
    assert outcome.warnings == ("scan.tiff: reduced copies or masks of its pages left out: 1.",)


def test_refused_by_name_when_a_tiff_has_more_pages_than_the_limit(bench: Bench) -> None:
    data = saved(picture(), "TIFF", save_all=True, append_images=[picture()] * 3)

    with pytest.raises(LimitExceeded, match=r"many\.tiff has more than 3 pages"):
        bench.run(("many.tiff", data), limits=Limits(image_frames=3))


def test_refused_when_all_images_make_more_pages_than_a_pdf_may_have(bench: Bench) -> None:
    data = saved(picture(), "TIFF", save_all=True, append_images=[picture()])

    with pytest.raises(LimitExceeded, match="more than 3 pages"):
        bench.run(("a.tiff", data), ("b.tiff", data), limits=Limits(pdf_pages=3))


@pytest.mark.parametrize(("kind", "format_name"), [("gif", "GIF"), ("png", "PNG"), ("webp", "WEBP")])
def test_first_frame_is_the_page_and_the_rest_said_when_an_image_moves(
    bench: Bench, kind: str, format_name: str
) -> None:
    frames = [picture(mode="L"), ImageOps.invert(picture(mode="L")), ImageOps.mirror(picture(mode="L"))]
    data = saved(frames[0], format_name, save_all=True, append_images=frames[1:])

    outcome = bench.run((f"film.{kind}", data))

    assert len(pages(bench.output)) == 1
    assert outcome.warnings == (f"film.{kind}: only the first of its 3 frames was used; frames left out: 2.",)


def test_pages_stand_in_the_order_of_the_files_and_are_counted(bench: Bench) -> None:
    files = [(f"{width}.png", saved(picture(width, 96), "PNG")) for width in (96, 48, 192)]

    outcome, seen = bench.run_counting(tuple(files))

    assert [box(page)[0] for page in pages(bench.output)] == [72, 36, 144]
    assert [image["name"] for image in outcome.report["images"]] == ["96.png", "48.png", "192.png"]
    assert seen[-1] == (3, 3, "files")
    assert outcome.report["engine"] == "img2pdf"
    assert re.fullmatch(r"\d+\.\d+\.\d+", outcome.report["engine_version"])
    assert (outcome.report["pages_in"], outcome.report["pages_out"]) == (3, 3)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("huge.png", png((20_000, 20_000), 8, 0, [b"\0"])),
        ("huge.gif", b"GIF89a" + b"\x60\xea" * 2 + bytes(3) + b"," + bytes(4) + b"\x60\xea" * 2 + b"\0\x02\0;"),
    ],
)
def test_refused_before_decoding_when_an_image_declares_too_many_pixels(bench: Bench, name: str, data: bytes) -> None:
    with pytest.raises(LimitExceeded, match=f"^{name}.* 100 megapixels"):
        bench.run((name, data))


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("b.jpg", "JPEG"),
        ("b.png", "PNG"),
        ("b.gif", "GIF"),
        ("b.bmp", "BMP"),
        ("b.tiff", "TIFF"),
        ("b.webp", "WEBP"),
        ("b.heic", "HEIF"),
    ],
)
def test_refused_by_name_when_one_of_many_files_is_cut_short(bench: Bench, name: str, format_name: str) -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    broken = saved(noise, format_name)[:-2_000]

    with pytest.raises(CorruptDocument, match=rf"^{name} "):
        bench.run(("a.png", saved(picture(), "PNG")), (name, broken), ("c.png", saved(picture(), "PNG")))


def test_refused_when_the_bytes_are_of_another_format_than_declared(bench: Bench) -> None:
    with pytest.raises(CorruptDocument):
        bench.run(("a.png", saved(picture(), "GIF")))
