"""Has ConvertPro and pdf2docx convert the PDFs of a folder in turn, and prints how their times compare."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_PEER = ROOT / ".local/word-speed"
_PYTHONS = {"ConvertPro": ROOT / ".engines/tables/bin/python", "pdf2docx": _PEER / "bin/python"}

Took = dict[str, Any]


def main() -> None:
    """Print each program's sums, the ratios of documents that both converted, and the slowest three."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, help="with the PDFs; without any of your own, take tests' or downloads")
    arguments.add_argument("--longest", type=float, default=120.0, help="seconds after which a conversion has failed")
    chosen = arguments.parse_args()
    pdfs = sorted(chosen.folder.glob("*.pdf"))
    if not pdfs:
        sys.exit(f"There is no PDF in {chosen.folder}.")
    _install_peer()
    took: dict[str, dict[str, Took]] = defaultdict(dict)
    for at, pdf in enumerate(pdfs):
        for name in list(_PYTHONS)[:: 1 if at % 2 else -1]:
            took[name][pdf.stem] = _convert(name, pdf, chosen.longest)
    _report(took)


def _install_peer() -> None:
    if not (_PEER / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(_PEER)], check=True)
    requirements = str(Path(__file__).with_name("requirements.txt"))
    subprocess.run([str(_PEER / "bin/python"), "-m", "pip", "install", "--quiet", "-r", requirements], check=True)


def _convert(name: str, pdf: Path, longest_s: float) -> Took:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output.docx"
        command = [str(_PYTHONS[name]), "-m", "benchmarks.word_speed.child", name, str(pdf.resolve()), str(output)]
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=longest_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"wall_s": longest_s, "cpu_s": longest_s, "failed": "time"}
        took: Took = json.loads(done.stdout) if done.stdout else {"wall_s": 0.0, "cpu_s": 0.0, "failed": "crash"}
        return took if output.exists() else took | {"failed": took["failed"] or "no document"}


def _report(took: Mapping[str, Mapping[str, Took]]) -> None:
    ours, peers = took["ConvertPro"], took["pdf2docx"]
    both = [stem for stem in ours if not ours[stem]["failed"] and not peers[stem]["failed"]]
    for name, own in took.items():
        failed = sorted(stem for stem, one in own.items() if one["failed"])
        print(f"{name}: {len(own) - len(failed)} of {len(own)} converted; not {', '.join(failed) or 'any'}")
        for kind in ("wall_s", "cpu_s"):
            every, shared = _sum(own, list(own), kind), _sum(own, both, kind)
            print(f"  {kind}: {every:.1f} of all, {shared:.1f} of those that both convert")
        slowest = sorted(own, key=lambda stem: -own[stem]["wall_s"])[:3]
        print("  slowest: " + ", ".join(f"{stem} {own[stem]['wall_s']:.1f} s" for stem in slowest))
    for kind in ("wall_s", "cpu_s"):
        ratio = _sum(ours, both, kind) / max(0.001, _sum(peers, both, kind))
        print(f"ratio of {kind} on the {len(both)} that both convert: {ratio:.2f}")


def _sum(took: Mapping[str, Took], stems: Sequence[str], kind: str) -> float:
    return sum(float(took[stem][kind]) for stem in stems)


if __name__ == "__main__":
    main()
