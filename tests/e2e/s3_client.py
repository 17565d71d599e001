"""As much of the AWS command as the README uses: ``s3 cp --recursive FROM TO`` and ``s3 ls --recursive PLACE``."""

import sys
from pathlib import Path
from typing import Any

import boto3


def split(address: str) -> tuple[str, str]:
    """Bucket and prefix of ``s3://bucket/prefix``."""
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    return bucket, prefix


def keys(s3: Any, address: str) -> list[str]:
    """The objects below an address."""
    bucket, prefix = split(address)
    return [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


def copy(s3: Any, source: str, target: str) -> None:
    """Up or down, with all that is below."""
    if target.startswith("s3://"):
        bucket, prefix = split(target)
        for path in (one for one in Path(source).rglob("*") if one.is_file()):
            s3.upload_file(str(path), bucket, prefix + str(path.relative_to(source)))
        return
    bucket, prefix = split(source)
    for key in keys(s3, source):
        path = Path(target) / key.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        s3.download_file(bucket, key, str(path))


def main(words: list[str]) -> None:
    """Do as told; AWS_ENDPOINT_URL and the keys come from the environment, as for the real one."""
    s3 = boto3.client("s3")
    match words:
        case ["s3", "cp", "--recursive", source, target]:
            copy(s3, source, target)
        case ["s3", "ls", "--recursive", address]:
            sys.stdout.writelines(f"{key}\n" for key in keys(s3, address))
        case _:
            sys.exit(f"not known here: {words}")


main(sys.argv[1:])
