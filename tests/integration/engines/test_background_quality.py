"""Two models joined: the fine one's edges, what it missed, and pictures on which there is nothing to cut out."""

import json
import random

import pytest
from PIL import Image, ImageStat

from tests.integration.engines.image_files import Bench, ball, planks, saved
from tests.integration.engines.test_background_models import in_engine, pytestmark

__all__ = ["pytestmark"]


def test_subject_stays_and_both_models_are_named_when_no_model_is_asked_for(cutter: Bench) -> None:
    cutter.defaults.clear()
    outcome = cutter.run(("photo.png", saved(ball(320, 240, planks(320, 240)), "PNG")))

    with Image.open(cutter.output) as cut:
        assert cut.getpixel((160, 120))[3] > 250  # type: ignore[index]
        assert cut.getpixel((5, 5)) == (0, 0, 0, 0)
    assert outcome.report["model"] == "quality"
    assert outcome.report["networks"] == ["isnet-general-use", "u2netp"]
    assert outcome.warnings == ()


def grey() -> Image.Image:
    return Image.new("RGB", (320, 240), (128, 128, 128))


def noise() -> Image.Image:
    return Image.frombytes("RGB", (320, 240), random.Random(7).randbytes(320 * 240 * 3))


@pytest.mark.parametrize(
    ("picture", "model"), [(grey, "quality"), (noise, "quality"), (grey, "fast"), (Image.new("RGB", (9, 9)), "fur")]
)
def test_nothing_stays_and_it_is_said_when_a_picture_has_no_subject(cutter: Bench, picture: object, model: str) -> None:
    image = picture() if callable(picture) else picture
    assert isinstance(image, Image.Image)
    outcome = cutter.run(("plain.png", saved(image, "PNG")), model=model)

    with Image.open(cutter.output) as cut:
        assert cut.getchannel("A").getextrema() == (0, 0)
    assert outcome.warnings == ("plain.png: no foreground was found.",)
    assert outcome.report["foreground_share"] == 0


def test_only_the_soft_edge_is_refined_when_fur_is_asked_for(cutter: Bench) -> None:
    photo = ("photo.png", saved(ball(), "PNG"))
    outcome = cutter.run(photo, model="fur")

    assert outcome.report["alpha_matting_size"] == [240, 160]
    with Image.open(cutter.output) as cut:
        assert cut.getpixel((120, 80))[3] == 255  # type: ignore[index]
        assert ImageStat.Stat(cut.getchannel("A").crop((0, 0, 30, 160))).extrema == [(0, 0)]


JOINED = """
import json
from PIL import Image
from chalicelib.engines.background.joined import joined
def mask(*boxes):
    image = Image.new("L", (1024, 1024))
    for box, value in boxes:
        image.paste(value, box)
    return image
def kept(fine, coarse):
    found = joined(fine, coarse.resize((320, 320)))
    return [found.getpixel(at) for at in ((200, 500), (700, 500))]
left, right = (100, 300, 400, 700), (600, 300, 900, 700)
ground = (0, 400, 1024, 1024)
print(json.dumps({
    "missed": kept(mask((left, 255), (right, 20), ((600, 300, 640, 340), 200)), mask((left, 255), (right, 255))),
    "unseen": kept(mask((left, 255)), mask((left, 255), (right, 255))),
    "doubtful": kept(mask((left, 255), (right, 20), ((600, 300, 640, 340), 200)), mask((left, 255), (right, 190))),
    "thin": kept(mask((left, 255), ((690, 300, 700, 340), 200)), mask((left, 255), ((690, 300, 710, 700), 255))),
    "ground": kept(mask((ground, 140)), mask((ground, 255))),
    "elsewhere": kept(mask(((150, 400, 350, 600), 255)), mask((right, 255))),
    "trace": kept(mask(((195, 495, 215, 515), 255)), mask(((690, 490, 720, 520), 255))),
    "small": kept(mask(((190, 490, 220, 520), 255)), mask(((188, 488, 222, 522), 255))),
}))
"""


def test_a_part_is_restored_only_when_one_model_is_certain_and_the_other_saw_a_piece() -> None:
    assert json.loads(in_engine(JOINED)) == {
        "missed": [255, 255],
        "unseen": [255, 0],
        "doubtful": [255, 5],
        "thin": [255, 0],
        "ground": [0, 0],
        "elsewhere": [0, 0],
        "trace": [0, 0],
        "small": [255, 0],
    }


FURRY = """
import json, math, random
import numpy
from PIL import Image, ImageDraw, ImageFilter
from chalicelib.engines.background.soft_edges import refined
rng = random.Random(1)
true = Image.new("L", (720, 720))
draw = ImageDraw.Draw(true)
draw.ellipse((180, 180, 540, 540), fill=255)
for _ in range(900):
    turn, long = rng.uniform(0, math.tau), rng.uniform(170, 240)
    draw.line((360, 360, 360 + long * math.cos(turn), 360 + long * math.sin(turn)), fill=255, width=3)
true = true.resize((240, 240), Image.Resampling.BOX)
plain = Image.linear_gradient("L").resize((240, 240)).point([60 + value // 8 for value in range(256)])
wall = Image.effect_noise((240, 240), 90)
hard = Image.new("L", (240, 240))
ImageDraw.Draw(hard).ellipse((60, 60, 180, 180), fill=255)
def change(mask, behind, blur):
    photo = Image.composite(Image.new("RGB", true.size, (210, 160, 90)), behind.convert("RGB"), mask)
    rough = mask.filter(ImageFilter.GaussianBlur(blur))
    def wrong(found):
        return float(abs(numpy.asarray(found, dtype=float) - numpy.asarray(mask)).mean())
    return wrong(refined(photo, rough)) / wrong(rough)
print(json.dumps([change(true, plain, 5), change(true, wall, 5), change(hard, plain, 0.6)]))
"""


def test_an_edge_follows_its_colours_only_when_it_is_soft_and_what_is_behind_it_plain() -> None:
    """How much of a rough mask's error is left."""
    furry, before_noise, hard = json.loads(in_engine(FURRY))

    assert furry < 0.7
    assert before_noise == hard == 1
