"""What a removed page leaves behind: nothing of itself, nothing that leads to it, and everything else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME
from tests.integration.engines.page_bench import PageBench
from tests.integration.engines.tangled_pdf import tangled

pytestmark = pytest.mark.skipif(not (ENGINES_HOME / "light").is_dir(), reason="the light engine is not installed")


@pytest.fixture
def page_bench(engines: Engines, tmp_path: Path) -> PageBench:
    return PageBench(engines, tmp_path)


@pytest.fixture
def result(page_bench: PageBench) -> PdfReader:
    page_bench.run(tangled(), "2")
    return page_bench.result()


def test_no_object_holds_anything_of_a_removed_page_when_it_was_tied_to_all_others(page_bench: PageBench) -> None:
    page_bench.run(tangled(), "2")

    assert b"SECRET" not in page_bench.everything()
    assert page_bench.texts() == ["alpha\nform one", "omega"]


def test_nothing_dangles_when_a_page_is_removed(page_bench: PageBench) -> None:
    page_bench.run(tangled(), "2")

    assert page_bench.dangling() == []


def test_warnings_count_what_went_when_bookmarks_links_and_fields_led_to_a_removed_page(page_bench: PageBench) -> None:
    outcome = page_bench.run(tangled(), "2")

    counted, xfa, private = outcome.warnings
    assert "2 bookmarks to removed pages, 2 links to removed pages, 3 form fields of removed pages" in counted
    assert "XFA" in xfa
    assert "Private data" in private


def test_outline_keeps_the_items_of_kept_pages_when_their_chapter_goes(result: PdfReader) -> None:
    root: Any = result.root_object

    first = root["/Outlines"]["/First"]
    second, third = first["/Next"], first["/Next"]["/Next"]
    assert [item["/Title"] for item in (first, second, third)] == ["Alpha", "Section on page three", "Omega"]
    assert [item["/Dest"][0].get_object() for item in (first, second)] == list(result.pages)
    assert third["/Dest"] == "three"
    assert root["/Outlines"]["/Last"] == third
    assert "/Next" not in third
    assert (root["/Outlines"]["/Count"], root["/PageMode"]) == (3, "/UseOutlines")


def test_named_destinations_are_those_of_kept_pages_when_a_page_is_removed(result: PdfReader) -> None:
    root: Any = result.root_object

    one, to_one, three, to_three = root["/Names"]["/Dests"]["/Names"]
    assert (one, three) == ("one", "three")
    assert [to_one[0].get_object(), to_three["/D"][0].get_object()] == list(result.pages)
    assert list(root["/Dests"]) == ["/OldOne"]


def test_links_lead_where_they_led_when_that_page_stays(result: PdfReader) -> None:
    links = [one for one in _annotations(result, 0) if one["/Subtype"] == "/Link"]

    by_name, with_uri, by_index = links
    assert by_name["/Dest"] == "three"
    assert (with_uri["/A"]["/S"], with_uri["/A"]["/URI"]) == ("/URI", "https://example.org/")
    assert by_index["/Dest"][0].get_object() == result.pages[1]


def test_annotation_belongs_to_its_page_when_it_said_it_was_on_the_removed_one(result: PdfReader) -> None:
    (stamp,) = (one for one in _annotations(result, 0) if one["/Subtype"] == "/Stamp")

    assert stamp["/P"] == result.pages[0]


def test_form_keeps_the_fields_that_kept_pages_show_when_a_page_is_removed(result: PdfReader) -> None:
    form: Any = result.root_object["/AcroForm"]

    fields = [field.get_object() for field in form["/Fields"]]
    assert [field["/T"] for field in fields] == ["on both", "never shown"]
    assert [kid.get_object()["/P"] for kid in fields[0]["/Kids"]] == [result.pages[0]]
    assert [one.get_object()["/T"] for one in form["/CO"]] == ["on both"]
    assert "/F1" in form["/DR"]["/Font"]


def test_structure_tree_holds_the_kept_pages_when_a_page_is_removed(result: PdfReader) -> None:
    root: Any = result.root_object["/StructTreeRoot"]

    paragraph, section = (kid.get_object() for kid in root["/K"][0]["/K"])
    assert (paragraph["/S"], paragraph["/ActualText"], paragraph["/Pg"]) == ("/P", "alpha", result.pages[0])
    assert section["/K"][0]["/Pg"] == result.pages[1]
    assert root["/ParentTree"]["/Nums"][::2] == [0, 2]
    assert root["/IDTree"]["/Names"][::2] == ["t"]


def test_article_runs_on_over_the_gap_when_a_page_of_it_is_removed(result: PdfReader) -> None:
    (thread,) = (one.get_object() for one in result.root_object["/Threads"])  # type: ignore[attr-defined]

    first = thread["/F"]
    assert [first["/P"], first["/N"]["/P"]] == list(result.pages)
    assert first["/N"]["/N"] == first == first["/V"]["/N"]


def test_page_keeps_label_boxes_and_rotation_when_one_before_it_is_removed(result: PdfReader) -> None:
    assert result.page_labels == ["i", "A-9"]
    assert [page.rotation for page in result.pages] == [90, 0]
    assert [list(page.mediabox) for page in result.pages] == [[0, 0, 300, 400]] * 2
    assert list(result.pages[0].cropbox) == [5, 5, 295, 395]


def test_document_keeps_metadata_and_attachments_when_a_page_is_removed(result: PdfReader) -> None:
    root: Any = result.root_object

    assert result.metadata is not None
    assert result.metadata.title == "Kept title"
    assert result.attachments == {"notes.txt": [b"attached words"]}
    assert (root["/Lang"], root["/Metadata"].get_data()) == ("en", b"<x:xmpmeta/>")
    assert "/OpenAction" not in root


def _annotations(result: PdfReader, page: int) -> Iterator[Any]:
    annotations: Any = result.pages[page]["/Annots"]
    return (one.get_object() for one in annotations)
