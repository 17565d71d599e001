"""Compiles what alpha matting needs into NUMBA_CACHE_DIR, once, while the image is built or a machine is set up.

With NUMBA_CPU_NAME=generic, there and in the engine's environment: else the cache serves one type of processor only.
"""

from PIL import Image

from chalicelib.engines.background_matting import matted


def main() -> None:
    """Run alpha matting on a small picture."""
    mask = Image.radial_gradient("L").point([255 * (value < 100) for value in range(256)])
    matted(Image.merge("RGB", [mask] * 3), mask)


if __name__ == "__main__":
    main()
