"""Where an image stands on its page: resolution, paper, orientation, margin."""

import pytest
from PIL import Image

from chalicelib.domain.errors import DocumentRefused
from tests.integration.engines.image_files import ENGINES_HOME, Bench, picture, saved, turned
from tests.integration.engines.pdf_pages import box, pages, placement

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "light").is_dir(), reason="the light engine is not installed")

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)


@pytest.mark.parametrize(
    ("dpi", "size"),
    [
        ((300, 300), (48, 24)),
        ((200, 100), (72, 72)),
        (None, (150, 75)),
        ((1, 1), (150, 75)),
        ((60_000, 60_000), (150, 75)),
    ],
)
def test_page_has_the_images_size_when_its_resolution_is_sensible(
    bench: Bench, dpi: tuple[int, int] | None, size: tuple[float, float]
) -> None:
    outcome = bench.run(("scan.jpg", saved(picture(200, 100), "JPEG", **({"dpi": dpi} if dpi else {}))))

    assert box(pages(bench.output)[0]) == pytest.approx(size, abs=0.01)
    sensible = dpi and 20 <= dpi[0] <= 4_800
    assert outcome.report["images"][0]["dpi"] == (list(dpi) if dpi and sensible else [96, 96])


@pytest.mark.parametrize(
    ("pixels", "size"), [((30_000, 2), (14_400, 3)), ((1, 1), (3, 3)), ((20_000, 1_000), (14_400, 720))]
)
def test_page_is_within_the_limits_of_pdf_when_the_image_is_extreme(
    bench: Bench, pixels: tuple[int, int], size: tuple[float, float]
) -> None:
    bench.run(("odd.png", saved(Image.new("L", pixels), "PNG")))

    (page,) = pages(bench.output)
    assert box(page) == pytest.approx(size, abs=0.01)
    assert placement(page)[0] == pytest.approx(size[0], abs=0.01)


@pytest.mark.parametrize(
    ("name", "millimetres"),
    [
        ("A0", (841, 1189)),
        ("A3", (297, 420)),
        ("A4", (210, 297)),
        ("A6", (105, 148)),
        ("B5", (176, 250)),
        ("Letter", (215.9, 279.4)),
        ("Legal", (215.9, 355.6)),
        ("Tabloid", (279.4, 431.8)),
    ],
)
def test_image_fills_the_paper_when_page_size_names_one(
    bench: Bench, name: str, millimetres: tuple[float, float]
) -> None:
    bench.run(("small.png", saved(picture(10, 20), "PNG")), page_size=name)

    (page,) = pages(bench.output)
    width, height = millimetres[0] * MM, millimetres[1] * MM
    assert box(page) == pytest.approx((width, height), abs=0.01)
    across, _, _, up, left, bottom = placement(page)
    assert up == pytest.approx(2 * across, rel=1e-3)
    assert max(across / width, up / height) == pytest.approx(1, rel=1e-3)
    assert (left, bottom) == pytest.approx(((width - across) / 2, (height - up) / 2), abs=0.01)


@pytest.mark.parametrize(
    ("orientation", "pixels", "landscape"),
    [
        ("auto", (20, 10), True),
        ("auto", (10, 20), False),
        ("portrait", (20, 10), False),
        ("landscape", (10, 20), True),
    ],
)
def test_paper_is_turned_as_asked_when_orientation_is_given(
    bench: Bench, orientation: str, pixels: tuple[int, int], landscape: bool
) -> None:
    bench.run(("a.png", saved(picture(*pixels), "PNG")), page_size="A4", orientation=orientation)

    assert box(pages(bench.output)[0]) == pytest.approx(A4[::-1] if landscape else A4, abs=0.01)


def test_paper_follows_the_upright_image_when_exif_turns_it(bench: Bench) -> None:
    bench.run(("a.jpg", saved(picture(20, 10), "JPEG", exif=turned(6))), page_size="A4")

    assert box(pages(bench.output)[0]) == pytest.approx(A4, abs=0.01)


def test_orientation_is_said_to_be_ignored_when_the_page_is_the_image(bench: Bench) -> None:
    outcome = bench.run(("a.png", saved(picture(96, 48), "PNG")), orientation="portrait")

    assert box(pages(bench.output)[0]) == (72, 36)
    assert outcome.warnings == ("orientation was ignored: with page_size fit each page has the shape of its image.",)


@pytest.mark.parametrize(
    ("page_size", "pixels", "size"),
    [
        ("A4", (96, 192), A4),
        ("A4", (192, 191), A4[::-1]),
        ("A4", (190, 192), A4),
        ("fit", (96, 192), (72 + 30 * MM, 144 + 30 * MM)),
    ],
)
def test_margin_stays_free_when_asked(
    bench: Bench, page_size: str, pixels: tuple[int, int], size: tuple[float, float]
) -> None:
    bench.run(("a.png", saved(picture(*pixels), "PNG")), page_size=page_size, margin=15.0)

    (page,) = pages(bench.output)
    assert box(page) == pytest.approx(size, abs=0.01)
    across, _, _, up, left, bottom = placement(page)
    assert min(left, bottom) == pytest.approx(15 * MM, abs=0.01)
    assert max(left + across - size[0], bottom + up - size[1]) == pytest.approx(-15 * MM, abs=0.01)


def test_refused_when_the_margin_leaves_no_room(bench: Bench) -> None:
    with pytest.raises(DocumentRefused, match=r"margin of 105 mm leaves no room .* A4"):
        bench.run(("a.png", saved(picture(), "PNG")), page_size="A4", margin=105)
