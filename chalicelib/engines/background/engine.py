"""Remove the background of a photo: one model or two joined, in full resolution, with clean edges."""

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from PIL import Image, ImageChops, ImageStat

from chalicelib.engines.background import matting, models
from chalicelib.engines.background.cutout import Wishes, composed, foreground_box, save
from chalicelib.engines.background.decode import decoded
from chalicelib.engines.background.inference import Inference
from chalicelib.engines.background.joined import joined, without_ghost
from chalicelib.engines.background.soft_edges import refined
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.raster import Source

_INFERENCE = Inference()


@dataclass(frozen=True)
class _Mask:
    """How much of each pixel shows the subject, 0–255; the size at which matting refined it; what to say of that."""

    image: Image.Image
    matting_size: tuple[int, int] | None = None
    note: str | None = None


def prepare() -> None:
    """Load the default's models, if they are installed, and answer the jobs' children from now on."""
    if models.DEFAULT in models.installed():
        for name in models.needed_by(models.DEFAULT):
            models.load(name)
    _INFERENCE.start()


def versions() -> dict[str, str]:
    """What works here, for the log."""
    return {name: version(name) for name in ("rembg", "onnxruntime", "pillow", "numpy")}


def convert(job: Job, progress: Progress) -> Outcome:
    """Write the first input without its background.

    Options: ``model``, ``background`` (transparent or #RRGGBB), ``format`` (png, webp), ``mask_only``,
    ``alpha_matting``, ``crop``. Raises ModelUnavailable, CorruptDocument, LimitExceeded, each with the reason.
    """
    source = Source(job.inputs[0], job.limits)
    model = models.chosen(job.options.get("model"))
    wishes = Wishes.of(job.options)
    photo = decoded(source)
    refine = model == models.FUR or bool(job.options.get("alpha_matting"))
    mask = _mask(photo.image, model, refine=refine)
    alpha = ImageChops.multiply(mask.image, photo.alpha) if photo.alpha else mask.image
    box = foreground_box(alpha)
    picture = composed(photo, mask.image, alpha, wishes)
    if wishes.crop and box:
        picture = picture.crop(box)
    save(picture, job.output, wishes.format, photo.profile)
    progress(1, 1, "files")
    notes = [*photo.notes, mask.note, None if box else "no foreground was found"]
    warnings = tuple(f"{source.name}: {note}." for note in notes if note)
    return Outcome(warnings, _report(model, mask, alpha, picture.size))


def _report(model: str, mask: _Mask, alpha: Image.Image, size: tuple[int, int]) -> dict[str, Any]:
    """``foreground_share``: how much of the photo is left, 0–1."""
    (mean,) = ImageStat.Stat(alpha).mean
    return {
        "engine": "rembg",
        "engine_version": version("rembg"),
        "model": model,
        "networks": list(models.needed_by(model)),
        "width": size[0],
        "height": size[1],
        "alpha_matting_size": mask.matting_size,
        "foreground_share": round(mean / 255, 4),
    }


def _mask(image: Image.Image, model: str, *, refine: bool) -> _Mask:
    masks = [_INFERENCE.mask(name, image) for name in models.needed_by(model)]
    mask = without_ghost(masks[0]) if len(masks) == 1 else joined(*masks)
    found = _Mask(mask.resize(image.size, Image.Resampling.LANCZOS))
    if not mask.getbbox():
        return found
    if refine:
        return _matted(image, found)
    return replace(found, image=refined(image, found.image)) if model == models.DEFAULT else found


def _matted(image: Image.Image, found: _Mask) -> _Mask:
    size = matting.matting_size(image.size)
    small, rough = (one.resize(size, Image.Resampling.LANCZOS) for one in (image, found.image))
    try:
        alpha = matting.matted(small, rough)
    except ValueError:
        return replace(found, note="alpha matting found no solution; the model's own mask was used")
    if size == image.size:
        return _Mask(alpha, size)
    note = f"alpha matting worked on {size[0]} × {size[1]} pixels; its result was enlarged"
    return _Mask(alpha.resize(image.size, Image.Resampling.LANCZOS), size, note)
