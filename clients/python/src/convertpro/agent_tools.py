"""What agents can have done: files of named folders converted, and points and history told."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from convertpro.agent_roots import Roots, partial_of, put
from convertpro.client_async import AsyncConvertPro
from convertpro.conversions import key_of
from convertpro.formats import extension_of, slug_of

Options = dict[str, str | bool | int | float | list[str]]


@dataclass(frozen=True)
class Converted:
    """A conversion that succeeded, and where its result lies."""

    output: str
    conversion_id: str
    points_charged: int
    remaining_balance: int | None
    warnings: list[str]
    report: dict[str, Any]


class Tools:
    """The tools, each a method: its docstring and annotations are what agents read.

    The same file with the same options costs once a day, however often an agent repeats itself.
    """

    def __init__(self, client: AsyncConvertPro, roots: Roots) -> None:
        self._client = client
        self._roots = roots

    async def convert_file(
        self,
        path: str,
        to: Literal["word", "excel", "pdf", "nobg"],
        output: str | None = None,
        options: Options | None = None,
        overwrite: bool = False,
    ) -> Converted:
        """Convert a file and save the result.

        path: a file as root/folder/name.ext. to: word or excel (from PDF), pdf (from Office documents, spreadsheets,
        presentations and images), nobg (a picture without its background). output: where the result goes, else beside
        the file. options: those of the conversion, such as {"pages": "1-3", "password": "…"}.
        """
        return await self._converted(path, to, output, options or {}, overwrite)

    async def extract_tables(
        self,
        path: str,
        pages: str | None = None,
        sheets: Literal["table", "page", "single"] = "table",
        password: str | None = None,
        output: str | None = None,
        overwrite: bool = False,
    ) -> Converted:
        """Write the tables of a PDF into an Excel workbook, scans included.

        pages: such as 1,3-5. sheets: a sheet for each table, for each page, or one for all. The report tells how many
        tables were found.
        """
        options = _given(pages=pages, sheets=sheets, password=password)
        return await self._converted(path, "pdf-to-excel", output, options, overwrite)

    async def remove_pages(
        self,
        path: str,
        pages: str | None = None,
        remove_blank: bool = False,
        password: str | None = None,
        output: str | None = None,
        overwrite: bool = False,
    ) -> Converted:
        """Remove pages of a PDF, with all that is on them: pages such as 1,3-5 or last, and blank ones."""
        options = _given(pages=pages, remove_blank=remove_blank or None, password=password)
        return await self._converted(path, "remove-pages-from-pdf", output, options, overwrite)

    async def remove_background(
        self,
        path: str,
        background: str = "transparent",
        crop: bool = False,
        image_format: Literal["png", "webp"] = "png",
        output: str | None = None,
        overwrite: bool = False,
    ) -> Converted:
        """Remove the background of a picture.

        background: transparent, or a colour such as #FFFFFF. crop: to what is left.
        """
        options = _given(background=background, crop=crop or None, format=image_format)
        return await self._converted(path, "remove-background", output, options, overwrite)

    async def get_balance(self) -> dict[str, int | None]:
        """Points that are left; null is unlimited."""
        return {"balance": await self._client.balance()}

    async def list_conversions(
        self, limit: int = 20, status: Literal["processing", "success", "failed"] | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        """What was converted, newest first, at most 200."""
        page = await self._client.list_conversions(limit=limit, status=status)
        return {"items": [asdict(one) for one in page.items]}

    async def _converted(
        self, path: str, to: str, output: str | None, options: Mapping[str, Any], overwrite: bool
    ) -> Converted:
        source = self._roots.source(path)
        slug = slug_of(source, to, options)
        beside = source.with_name(_name(source.stem, source.suffix, extension_of(slug, options)))
        target = self._roots.target(output or self._roots.name_of(beside), overwrite=overwrite)
        key = await asyncio.to_thread(key_of, slug, [source], options)
        done = await self._client.convert(source, slug, idempotency_key=key, **options)
        partial = partial_of(target)
        try:
            await done.save(partial)
            put(partial, target, overwrite=overwrite)
        finally:
            partial.unlink(missing_ok=True)
        return Converted(
            self._roots.name_of(target),
            done.conversion_id,
            done.points_charged,
            done.remaining_balance,
            done.warnings,
            done.report,
        )


def _name(stem: str, suffix: str, extension: str) -> str:
    """The result's name beside its source: ``a.docx``, or what tells it from a source of the same ending."""
    return f"{stem}-new.{extension}" if suffix.lower() == f".{extension}" else f"{stem}.{extension}"


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
