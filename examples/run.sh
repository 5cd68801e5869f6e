#!/usr/bin/env bash
# Builds the examples in build/examples, runs each in an empty folder, shows what it prints and compares it with its .out.
# Then the tool `cairn`, which is built with them, is used in all its ways (cairn/test.py).
# On Debian, as root, it installs what is missing first. JOBS=N compiles N files at once (2).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tests/support/machine.sh

need g++ meson ninja-build python3 "$(boost_package)" libcereal-dev libcli11-dev libeigen3-dev libarmadillo-dev libhdf5-dev libopenmpi-dev openmpi-bin

say "building the examples in build/examples"
configure build/examples "${CXX:-g++}" --buildtype=release -Dexamples=true
ninja -C build/examples -j "$jobs"

say "running the examples"
programs=()
for source in examples/[0-9]*.cpp; do
  name=$(basename "$source" .cpp)
  if [[ $name == @(17|19|21|22)_* && ! -x build/examples/examples/$name ]]; then
    python3 tests/support/counts.py skip "example $name" "its library is not installed" || (($? == 77))
    continue
  fi
  programs+=("build/examples/examples/$name")
  [[ $name != 0[12]_* ]] || programs+=("build/examples/examples/${name}_single")
done
programs+=(build/examples/examples/training build/examples/examples/errors)  # the guide's
python3 examples/check.py --show "${programs[@]}"

say "using the tool build/examples/examples/cairn/cairn"
if [[ -z ${CAIRN_TEST_DATA:-} && -d ../shared/data ]]; then
  CAIRN_TEST_DATA=$(cd ../shared/data && pwd)
  export CAIRN_TEST_DATA
fi
python3 examples/cairn/test.py build/examples/examples/cairn/cairn --tensorflow build/venv/bin/python
say "all examples print what they should, and the tool does what its pages say"
