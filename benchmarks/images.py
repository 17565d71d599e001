"""Image to PDF against the img2pdf library alone, on photographs: `.venv/bin/python -m benchmarks.images`.

Makes JPEGs of about 3 MB. In turn the engine converts them, as a worker runs it, and img2pdf converts the same files to
a file: in a process that has done so before and has its memory already, and in a fresh child of it each time, since the
engine has one for each job. Prints the medians of the seconds, and the engine's processor time over a fresh child's,
which on a busy machine tells more; as its last line the ratios, which are to stay at or below 1.5. It needs no service.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from PIL import Image

from chalicelib.engines.budget import processor_s
from chalicelib.engines.job import InputFile, Job
from chalicelib.engines.process import Engines

ROOT = Path(__file__).resolve().parents[1]
ENGINE = "chalicelib.engines.images.engine"
PLAIN = """
import os, sys, time, img2pdf
def convert(target, sources):
    with open(target, "wb") as output:
        img2pdf.convert(*sources, outputstream=output)
for line in sys.stdin:
    how, target, *sources = line.rstrip().split("\\t")
    began, used = time.perf_counter(), 0
    if how == "warm":
        convert(target, sources)
    elif child := os.fork():
        usage = os.wait4(child, 0)[2]
        used = usage.ru_utime + usage.ru_stime
    else:
        convert(target, sources)
        os._exit(0)
    print(time.perf_counter() - began, used, flush=True)
"""


def photograph(path: Path, seed: int) -> None:
    """A JPEG of about 3 MB that no two seeds share: a picture of soft shapes with grain."""
    dice = random.Random(seed)
    shapes = Image.frombytes("RGB", (40, 30), dice.randbytes(3_600)).resize((3_000, 2_250), Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", (1_500, 1_125), dice.randbytes(5_062_500)).resize(shapes.size)
    Image.blend(shapes, grain, 0.35).save(path, quality=88)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [folder / f"{number}.jpg" for number in range(arguments.files)]
        for number, path in enumerate(sources):
            photograph(path, number)
        size = statistics.mean(path.stat().st_size for path in sources)
        print(f"{len(sources)} JPEGs of {size / 1e6:.1f} MB on average, {arguments.runs} runs")
        ours, warm, fresh, used = _measure(folder, sources, arguments.runs)
    print(f"engine {ours:.3f} s, img2pdf warm {warm:.3f} s, in a fresh process {fresh:.3f} s")
    ratios = {"warm": ours / warm, "fresh": ours / fresh, "fresh_processor": used}
    print(json.dumps({name: round(ratio, 2) for name, ratio in ratios.items()}))


def _measure(folder: Path, sources: list[Path], runs: int) -> tuple[float, float, float, float]:
    """Median seconds of the engine, of the library warm and fresh; the ratio of processor time to the last one's."""
    engines = Engines(ROOT / ".engines", ROOT)
    library = subprocess.Popen(
        [ROOT / ".engines/light/bin/python", "-c", PLAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    rows: list[tuple[float, ...]] = []
    try:
        for run in range(runs + 2):
            ours, ours_used = _by_engine(engines, folder / f"run-{run}", sources, library.pid)
            warm, _ = _by_library(library, "warm", folder / f"warm-{run}.pdf", sources)
            rows.append((ours, warm, *_by_library(library, "fresh", folder / f"fresh-{run}.pdf", sources), ours_used))
    finally:
        engines.close()
        library.kill()
    columns = [list(column) for column in zip(*rows[2:], strict=True)]
    ours, warm, fresh = map(statistics.median, columns[:3])
    return ours, warm, fresh, sum(columns[4]) / sum(columns[3])


def _by_engine(engines: Engines, folder: Path, sources: list[Path], library: int) -> tuple[float, float]:
    """Seconds, and processor time of this process and the engine's."""
    (folder / "work").mkdir(parents=True)
    job = Job(
        action="image_to_pdf",
        inputs=tuple(InputFile(path, path.name, "jpg") for path in sources),
        output=folder / "output.pdf",
        workdir=folder / "work",
    )
    began, used = time.perf_counter(), _used_s(library)
    engines.run(ENGINE, job, lambda *_: None, threading.Event())
    told = time.perf_counter() - began, _used_s(library) - used
    job.output.unlink()
    return told


def _used_s(library: int) -> float:
    return processor_s(os.getpid()) - processor_s(library)


def _by_library(library: "subprocess.Popen[str]", how: str, target: Path, sources: list[Path]) -> tuple[float, float]:
    """Seconds, and processor time of a fresh child."""
    if library.stdin is None or library.stdout is None:
        raise RuntimeError("the library's process has no pipes")
    print(how, target, *sources, sep="\t", file=library.stdin, flush=True)
    seconds, used = map(float, library.stdout.readline().split())
    target.unlink()
    return seconds, used


if __name__ == "__main__":
    main()
