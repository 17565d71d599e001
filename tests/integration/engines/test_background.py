"""Remove background as a client gets it: the cut-out, its options and formats; by the real engine and model."""

import io
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from chalicelib.domain.errors import ConversionTimeout, CorruptDocument, LimitExceeded
from chalicelib.engines.job import Limits
from tests.integration.engines.image_files import ENGINES_HOME, MODELS_HOME, Bench, ball, png, saved, turned

pytestmark = pytest.mark.skipif(
    not (ENGINES_HOME / "background").is_dir() or not (MODELS_HOME / "isnet-general-use.onnx").is_file(),
    reason="the background engine or its model is not installed",
)

MIDDLE, CORNER = (120, 80), (5, 5)
RED = (227, 56, 56)


def result(cutter: Bench) -> Image.Image:
    with Image.open(cutter.output) as image:
        image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean absolute difference, 0–255."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


KINDS = [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("bmp", "BMP"), ("tiff", "TIFF"), ("heic", "HEIF")]


@pytest.mark.parametrize(("kind", "format_name"), KINDS)
def test_only_the_subject_stays_when_a_photo_is_given(cutter: Bench, kind: str, format_name: str) -> None:
    outcome = cutter.run((f"photo.{kind}", saved(ball(), format_name)))

    cut = result(cutter)
    assert (cut.format, cut.mode, cut.size) == ("PNG", "RGBA", (240, 160))
    assert cut.getpixel(CORNER) == (0, 0, 0, 0)
    assert cut.getpixel(MIDDLE) == pytest.approx((*RED, 255), abs=12)
    assert outcome.warnings == ()


def test_report_tells_what_was_done_when_a_background_was_removed(cutter: Bench) -> None:
    outcome, seen = cutter.run_counting((("photo.png", saved(ball(), "PNG")),))

    report = outcome.report
    assert (report["engine"], report["model"]) == ("rembg", "fast")
    assert report["networks"] == ["u2netp"]
    assert report["engine_version"] == "2.0.86"
    assert (report["width"], report["height"]) == (240, 160)
    assert report["foreground_share"] == pytest.approx(0.22, abs=0.03)
    assert report["alpha_matting_size"] is None
    assert seen == [(1, 1, "files")]


def test_background_leaves_nothing_behind_when_it_is_transparent(cutter: Bench) -> None:
    """Neither hidden under full transparency nor as a coloured rim: a black ball before green has no green in it."""
    photo = ball(behind=(0, 230, 0))
    cutter.run(("photo.png", saved(photo, "PNG")))

    cut = result(cutter)
    alpha = cut.getchannel("A")
    removed = alpha.point([255 * (value == 0) for value in range(256)])
    soft = alpha.point([255 * (30 < value < 225) for value in range(256)])
    assert ImageStat.Stat(cut.convert("RGB"), removed).extrema == [(0, 0)] * 3
    green_of_the_photo, green = (ImageStat.Stat(image.getchannel("G"), soft).mean[0] for image in (photo, cut))
    assert green < green_of_the_photo / 2


def test_subject_keeps_its_pixels_when_they_are_certain(cutter: Bench) -> None:
    cutter.run(("photo.png", saved(ball(), "PNG")))

    cut = result(cutter)
    opaque = cut.getchannel("A").point([255 * (value > 240) for value in range(256)])
    changed = ImageChops.difference(cut.convert("RGB"), ball())
    assert ImageStat.Stat(opaque).mean[0] > 10
    assert ImageStat.Stat(changed, opaque).extrema == [(0, 0)] * 3


def test_colour_is_behind_the_subject_when_background_names_one(cutter: Bench) -> None:
    cutter.run(("photo.png", saved(ball(), "PNG")), background="#12ab34")

    cut = result(cutter)
    assert cut.mode == "RGB"
    assert cut.getpixel(CORNER) == (0x12, 0xAB, 0x34)
    assert cut.getpixel(MIDDLE) == pytest.approx(RED, abs=12)


def test_same_pixels_come_as_lossless_webp_when_format_asks_so(cutter: Bench) -> None:
    photo = ("photo.png", saved(ball(), "PNG"))
    cutter.run(photo)
    expected = result(cutter)

    cutter.run(photo, format="webp")

    cut = result(cutter)
    assert cutter.output.read_bytes()[12:16] in (b"VP8L", b"VP8X")
    assert b"VP8 " not in cutter.output.read_bytes()
    assert cut.format == "WEBP"
    assert cut.tobytes() == expected.tobytes()


def test_refused_with_a_way_out_when_the_result_is_too_wide_for_webp(cutter: Bench) -> None:
    wide = saved(Image.new("RGB", (16_400, 4)), "PNG")

    with pytest.raises(LimitExceeded, match=r"16400 × 4 pixels, is too large for a WebP.*ask for png"):
        cutter.run(("wide.png", wide), format="webp")


def test_mask_is_the_alpha_of_the_cutout_when_only_the_mask_is_asked(cutter: Bench) -> None:
    photo = ("photo.png", saved(ball(), "PNG"))
    cutter.run(photo)
    expected = result(cutter).getchannel("A")

    cutter.run(photo, mask_only=True)

    assert result(cutter).mode == "L"
    assert result(cutter).tobytes() == expected.tobytes()


def test_rest_is_cut_off_when_crop_is_asked(cutter: Bench) -> None:
    outcome = cutter.run(("photo.png", saved(ball(), "PNG")), crop=True)

    width, height = result(cutter).size
    assert width == pytest.approx(106, abs=14)
    assert height == pytest.approx(106, abs=14)
    assert (outcome.report["width"], outcome.report["height"]) == (width, height)


def test_nothing_is_cut_off_and_it_is_said_when_there_is_no_foreground(cutter: Bench) -> None:
    """A picture that is transparent already has none, whatever the model sees in its hidden colours."""
    outcome = cutter.run(("empty.png", saved(Image.new("RGBA", (64, 48)), "PNG")), crop=True)

    assert result(cutter).size == (64, 48)
    assert outcome.warnings == ("empty.png: no foreground was found.",)
    assert outcome.report["foreground_share"] == 0


def test_edges_are_refined_when_alpha_matting_is_asked(cutter: Bench) -> None:
    photo = ("photo.png", saved(ball(), "PNG"))
    cutter.run(photo)
    plain = result(cutter)

    outcome = cutter.run(photo, alpha_matting=True)

    assert outcome.report["alpha_matting_size"] == [240, 160]
    assert outcome.warnings == ()
    assert 0 < difference(plain.getchannel("A"), result(cutter).getchannel("A")) < 10
    assert result(cutter).getpixel(CORNER) == (0, 0, 0, 0)


def test_matting_works_on_fewer_pixels_and_says_so_when_the_photo_is_large(cutter: Bench) -> None:
    outcome = cutter.run(("large.png", saved(ball(1_600, 900), "PNG")), alpha_matting=True)

    assert outcome.report["alpha_matting_size"] == [1_333, 750]
    assert outcome.warnings == ("large.png: alpha matting worked on 1333 × 750 pixels; its result was enlarged.",)
    assert result(cutter).size == (1_600, 900)
    assert result(cutter).getpixel((800, 450))[3] == 255  # type: ignore[index]


def test_models_own_mask_is_used_and_it_is_said_when_matting_finds_nothing_certain(cutter: Bench) -> None:
    tiny = saved(ball(12, 8), "PNG")

    outcome = cutter.run(("tiny.png", tiny), alpha_matting=True)

    assert "tiny.png: alpha matting found no solution; the model's own mask was used." in outcome.warnings
    assert outcome.report["alpha_matting_size"] is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_cutout_is_upright_when_exif_turns_the_photo(cutter: Bench, orientation: int) -> None:
    photo = ball(160, 120)
    photo.paste((10, 10, 120), (55, 20, 80, 60))
    data = saved(photo, "PNG", exif=turned(orientation))

    cutter.run(("photo.png", data), background="#ffffff")

    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    assert result(cutter).size == upright.size
    centre = (upright.width // 2 - 15, upright.height // 2 - 15, upright.width // 2 + 15, upright.height // 2 + 15)
    assert difference(result(cutter).crop(centre), upright.crop(centre)) < 3


def test_transparency_of_the_input_stays_when_it_had_some(cutter: Bench) -> None:
    photo = ball()
    photo.putalpha(Image.new("L", (240, 160), 255))
    photo.paste((0, 0, 0, 0), (120, 0, 240, 160))

    cutter.run(("half.png", saved(photo, "PNG")))

    alpha = result(cutter).getchannel("A")
    assert alpha.crop((100, 70, 120, 90)).getextrema()[0] > 240  # type: ignore[operator]
    assert alpha.crop((120, 0, 240, 160)).getextrema() == (0, 0)


NO_PROFILE = "its CMYK colours were converted to RGB without a profile"


def premultiplied() -> bytes:
    photo = ball()
    photo.putalpha(128)
    buffer = io.BytesIO()
    pillow_heif.encode("RGBa", photo.size, photo.convert("RGBa").tobytes(), buffer, quality=90)
    return buffer.getvalue()


def test_colours_are_right_when_they_come_multiplied_by_their_opacity(cutter: Bench) -> None:
    cutter.run(("glass.heic", premultiplied()))

    assert result(cutter).getpixel(MIDDLE) == pytest.approx((*RED, 128), abs=12)


def grey16() -> bytes:
    image = ball().convert("L")
    rows = [image.tobytes()[at : at + 240] for at in range(0, 240 * 160, 240)]
    return png((240, 160), 16, 0, [b"".join(bytes([value, 7]) for value in row) for row in rows])


@pytest.mark.parametrize(
    ("name", "data", "warning"),
    [
        ("deep.png", grey16(), "its more than 8 bits a channel were reduced to 8"),
        (
            "print.jpg",
            saved(ball().convert("CMYK"), "JPEG"),
            NO_PROFILE,
        ),
        (
            "print.tiff",
            saved(ball().convert("CMYK"), "TIFF"),
            NO_PROFILE,
        ),
        ("grey.jpg", saved(ball().convert("L"), "JPEG"), None),
        ("indexed.png", saved(ball().quantize(64), "PNG"), None),
    ],
)
def test_colours_are_right_and_a_change_is_said_when_they_are_not_plain_rgb(
    cutter: Bench, name: str, data: bytes, warning: str | None
) -> None:
    outcome = cutter.run((name, data), background="#ffffff")

    expected = ball().convert("L") if name in ("deep.png", "grey.jpg") else ball()
    centre = (100, 60, 140, 100)
    assert difference(result(cutter).crop(centre), expected.convert("RGB").crop(centre)) < 10
    assert outcome.warnings == ((f"{name}: {warning}.",) if warning else ())


@pytest.mark.parametrize(("kind", "options"), [("gif", {}), ("png", {}), ("webp", {"lossless": True})])
def test_first_frame_is_used_and_the_rest_said_when_an_image_moves(
    cutter: Bench, kind: str, options: dict[str, Any]
) -> None:
    data = saved(ball(), kind.upper(), save_all=True, append_images=[ImageOps.invert(ball())], **options)

    outcome = cutter.run((f"film.{kind}", data))

    assert result(cutter).getpixel(MIDDLE) == pytest.approx((*RED, 255), abs=25)
    assert outcome.warnings == (f"film.{kind}: only the first of its 2 frames was used; frames left out: 1.",)


def test_refused_by_name_when_the_photo_is_cut_short(cutter: Bench) -> None:
    with pytest.raises(CorruptDocument, match=r"^broken\.jpg can't be read as a JPEG image"):
        cutter.run(("broken.jpg", saved(Image.effect_noise((200, 200), 90), "JPEG")[:-2_000]))


def test_refused_before_decoding_when_the_photo_declares_too_many_pixels(cutter: Bench) -> None:
    with pytest.raises(LimitExceeded, match=r"^huge\.png .* 100 megapixels"):
        cutter.run(("huge.png", png((20_000, 20_000), 8, 0, [b"\0"])))


def test_next_photo_is_cut_out_when_the_one_before_was_ended_by_a_limit(cutter: Bench) -> None:
    photo = ("photo.png", saved(ball(), "PNG"))
    with pytest.raises(ConversionTimeout, match=r"longer than 0\.001 s"):
        cutter.run(photo, limits=Limits(timeout_s=0.001))
    # Larger than what the warm engine has let go of, which its child may take without asking for more.
    with pytest.raises(LimitExceeded, match=r"needs more memory than the 19\.1 MB"):
        cutter.run(("large.png", saved(ball(9_000, 8_000), "PNG")), limits=Limits(memory_bytes=20_000_000))

    cutter.run(photo)

    assert result(cutter).getpixel(MIDDLE) == pytest.approx((*RED, 255), abs=12)
