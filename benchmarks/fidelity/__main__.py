"""Makes documents with known tables, has every program read them, and prints how much of the tables came out."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.fidelity.printing import printed
from benchmarks.fidelity.scoring import f1
from benchmarks.fidelity.tables import Page, pages

ROOT = Path(__file__).resolve().parents[2]
_ENGINE = ROOT / ".engines/tables/bin/python"
_PEERS = ROOT / ".local/fidelity"
_SYSTEMS = {
    "ConvertPro": _ENGINE,
    "PyMuPDF": _ENGINE,
    "Camelot hybrid": _PEERS / "bin/python",
    "pdfplumber": _PEERS / "bin/python",
}


def main() -> None:
    """Print a table: the macro F1 of each program on what each printed, and seconds of processor time a document."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--without-peers", action="store_true", help="install nothing; PyMuPDF is there anyway")
    chosen = arguments.parse_args()
    if not chosen.without_peers:
        _install_peers()
    with tempfile.TemporaryDirectory() as folder:
        documents = list(printed(pages(chosen.seed), Path(folder)))
        if not documents:
            sys.exit("Neither chromium nor soffice is installed: there is nothing to read.")
        for name, python in _SYSTEMS.items():
            if python.exists():
                _report(name, documents, _read(name, python, [pdf for _, _, pdf in documents]))


def _install_peers() -> None:
    if not (_PEERS / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(_PEERS)], check=True)
    requirements = str(Path(__file__).with_name("requirements.txt"))
    subprocess.run([str(_PEERS / "bin/python"), "-m", "pip", "install", "--quiet", "-r", requirements], check=True)


def _read(name: str, python: Path, pdfs: Sequence[Path]) -> list[dict[str, Any]]:
    command = [str(python), "-m", "benchmarks.fidelity.reader", name, *map(str, pdfs)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]


def _report(name: str, documents: Sequence[tuple[str, Page, Path]], answers: Sequence[dict[str, Any]]) -> None:
    scores: dict[str, list[float]] = defaultdict(list)
    for (printer, page, _), answer in zip(documents, answers, strict=True):
        tables = [[(r0, c0, r1, c1, text) for r0, c0, r1, c1, text in table] for table in answer["tables"]]
        scores[printer].append(f1(page.tables, tables))
        scores["all"].append(scores[printer][-1])
    figures = "  ".join(f"{printer} {sum(found) / len(found):.3f}" for printer, found in sorted(scores.items()))
    cpu_s = sum(answer["cpu_s"] for answer in answers) / len(answers)
    print(f"{name:16s} F1: {figures}  zero: {sum(one == 0 for one in scores['all'])}  {cpu_s:.2f} s a document")


if __name__ == "__main__":
    main()
