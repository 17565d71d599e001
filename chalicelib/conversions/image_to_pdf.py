"""Images to PDF."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.conversions.spec import ConversionSpec, Languages, Options, Orientation, Reading, Worker

PageSize = Literal["fit", "A0", "A1", "A2", "A3", "A4", "A5", "A6", "B4", "B5", "Letter", "Legal", "Tabloid", "Ledger"]


class ImageToPdfOptions(Options):
    """Options of ``image-to-pdf``."""

    page_size: Annotated[
        PageSize, Field(description="fit: the page is the image; else the image fills the page inside the margin.")
    ] = "fit"
    orientation: Orientation = "auto"
    margin: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, description="Millimetres.")] = 0
    ocr: Annotated[
        Literal["off", "auto"],
        Field(description="auto: what the pictures say becomes text that can be found and copied."),
    ] = "off"
    language: Languages | None = None


SPEC = ConversionSpec(
    slug="image-to-pdf",
    action="image_to_pdf",
    label="Image to PDF",
    summary="Bind images into a PDF, in order, without loss where their format allows.",
    accepts=("jpg", "png", "gif", "bmp", "tiff", "webp", "heic"),
    produces="pdf",
    options=ImageToPdfOptions,
    worker=Worker.LIGHT,
    engine="chalicelib.engines.images.engine",
    many=True,
    reading=Reading.AFTER,
)
