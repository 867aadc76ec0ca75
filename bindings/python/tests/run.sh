#!/usr/bin/env bash
# Builds the wheel, installs it where nothing else is, and tests it there. GUICHET_BUILD_DIR keeps what may be reused.
set -euo pipefail
source=${GUICHET_SOURCE_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}
work=${GUICHET_BUILD_DIR:-$source/build}/python-package
rm -rf "$work/wheels"
mkdir -p "$work"
python3 -m venv --clear "$work/venv"
python=$work/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$python" -m pip wheel --quiet --no-deps --wheel-dir "$work/wheels" "$source"
"$python" -m pip install --quiet "$work"/wheels/guichet-*.whl pytest mypy
cd "$work"
"$python" -m pytest -q -p no:cacheprovider "$source/bindings/python/tests" "$@"
