#!/usr/bin/env bash
# Builds the wheel and installs it in an environment of its own, build/python-package/venv: as a user's, or with the
# flags of a preset (GUICHET_PRESET), whose objects ccache then has already. Words are further packages to install.
# GUICHET_BUILD_DIR keeps what may be reused.
set -euo pipefail
source=${GUICHET_SOURCE_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}
build=${GUICHET_BUILD_DIR:-$source/build}
settings=(build-dir="$build/wheel")
if [[ ${GUICHET_PRESET:-} ]]; then
    settings=(build-dir="$build/wheel-$GUICHET_PRESET" cmake.args=--preset="$GUICHET_PRESET" cmake.build-type=Debug
              cmake.define.GUICHET_DEVELOPER=ON)
    export CXX=${CXX:-c++} # by the name that CMake finds, or ccache would know nothing; pip has another
fi
work=$build/python-package
rm -rf "$work/wheels"
mkdir -p "$work"
python3 -m venv --clear "$work/venv"
python=$work/venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1
mapfile -t needed < <("$python" -c 'import sys, tomllib
print(*tomllib.load(open(sys.argv[1], "rb"))["build-system"]["requires"], sep="\n")' "$source/pyproject.toml")
"$python" -m pip install --quiet "${needed[@]}" # here, not in a folder of another name each time, which ccache would see
"$python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$work/wheels" \
    "${settings[@]/#/--config-settings=}" "$source"
wheel=("$work"/wheels/guichet-*.whl)
"$python" -m pip install --quiet "${wheel[0]}[pandas,arrow,plot]" "$@"
