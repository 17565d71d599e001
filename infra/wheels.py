"""Which wheels run on Lambda: its Python and its glibc, whatever runs here."""

RUNTIME = "3.13"
"""The Python of the functions: that of Debian 13, from which the images are made, and one of Lambda's own."""

NEWEST_GLIBC_MINOR = 34
"""Amazon Linux 2023, under Lambda's own Python, has glibc 2.34; Debian 13 a newer one."""


def _options() -> list[str]:
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(5, NEWEST_GLIBC_MINOR + 1)]
    platforms += [f"manylinux{name}_x86_64" for name in ("2014", "2010", "1")]
    abis = [f"cp{RUNTIME.replace('.', '')}", "abi3", "none"]
    return [
        *("--only-binary=:all:", "--implementation", "cp", "--python-version", RUNTIME),
        *(argument for abi in abis for argument in ("--abi", abi)),
        *(argument for platform in platforms for argument in ("--platform", platform)),
    ]


OPTIONS = tuple(_options())
"""pip's options that choose them."""
