#!/bin/sh
# Starts the worker with numba's cache where numba accepts one: in a folder that can be written to.
set -eu
cp -r /opt/models/numba "$NUMBA_CACHE_DIR"
exec /opt/worker/bin/python -m awslambdaric "$@"
