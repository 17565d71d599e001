"""The heights of a doc's empty lines are Word's."""

import struct
from pathlib import Path

import docx
import pytest
from docx.shared import Pt

from chalicelib.engines.job import InputFile
from chalicelib.engines.office.compound import CompoundFile
from chalicelib.engines.office.normaliser import normalise_text
from chalicelib.engines.office.word_binary import PAGE_BYTES, STREAM, WordBinary
from tests.integration.engines.libreoffice.office_bench import OfficeBench, store_as

FILLER = "The main stream of a document that Word wrote is no small one. " * 60
SIZE = 40


@pytest.fixture
def written_by_word(tmp_path: Path) -> Path:
    """A large line, an empty one of the ordinary size, one more.

    The run of the large letters ends with their line's mark: so stores Word, and LibreOffice does not.
    """
    document = docx.Document()
    document.add_paragraph().add_run("Large").font.size = Pt(SIZE)
    document.add_paragraph()
    document.add_paragraph("After")
    document.add_paragraph(FILLER)
    document.save(str(tmp_path / "a.docx"))
    path = tmp_path / "a.doc"
    store_as((tmp_path / "a.docx", "docx", "MS Word 97", path, None))
    file = CompoundFile(path)
    word = WordBinary(file)
    (page,) = word.pages
    bounds = word.bounds(page)
    run = next(one for one in range(1, len(bounds) - 1) if 0x4A43 in word.properties(page, one - 1, len(bounds) - 1))
    struct.pack_into("<I", word.data, page * PAGE_BYTES + 4 * run, bounds[run] + 2)
    path.write_bytes(file.replaced(STREAM, bytes(word.data)))
    return path


def test_an_empty_line_has_its_own_height_when_the_line_before_is_large(
    office: OfficeBench, written_by_word: Path
) -> None:
    result = office.convert(written_by_word)

    between = result.place_of("Large")[1] - result.place_of("After")[1]
    assert SIZE < between < SIZE * 2


@pytest.mark.parametrize("cut", [600, 2000, 5000])
def test_a_doc_stays_as_it_is_when_it_is_damaged(written_by_word: Path, cut: int) -> None:
    damaged = written_by_word.read_bytes()[:cut]
    written_by_word.write_bytes(damaged)

    normalise_text(InputFile(written_by_word, "a.doc", "doc"))

    assert written_by_word.read_bytes() == damaged
