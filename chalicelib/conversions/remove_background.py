"""Remove the background of an image."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.conversions.spec import ConversionSpec, Options, Worker


class RemoveBackgroundOptions(Options):
    """Options of ``remove-background``."""

    model: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$",
            description="quality (the default), fast, fur (quality, and each hair where the edge is soft), or a model "
            "whose weights the service has.",
        ),
    ] = None
    background: Annotated[
        str, Field(pattern=r"^(transparent|#[0-9A-Fa-f]{6})$", description="transparent, or a colour as #RRGGBB.")
    ] = "transparent"
    format: Annotated[Literal["png", "webp"], Field(description="The format of the result.")] = "png"
    mask_only: Annotated[bool, Field(description="Give the mask instead of the cut-out.")] = False
    alpha_matting: Annotated[bool, Field(description="Refine hair and fur; slower.")] = False
    crop: Annotated[bool, Field(description="Crop to what is left.")] = False


SPEC = ConversionSpec(
    slug="remove-background",
    action="remove_background",
    label="Remove background",
    summary="Cut out what an image shows, at its full resolution.",
    accepts=("jpg", "png", "webp", "bmp", "tiff", "heic"),
    produces="format",
    options=RemoveBackgroundOptions,
    worker=Worker.BACKGROUND,
    engine="chalicelib.engines.background.engine",
    defaults_from_settings={"model": "background_model"},
)
