#!/usr/bin/env bash
# Fuzzes each harness for a number of seconds, two at a time: tests/fuzz/run.sh SECONDS [HARNESS...]
# Needs clang with libFuzzer, and builds in build/sanitized. What it finds stays in build/fuzz/<harness>: inputs of interest in corpus/, and crash-...,
# which build/tests/tests/fuzz/replay_<harness> FILE repeats. The exit status is 1 when there was a crash, a call that
# took twenty seconds (libFuzzer measures by the wall clock, and machines are noisy), or memory beyond 1 GiB.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/support/machine.sh
seconds=${1:?how many seconds for each harness?}
shift
harnesses=("$@")
all=0
((${#harnesses[@]})) || { all=1; harnesses=(bundle_restore table messages block state_text snappy); }
fuzz() {
  local folder=build/fuzz/$1 outcome=passed status=0
  mkdir -p "$folder/corpus"
  "build/sanitized/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -max_len=32768 -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=512 \
    -artifact_prefix="$folder/" -print_final_stats=1 "$folder/corpus" "tests/fuzz/corpus/$1" >"$folder/log" 2>&1 || status=$?
  local executions
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log")
  if ((status == 0)); then
    echo "$1: $executions executions, nothing found"
  elif ((status == 72)); then  # libFuzzer's for SIGINT and SIGTERM
    echo "$1: stopped from outside after $executions executions; nothing found until then"
    outcome=failed
  else
    echo "$1: FOUND something; the end of $folder/log:"
    tail -n 40 "$folder/log"
    outcome=failed
  fi
  python3 tests/support/counts.py record "$outcome" "fuzz: $1"
  [[ $outcome == passed ]]
}

configure_sanitized
ninja -C build/sanitized -j "$jobs" fuzz
# Where the HDF5 library is.
if ((all)) && [[ -x build/sanitized/tests/fuzz/fuzz_keras_file ]]; then harnesses+=(keras_file); fi
failed=0
for ((i = 0; i < ${#harnesses[@]}; i += 2)); do
  pids=()
  for harness in "${harnesses[@]:i:2}"; do
    fuzz "$harness" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
done
exit "$failed"
