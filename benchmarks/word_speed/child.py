"""Converts one PDF with one program and prints what it took as JSON: run in that program's environment."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def _ours(path: Path, output: Path) -> Callable[[], None]:
    from chalicelib.engines.job import InputFile, Job
    from chalicelib.engines.word.engine import convert

    job = Job("pdf_to_docs", (InputFile(path, path.name, "pdf"),), output, output.parent)
    return lambda: void(convert(job, lambda *_: None))


def _pdf2docx(path: Path, output: Path) -> Callable[[], None]:
    from pdf2docx import Converter  # type: ignore[import-not-found]

    def run() -> None:
        converter = Converter(str(path))
        converter.convert(str(output))
        converter.close()

    return run


def void(_: object) -> None:
    """Nothing."""


CONVERTERS: dict[str, Callable[[Path, Path], Callable[[], None]]] = {"ConvertPro": _ours, "pdf2docx": _pdf2docx}


def main() -> None:
    """Convert; importing the program is not measured, as a service has it imported."""
    prepared = CONVERTERS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    started, before = time.monotonic(), _cpu_s()
    failed = None
    try:
        prepared()
    except Exception as error:  # noqa: BLE001 - whatever a program raises, it has not converted the document
        failed = type(error).__name__
    took = {"wall_s": time.monotonic() - started, "cpu_s": _cpu_s() - before, "failed": failed}
    os.write(answer, json.dumps(took).encode())


def _cpu_s() -> float:
    every = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in every)


if __name__ == "__main__":
    main()
