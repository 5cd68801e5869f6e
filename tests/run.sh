#!/usr/bin/env bash
# Builds and runs all tests: with g++, then the unit tests with clang's sanitizers, both below build/.
# On Debian, as root, it installs what is missing first. TensorFlow, which the interop tests ask, comes from PyPI into
# build/venv. The last line says how many tests passed, failed and were skipped.
#
#   CI=true              nothing may be missing: whatever would be skipped fails
#   CAIRN_TEST_DATA=DIR  a folder of checkpoints too large for the repository; ../shared/data if that is there
#   CAIRN_FUZZ_SECONDS=N fuzz each harness of tests/fuzz for N seconds, two at a time (60 in CI, else none)
#   JOBS=N               compile N files at once (2)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tests/support/machine.sh
tensorflow='tensorflow-cpu==2.21.0'

need g++ clang libclang-rt-dev meson ninja-build python3 python3-venv "$(boost_package)" libcereal-dev doctest-dev

if [[ -z ${CAIRN_TEST_DATA:-} && -d ../shared/data ]]; then
  CAIRN_TEST_DATA=$(cd ../shared/data && pwd)
fi
if [[ -n ${CAIRN_TEST_DATA:-} ]]; then
  export CAIRN_TEST_DATA
  say "test data: $CAIRN_TEST_DATA"
else
  say "CAIRN_TEST_DATA is not set: tests that need those checkpoints are skipped"
fi

if [[ ! -f build/venv/ready || $(<build/venv/ready) != "$tensorflow" ]]; then
  say "getting $tensorflow from PyPI into build/venv (some 250 MB; a few minutes)"
  rm -rf build/venv
  if python3 -m venv build/venv && build/venv/bin/pip install --progress-bar off --retries 2 "$tensorflow"; then
    echo "$tensorflow" >build/venv/ready
  else
    say "no TensorFlow: the interop tests are skipped (in CI: fail)"
  fi
fi

mkdir -p build/counts
rm -f build/counts/tests.txt build/counts/sanitized.txt build/counts/fuzz.txt
touch build/counts/fuzz.txt
record() { CAIRN_TEST_COUNTS=$counts python3 tests/support/counts.py record "$@"; }

# test_build NAME TARGET MESON_TEST_OPTION...: a failure is counted, and the script goes on.
test_build() {
  local folder=build/$1 target=$2
  shift 2
  if ! ninja -C "$folder" -k 0 -j "$jobs" "$target"; then
    record failed "building $folder"
  elif ! CAIRN_TEST_COUNTS=$PWD/$counts meson test -C "$folder" --no-rebuild --print-errorlogs --num-processes "$jobs" "$@" &&
    ! python3 tests/support/counts.py failures "$counts"; then
    record failed "meson test in $folder"  # what failed had counted nothing
  fi
}

say "building the tests in build/tests with ${CXX:-g++}"
counts=build/counts/tests.txt
configure build/tests "${CXX:-g++}" -Dtests=true -Dinterop_python="$PWD/build/venv/bin/python"
test_build tests meson-test-prereq

say "building the unit tests in build/sanitized with clang++, -fsanitize=address,undefined"
counts=build/counts/sanitized.txt
configure build/sanitized clang++ -Dtests=true -Db_sanitize=address,undefined -Db_lundef=false
test_build sanitized unit --suite unit

fuzz_seconds=${CAIRN_FUZZ_SECONDS:-$([[ ${CI:-} == true ]] && echo 60 || echo 0)}
if ((fuzz_seconds > 0)); then
  say "fuzzing for $fuzz_seconds seconds each in build/fuzz with clang++, -fsanitize=fuzzer,address,undefined"
  counts=build/counts/fuzz.txt
  if ! CAIRN_TEST_COUNTS=$PWD/$counts tests/fuzz/run.sh "$fuzz_seconds" && ! python3 tests/support/counts.py failures "$counts"; then
    record failed "tests/fuzz/run.sh"  # what failed had counted nothing
  fi
fi

say "result"
python3 tests/support/counts.py sum --title 'all tests: ' build/counts/tests.txt build/counts/sanitized.txt build/counts/fuzz.txt
