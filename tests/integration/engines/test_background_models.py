"""Which models may remove a background: those installed of an allowed list, used as rembg itself uses them."""

import json
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from chalicelib.domain.errors import ModelUnavailable
from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME, MODELS_HOME, ROOT, Bench, ball, planks, saved

pytestmark = pytest.mark.skipif(
    not (ENGINES_HOME / "background").is_dir() or not (MODELS_HOME / "isnet-general-use.onnx").is_file(),
    reason="the background engine or its model is not installed",
)


def in_engine(script: str, *arguments: Path, models: Path = MODELS_HOME) -> str:
    """What ``script`` prints in the engine's environment."""
    command = [str(ENGINES_HOME / "background" / "bin" / "python"), "-c", script, *map(str, arguments)]
    environment = {"PYTHONPATH": str(ROOT), "U2NET_HOME": str(models), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


ALL = "quality, fast, fur, u2netp, isnet-general-use"

REMBG = """
import sys
from chalicelib.engines.background import packages
packages.enter("rembg")
import onnxruntime
from PIL import Image
from rembg.sessions.u2netp import U2netpSession
session = U2netpSession("u2netp", onnxruntime.SessionOptions())
for photo in sys.argv[1:]:
    (mask,) = session.predict(Image.open(photo))
    mask.save(photo + ".mask.png")
"""


PHOTOS = {
    "plain": ball(),
    "high": ball(90, 320),
    "large": ball(1_000, 700),
    "textured": ball(640, 480, planks(640, 480)),
}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photos as files, and beside each the mask that rembg itself makes of it."""
    folder = tmp_path_factory.mktemp("photos")
    for name, photo in PHOTOS.items():
        photo.save(folder / f"{name}.png")
    in_engine(REMBG, *folder.iterdir())
    return folder


@pytest.mark.parametrize("name", PHOTOS)
def test_alpha_is_rembgs_own_when_the_same_model_is_used(cutter: Bench, given: Path, name: str) -> None:
    cutter.run(("photo.png", (given / f"{name}.png").read_bytes()), model="u2netp")

    with Image.open(cutter.output) as ours, Image.open(given / f"{name}.png.mask.png") as expected:
        assert ours.size == PHOTOS[name].size
        assert ImageStat.Stat(ImageChops.difference(ours.getchannel("A"), expected)).mean[0] / 255 <= 0.005


def test_another_model_is_used_when_it_is_installed_and_named(tmp_path: Path) -> None:
    """u2netp's weights under another name: both models see images of the same size."""
    models = tmp_path / "models"
    models.mkdir()
    for name in ("u2netp", "silueta"):
        shutil.copyfile(MODELS_HOME / "u2netp.onnx", models / f"{name}.onnx")
    engines = Engines(
        ENGINES_HOME, ROOT, extra_environment={"chalicelib.engines.background.engine": {"U2NET_HOME": str(models)}}
    )
    cutter = Bench(engines, "chalicelib.engines.background.engine", "remove_background", tmp_path)
    photo = ("photo.png", saved(ball(), "PNG"))
    try:
        assert cutter.run(photo, model="silueta").report["model"] == "silueta"
        with pytest.raises(ModelUnavailable, match=r"Installed: fast, u2netp, silueta\."):
            cutter.run(photo, model="quality")
    finally:
        engines.close()


@pytest.mark.parametrize(
    "name", ["u2net", "bria-rmbg", "u2net_custom", "u2net_cloth_seg", "withoutbg", "../u2netp", "/etc/passwd", "U2NETP"]
)
def test_refused_with_the_installed_ones_when_a_model_is_not_among_them(cutter: Bench, name: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        cutter.run(("photo.png", saved(ball(), "PNG")), model=name)

    assert caught.value.detail == f"The model {name!r} is not available here. Installed: {ALL}."


def test_nothing_is_downloaded_when_no_model_is_installed(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    environment = {"chalicelib.engines.background.engine": {"U2NET_HOME": str(models)}}
    engines = Engines(ENGINES_HOME, ROOT, extra_environment=environment)
    empty = Bench(engines, "chalicelib.engines.background.engine", "remove_background", tmp_path)
    try:
        with pytest.raises(ModelUnavailable, match="No model is installed"):
            empty.run(("photo.png", saved(ball(), "PNG")))
    finally:
        engines.close()

    assert list(models.iterdir()) == []


DOWNLOAD = """
from chalicelib.engines.background import models
try:
    models.session("u2net")
except RuntimeError as error:
    print(error)
"""


def test_downloading_is_impossible_when_rembg_itself_would(tmp_path: Path) -> None:
    assert in_engine(DOWNLOAD, models=tmp_path).strip() == "weights are never downloaded"


SIZES = """
import json, sys, types
import numpy
from PIL import Image
from chalicelib.engines.background import models
seen = {}
class Recorder:
    def get_inputs(self):
        return [types.SimpleNamespace(name="input")]
    def run(self, _outputs, given):
        seen[name] = list(given["input"].shape)
        return [numpy.linspace(0, 1, 16).reshape(1, 1, 4, 4)]
for name in models.SIZES:
    session = models.sessions[name].__new__(models.sessions[name])
    session.inner_session = Recorder()
    session.predict(Image.new("RGB", (8, 8)))
print(json.dumps([seen, {name: [1, 3, height, width] for name, (width, height) in models.SIZES.items()}]))
"""


def test_every_allowed_model_gets_the_size_that_rembg_gives_it() -> None:
    seen, expected = json.loads(in_engine(SIZES))

    assert seen == expected


ABANDONED = """
import os, socket
from PIL import Image
from chalicelib.engines.background import inference, models
asked = inference.Inference()
asked.start()
def in_child(work):
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    os.waitpid(child, 0)
def ask_and_die():
    socket.recv_fds = lambda *_: os._exit(0)
    asked.mask("u2netp", Image.merge("RGB", [Image.linear_gradient("L")] * 3))
def ask():
    image = Image.merge("RGB", [Image.radial_gradient("L").resize((320, 320))] * 3)
    expected = models.foreground("u2netp", image.tobytes())
    print(asked.mask("u2netp", image).tobytes() == expected, flush=True)
in_child(ask_and_die)
in_child(ask)
"""


def test_answer_is_ones_own_when_an_earlier_child_died_before_its_answer_came() -> None:
    assert in_engine(ABANDONED).strip() == "True"


IMPORTED = """
import sys
from chalicelib.engines.background import engine
print(sorted({"numba", "pymatting", "skimage", "requests"} & set(sys.modules)))
"""


def test_nothing_slow_is_imported_when_the_engine_starts() -> None:
    assert in_engine(IMPORTED).strip() == "[]"


def test_profile_stays_with_the_pixels_when_the_photo_has_one(cutter: Bench) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cutter.run(("photo.jpg", saved(ball(), "JPEG", icc_profile=profile)))

    with Image.open(cutter.output) as image:
        assert image.info["icc_profile"] == profile


def test_two_photos_are_cut_out_when_they_come_at_the_same_time(cutter: Bench, tmp_path: Path) -> None:
    benches = [Bench(cutter.engines, cutter.engine, cutter.action, tmp_path / name) for name in ("one", "two")]
    sizes = [(240, 160), (160, 240)]
    threads = []
    for bench, size in zip(benches, sizes, strict=True):
        bench.folder.mkdir()
        threads.append(threading.Thread(target=bench.run, args=(("photo.png", saved(ball(*size), "PNG")),)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for bench, size in zip(benches, sizes, strict=True):
        with Image.open(bench.output) as image:
            assert image.size == size
