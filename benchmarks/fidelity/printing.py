"""Documents as PDFs: printed by Chromium, as DOCX by LibreOffice, and set by LaTeX."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.fidelity.latex import latex
from benchmarks.fidelity.tables import Page


def printed(pages: Sequence[Page], folder: Path) -> Iterator[tuple[str, Page, Path]]:
    """Each page with what printed it and the PDF; a program that is not installed prints none."""
    for page in pages:
        (folder / f"{page.name}.html").write_text(page.html, encoding="utf-8")
    yield from (("chromium", page, pdf) for page, pdf in _chromium(pages, folder))
    yield from (("docx", page, pdf) for page, pdf in _writer(pages, folder))
    yield from (("latex", page, pdf) for page, pdf in _latex(pages, folder))


def _chromium(pages: Sequence[Page], folder: Path) -> Iterator[tuple[Page, Path]]:
    for page in pages:
        target = folder / f"chromium-{page.name}.pdf"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        if _run("chromium", *flags, f"--print-to-pdf={target}", (folder / f"{page.name}.html").as_uri()):
            yield page, target


def _writer(pages: Sequence[Page], folder: Path) -> Iterator[tuple[Page, Path]]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    sources = [str(folder / f"{page.name}.html") for page in pages]
    docx = ["--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder)]
    if not _run("soffice", profile, "--headless", *docx, *sources):
        return
    documents = [str(folder / f"{page.name}.docx") for page in pages]
    _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *documents)
    yield from ((page, pdf) for page in pages if (pdf := folder / f"{page.name}.pdf").exists())


def _latex(pages: Sequence[Page], folder: Path) -> Iterator[tuple[Page, Path]]:
    for page in pages:
        source = folder / f"latex-{page.name}.tex"
        source.write_text(latex(page), encoding="utf-8")
        command = ["pdflatex", "-interaction=batchmode", "-no-shell-escape", f"-output-directory={folder}", str(source)]
        if any(page.around) and _run(*command) and _run(*command):
            yield page, source.with_suffix(".pdf")


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=600).returncode == 0
    except FileNotFoundError:
        return False
