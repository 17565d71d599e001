"""Fills numba's cache (NUMBA_CACHE_DIR) while the image is built: runs alpha matting once, on a small picture."""

from PIL import Image, ImageDraw

from chalicelib.engines.background import matting

SIZE = (64, 64)


def main() -> None:
    """Compile everything that matting runs through."""
    image, mask = Image.new("RGB", SIZE, "white"), Image.new("L", SIZE, 0)
    for picture, colour in ((image, "red"), (mask, 255)):
        ImageDraw.Draw(picture).ellipse((12, 12, 52, 52), fill=colour)
    matting.matted(image, mask)


if __name__ == "__main__":
    main()
