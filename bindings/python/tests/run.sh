#!/usr/bin/env bash
# Tests the package as it is installed from its wheel, where nothing else is (tools/install.sh). Words go to pytest.
set -euo pipefail
source=${GUICHET_SOURCE_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}
work=${GUICHET_BUILD_DIR:-$source/build}/python-package
bash "$source/bindings/python/tools/install.sh" pytest mypy
cd "$work"
PYTHONUNBUFFERED=1 MPLBACKEND=Agg "$work/venv/bin/python" -m pytest -q -p no:cacheprovider -o faulthandler_timeout=120 \
    "$source/bindings/python/tests" "$@" # what hangs says where
