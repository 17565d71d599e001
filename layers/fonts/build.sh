#!/usr/bin/env bash
# Makes the fonts that stand in for Office's, with the rules that choose them: layers/fonts/build.sh TARGET [PYTHON]
# Needs the Debian packages of infra/local/system_packages.py; `make run` and the documents image both call it.
set -euo pipefail
target=$(realpath -m "$1")
python=${2:-python3}
here=$(cd "$(dirname "$0")" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
  --only-binary=:all: --requirement "$here/requirements.txt"
rm -rf "$target/files" "$target/cache"
mkdir -p "$target/files"
PYTHONPATH="$here" "$work/venv/bin/python" -m build_fonts "$target"
FONTCONFIG_FILE="$target/fonts.conf" fc-cache "$target/files"
echo "fonts: $(du -sh "$target" | cut -f1)"
