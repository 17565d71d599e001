"""Writes a document as a .docx."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from chalicelib.engines.word.document.document import Document
from chalicelib.engines.word.document.inline import NoteKind
from chalicelib.engines.word.write.blocks import Flow
from chalicelib.engines.word.write.bookmarks import Bookmarks
from chalicelib.engines.word.write.fonts import font_table
from chalicelib.engines.word.write.inlines import comment_ends
from chalicelib.engines.word.write.notes import comments_part, notes_part, orphans, threads_part
from chalicelib.engines.word.write.numbering import Numbering
from chalicelib.engines.word.write.package import MAIN, OFFICE, Package, Part, word_type
from chalicelib.engines.word.write.paragraphs import tiny_paragraph
from chalicelib.engines.word.write.sections import Sections
from chalicelib.engines.word.write.settings import app_part, core_part, settings_part
from chalicelib.engines.word.write.story import Story, Writing
from chalicelib.engines.word.write.styles import StyleSheet
from chalicelib.engines.word.write.survey import survey
from chalicelib.engines.word.write.units import color
from chalicelib.engines.word.write.xml import root, w

_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_THREADS_RELATION = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"


def write(document: Document, path: Path) -> None:
    """Write ``document`` to ``path``. The body goes to the file as it is made. Raises ``OSError``."""
    package = Package(path)
    try:
        _Writer(document, package).write()
    except BaseException:
        package.abandon()
        raise
    package.close()


class _Writer:
    def __init__(self, document: Document, package: Package) -> None:
        found = survey(document)
        styles = StyleSheet(document, found.link_look)
        numbering = Numbering(document.lists, styles.normal.look)
        self._document = document
        self._families = found.families
        self._package = package
        self._writing = Writing(document, package, styles, numbering, Bookmarks(found.bookmarks))
        self._main = Part("word/document.xml")
        self._story = Story(self._writing, self._main, notes=True, comments=True)
        self._sections = Sections(self._writing, self._main)

    def write(self) -> None:
        """Write all parts."""
        package, document = self._package, self._document
        package.top.relate("officeDocument", "word/document.xml")
        package.add(self._main, MAIN, self._body())
        for one in self._sections.parts:
            package.add(one.part, word_type(one.kind), [one.text])
        kinds = self._notes()
        self._comments()
        self._part("styles", self._writing.styles.part())
        self._part("numbering", self._writing.numbering.part())
        self._part("fontTable", font_table(self._families))
        self._part("settings", settings_part(document, kinds))
        package.add(Part("docProps/core.xml"), _CORE_TYPE, [core_part(document)])
        package.top.relate(_CORE_RELATION, "docProps/core.xml")
        package.add(Part("docProps/app.xml"), _APP_TYPE, [app_part(document)])
        package.top.relate(OFFICE + "extended-properties", "docProps/app.xml")

    def _body(self) -> Iterator[str]:
        opening, closing = root("w:document")
        yield opening
        if self._document.page_color:
            yield w("background", color=color(self._document.page_color))
        yield "<w:body>"
        last = len(self._document.sections) - 1
        for at, section in enumerate(self._document.sections):
            flow = Flow(self._story)
            end = self._sections.end(section)
            yield from flow.write(section.blocks, end if at < last else "")
            if at == last:
                yield from self._leftovers()
                yield end
        yield "</w:body>" + closing

    def _leftovers(self) -> Iterator[str]:
        """Notes that nothing refers to, and comments that no text has: nothing is lost, or written twice."""
        left = list(orphans(self._writing))
        if left:
            yield from Flow(replace(self._story, notes=False)).write(left)
        for number in range(len(self._document.comments)):
            thread = self._writing.thread(number)
            if thread:
                starts = "".join(w("commentRangeStart", id=one) for one in thread)
                yield tiny_paragraph(starts + comment_ends(thread))

    def _notes(self) -> list[str]:
        """Write the parts of notes; their kinds."""
        used = {self._document.notes[one].kind for one in self._writing.notes}
        kinds = []
        for kind, name in ((NoteKind.FOOTNOTE, "footnote"), (NoteKind.ENDNOTE, "endnote")):
            if kind in used:
                part = Part(f"word/{name}s.xml")
                self._package.add(
                    part, word_type(f"{name}s"), notes_part(self._writing, kind, Story(self._writing, part))
                )
                self._main.relate(f"{name}s", "/" + part.name)
                kinds.append(name)
        return kinds

    def _comments(self) -> None:
        if not self._writing.comments:
            return
        self._part("comments", comments_part(self._writing))
        threads = threads_part(self._writing)
        if threads:
            self._package.add(Part("word/commentsExtended.xml"), word_type("commentsExtended"), [threads])
            self._main.relate(_THREADS_RELATION, "/word/commentsExtended.xml")

    def _part(self, kind: str, text: str | None) -> None:
        """Write a part that the body is related to, where there is anything in it."""
        if text is not None:
            self._package.add(Part(f"word/{kind}.xml"), word_type(kind), [text])
            self._main.relate(kind, f"/word/{kind}.xml")
