"""What a Word document holds in another format, and Writer leaves out, is counted."""

import zipfile
from pathlib import Path

import pytest

from chalicelib.engines.job import InputFile
from chalicelib.engines.office.links import foreign_parts, foreign_warnings

_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"


@pytest.mark.parametrize(
    ("targets", "count"), [(["chunk.html"], 1), (["/word/a.mht", "b.rtf", "c.docx"], 2), (["c.docx"], 0), ([], 0)]
)
def test_html_in_place_of_text_is_counted_and_a_word_part_is_not(
    tmp_path: Path, targets: list[str], count: int
) -> None:
    path = tmp_path / "letter.docx"
    relations = "".join(f'<Relationship Id="r{one}" Type="{_TYPE}" Target="{one}"/>' for one in targets)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{relations}</Relationships>")
    assert foreign_parts(InputFile(path, path.name, "docx")) == count
    assert len(foreign_warnings(count)) == bool(count)
