#!/usr/bin/env bash
# Builds and runs all tests: with g++, then the unit tests with clang's sanitizers, all below build/.
# On Debian, as root, it installs what is missing first. TensorFlow, which the interop tests ask, comes from PyPI into
# build/venv. The last line says how many tests passed, failed and were skipped.
#
#   CI=true              nothing may be missing: whatever would be skipped fails
#   CAIRN_TEST_DATA=DIR  a folder of checkpoints too large for the repository; ../shared/data if that is there
#   CAIRN_TEST_ALL=true  in CI, too, what takes long is tried as a whole, not in turns from one change to the next; and other
#                        platforms under emulation, of which otherwise there is a sample of one
#   CAIRN_FUZZ_SECONDS=N fuzz each harness of tests/fuzz for N seconds, two at a time (20 in CI, else none)
#   JOBS=N               compile N files at once (2)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
source tests/support/machine.sh
tensorflow='tensorflow-cpu==2.21.0'
# Keras 2, which asks for the large tensorflow, so it comes alone; the format that checkpoints are converted to; a clang that
# is newer than Debian's; what formats C++.
alone=(tf-keras==2.21.0 safetensors==0.8.0 ziglang==0.17.1 clang-format==19.1.7)

need g++ clang libclang-rt-dev cmake pkg-config meson ninja-build python3 python3-venv "$(boost_package)" libcereal-dev rapidjson-dev doctest-dev \
  libeigen3-dev libarmadillo-dev libopencv-core-dev libxtensor-dev libdlpack-dev libhdf5-dev libopenmpi-dev openmpi-bin chromium chromium-driver $(newer_compilers)

if [[ -z ${CAIRN_TEST_DATA:-} && -d ../shared/data ]]; then
  CAIRN_TEST_DATA=$(cd ../shared/data && pwd)
fi
if [[ -n ${CAIRN_TEST_DATA:-} ]]; then
  export CAIRN_TEST_DATA
  say "test data: $CAIRN_TEST_DATA"
else
  say "CAIRN_TEST_DATA is not set: tests that need those checkpoints are skipped"
fi

# TensorFlow comes while the compiler is at work.
get_tensorflow() {
  rm -rf build/venv
  python3 -m venv build/venv && patiently build/venv/bin/pip install --quiet --progress-bar off --retries 2 "$tensorflow" &&
    patiently build/venv/bin/pip install --quiet --progress-bar off --retries 2 --no-deps "${alone[@]}" &&
    echo "$tensorflow ${alone[*]}" >build/venv/ready
}
is_ready() { [[ -f build/venv/ready && $(<build/venv/ready) == "$tensorflow ${alone[*]}" ]]; }
has_sphinx() { build/venv/bin/python -c 'import furo, myst_parser' 2>/dev/null; }  # which makes the site of guide and reference
getting_tensorflow=
if ! is_ready || ! has_sphinx; then
  say "getting $tensorflow and Sphinx from PyPI into build/venv meanwhile (some 370 MB)"
  mkdir -p build
  { { is_ready || get_tensorflow; } &&
    patiently build/venv/bin/pip install --quiet --progress-bar off --retries 2 -r examples/guide/site/requirements.txt; } >build/venv.log 2>&1 &
  getting_tensorflow=$!
  trap 'kill "$getting_tensorflow" 2>/dev/null || true' EXIT
fi

mkdir -p build/counts
rm -f build/counts/{tests,sanitized,threads,fuzz,elsewhere}.txt
touch build/counts/fuzz.txt
record() { CAIRN_TEST_COUNTS=$counts python3 tests/support/counts.py record "$@"; }

build() { ninja -C "build/$1" -k 0 -j "$jobs" "${@:2}"; }

# run_tests NAME MESON_TEST_OPTION...: a failure is counted, and the script goes on.
run_tests() {
  local folder=build/$1
  shift
  wait_for_tensorflow
  say "running the tests in $folder"
  if ! CAIRN_TEST_COUNTS=$PWD/$counts meson test -C "$folder" --no-rebuild --print-errorlogs --num-processes "$jobs" "$@" &&
    ! python3 tests/support/counts.py failures "$counts"; then
    record failed "meson test in $folder"  # what failed had counted nothing
  fi
}

wait_for_tensorflow() {
  [[ -n $getting_tensorflow ]] || return 0
  say "waiting for $tensorflow"
  if ! wait "$getting_tensorflow"; then
    tail -n 20 build/venv.log
    say "no TensorFlow: the interop tests are skipped (in CI: fail)"
  fi
  getting_tensorflow=
}

say "building the tests in build/tests with ${CXX:-g++}"
counts=build/counts/tests.txt
configure build/tests "${CXX:-g++}" -Dtests=true -Ddebug=false -Dinterop_python="$PWD/build/venv/bin/python"
if build tests meson-test-prereq; then run_tests tests; else record failed "building build/tests"; fi

say "building the unit tests in build/sanitized with clang++, -fsanitize=address,undefined"
counts=build/counts/sanitized.txt
configure_sanitized
# What reads hostile files always; of the others half in CI.
programs=$(ninja -C build/sanitized -t targets all | sed -n 's|^\(tests/.*test_[a-z0-9]*\): .*|\1|p')
always='test_\(damage\|format\|io\)$'
sanitized=($(grep "$always" <<<"$programs") $(python3 tests/support/counts.py in_turn 2 $(grep -v "$always" <<<"$programs")))
build sanitized "${sanitized[@]}" || record failed "building build/sanitized"

# What comes next is a few long compilations, and some of the tests leave a processor idle: so both at once.
fuzz_seconds=${CAIRN_FUZZ_SECONDS:-$([[ ${CI:-} == true ]] && echo 20 || echo 0)}
say "building the unit tests with several threads in build/threads with clang++, -fsanitize=thread, meanwhile"
configure build/threads clang++ -Dtests=true -Ddebug=false -Dcpp_args=-g1 -Db_sanitize=thread -Db_lundef=false
{
  threads_are_built=0
  build threads unit || threads_are_built=$?
  ((fuzz_seconds == 0)) || build sanitized fuzz || true  # fuzz/run.sh says what failed
  exit "$threads_are_built"
} >build/threads.log 2>&1 &
building_threads=$!
run_tests sanitized --suite unit "${sanitized[@]##*/test_}"
counts=build/counts/threads.txt
if wait "$building_threads"; then
  run_tests threads --suite unit
else
  tail -n 40 build/threads.log
  record failed "building build/threads: $(grep -m 1 -i -e 'error:' -e killed -e 'no space' build/threads.log)"
fi

if ((fuzz_seconds > 0)); then
  say "fuzzing for $fuzz_seconds seconds each in build/sanitized with clang++, -fsanitize=fuzzer,address,undefined"
  counts=build/counts/fuzz.txt
  if ! CAIRN_TEST_COUNTS=$PWD/$counts tests/fuzz/run.sh "$fuzz_seconds" && ! python3 tests/support/counts.py failures "$counts"; then
    record failed "tests/fuzz/run.sh"  # what failed had counted nothing
  fi
fi

say "ways to add cairn to a project, and other platforms"
counts=build/counts/elsewhere.txt
export CAIRN_TEST_COUNTS=$PWD/$counts
python3 tests/ways_in/run.py || true  # it counts what fails
platforms=(windows aarch64 s390x musl libcxx)
[[ ${CAIRN_TEST_ALL:-} == true ]] || platforms=($(CI=true python3 tests/support/counts.py in_turn 5 "${platforms[@]}"))
bash tests/elsewhere/run.sh "${platforms[@]}" || record failed "tests/elsewhere/run.sh ${platforms[*]}"
unset CAIRN_TEST_COUNTS

say "result"
python3 tests/support/counts.py sum --title 'all tests: ' build/counts/{tests,sanitized,threads,fuzz,elsewhere}.txt
