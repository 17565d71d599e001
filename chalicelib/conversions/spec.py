"""What a conversion is declared as, and the option types that declarations share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from chalicelib.domain import page_ranges


class Worker(StrEnum):
    """The kinds of worker: a queue and a function each."""

    LIGHT = "light"
    DOCUMENTS = "documents"
    BACKGROUND = "background"


class Options(BaseModel):
    """Base of every options model: an unknown option is refused, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def for_engine(self) -> dict[str, Any]:
        """The options as JSON values, less what is secret."""
        return self.model_dump(mode="json", exclude={"password"})


class ProtectedOptions(Options):
    """Options of inputs that may be encrypted."""

    password: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=255,
            description="Opens an encrypted document. Never stored in a row or a log.",
        ),
    ] = None


def _blank_is_absent(value: Any) -> Any:
    return None if value == "" else value


PageRange = Annotated[
    str,
    AfterValidator(page_ranges.check),
    Field(description="Pages, 1-based: 1,3,5-7, 5- (to the end), last.", examples=["1,3,5-7"], max_length=2_000),
]
OptionalPageRange = Annotated[PageRange | None, BeforeValidator(_blank_is_absent)]
Orientation = Annotated[Literal["auto", "portrait", "landscape"], Field(description="auto: as the content asks for.")]
PdfA = Annotated[
    Literal["none", "1b", "2b", "3b"], Field(description="The archival profile of the result (ISO 19005).")
]


def split_names(value: Any) -> Any:
    """A form field ``a,b`` as two names; a name with a comma is sent by repeating the field, or in JSON."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


Language = Literal[
    "af", "ar", "az", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr",
    "ga", "gl", "he", "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "la", "lt", "lv", "ms", "mt", "nl",
    "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sv", "sw", "th", "tl", "tr", "uk", "vi", "zh",
]  # fmt: skip
Languages = Annotated[
    list[Language],
    BeforeValidator(split_names),
    Field(min_length=1, max_length=5, description="Languages of scans (ISO 639-1), separated by commas; else found."),
]
Ocr = Annotated[
    Literal["auto", "off", "force"],
    Field(description="Read the pages that are pictures of text (auto), none, or all from what they show (force)."),
]
OCR_ENGINE = "chalicelib.engines.ocr.engine"


class Reading(StrEnum):
    """When scans are read: before the conversion's own engine, so that it finds text, or after it."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class ConversionSpec:
    """One conversion: routes, permissions, validation, OpenAPI, queue and dispatch follow from it.

    ``engine`` is the dotted name of its engine's module. ``produces`` is the kind of the result, or the name of the
    option which says it. ``reading``: its option ``ocr`` has scans read. ``defaults_from_settings`` names, for an
    option that was left out, the setting that fills it.
    """

    slug: str
    action: str
    label: str
    summary: str
    accepts: tuple[str, ...]
    produces: str
    options: type[Options]
    worker: Worker
    engine: str
    many: bool = False
    reading: Reading | None = None
    defaults_from_settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def output_kinds(self) -> tuple[str, ...]:
        """The kinds that a result may be of."""
        option = self.options.model_fields.get(self.produces)
        return get_args(option.annotation) if option else (self.produces,)

    def output_kind(self, options: dict[str, Any]) -> str:
        """The kind of the result under ``options``."""
        chosen = options.get(self.produces)
        return chosen if isinstance(chosen, str) else self.produces

    def steps(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """The engines that make the result under ``options``, in order: each works on what the one before wrote."""
        if self.reading is None or options.get("ocr") in (None, "off"):
            return (self.engine,)
        return (OCR_ENGINE, self.engine) if self.reading is Reading.BEFORE else (self.engine, OCR_ENGINE)

    def worker_for(self, options: Mapping[str, Any]) -> Worker:
        """Who does it under ``options``: only the documents' worker has the engine that reads scans."""
        return Worker.DOCUMENTS if OCR_ENGINE in self.steps(options) else self.worker
