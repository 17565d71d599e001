#!/usr/bin/env bash
# Builds the light worker's layer: layers/light/build.sh OUTPUT.zip [PYTHON-WITH-PIP]
# The layer is an environment like those of the images: /opt/light/bin/python, with its libraries beside it.
set -euo pipefail
output=$(realpath -m "$1")
python=${2:-python3}
here=$(cd "$(dirname "$0")" && pwd)
runtime=3.12

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Amazon Linux 2023 has glibc 2.34: every wheel built for it or for an older one will do.
platforms=(--platform manylinux2014_x86_64 --platform manylinux2010_x86_64 --platform manylinux1_x86_64)
for minor in $(seq 5 34); do platforms+=(--platform "manylinux_2_${minor}_x86_64"); done
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary=:all: \
  --python-version "$runtime" --implementation cp --abi "cp${runtime/./}" --abi abi3 --abi none \
  "${platforms[@]}" --target "$work/light/lib" --requirement "$here/requirements.txt"

# Bytecode, where this machine has Lambda's Python; without it a cold start compiles.
"python$runtime" -m compileall -q --invalidation-mode unchecked-hash "$work/light/lib" 2>/dev/null ||
  echo "layer: no python$runtime here, so no bytecode" >&2

mkdir "$work/light/bin"
cat >"$work/light/bin/python" <<EOF
#!/bin/sh
PYTHONPATH="\$PYTHONPATH:/opt/light/lib" exec /var/lang/bin/python$runtime "\$@"
EOF
chmod 755 "$work/light/bin/python"

mkdir -p "$(dirname "$output")"
rm -f "$output"
"$python" -c 'import shutil, sys; shutil.make_archive(sys.argv[1].removesuffix(".zip"), "zip", sys.argv[2])' "$output" "$work"
