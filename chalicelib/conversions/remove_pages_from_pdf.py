"""Remove pages from a PDF."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from chalicelib.conversions.spec import ConversionSpec, OptionalPageRange, ProtectedOptions, Worker


class RemovePagesOptions(ProtectedOptions):
    """Options of ``remove-pages-from-pdf``: at least one of ``pages`` and ``remove_blank``."""

    pages: OptionalPageRange = None
    remove_blank: Annotated[bool, Field(description="Remove the pages on which nothing is drawn.")] = False

    @model_validator(mode="after")
    def _says_what_to_remove(self) -> Self:
        if self.pages is None and not self.remove_blank:
            raise PydanticCustomError("missing", "pages or remove_blank=true is needed: say which pages to remove")
        return self


SPEC = ConversionSpec(
    slug="remove-pages-from-pdf",
    action="pdf_page_remove",
    label="Remove pages from PDF",
    summary="Remove pages by number, blank ones, or both.",
    accepts=("pdf",),
    produces="pdf",
    options=RemovePagesOptions,
    worker=Worker.LIGHT,
    engine="chalicelib.engines.pages.engine",
)
