#!/usr/bin/env bash
# The unit tests and examples for other machines, cross-compiled and run under emulation: Windows under Wine, aarch64 and
# s390x (big-endian) under qemu. What state.cpp saves there is read here, and the other way round; where the byte order is
# the same, the files are the same. On Debian, as root, it installs what is missing first.
#
#   tests/elsewhere/run.sh                     all platforms
#   tests/elsewhere/run.sh windows s390x       these
#
#   CAIRN_TEST_ALL=true  everything; otherwise a sample
#   JOBS=N               compile N files at once (2)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec </dev/null
source tests/support/machine.sh
platforms=("$@")
((${#platforms[@]})) || platforms=(windows aarch64 s390x)

is_sample() { [[ ${CAIRN_TEST_ALL:-} != true ]]; }
record() { python3 tests/support/counts.py record "$@"; }
folder=$PWD/build/elsewhere
mkdir -p "$folder/include"
# The libraries that are headers, without those of this machine beside them.
for library in boost cereal doctest rapidjson; do
  ln -sfn "/usr/include/$library" "$folder/include/$library"
done

# cross_file PLATFORM COMPILER AR EMULATOR SYSTEM FAMILY ENDIAN
cross_file() {
  cat >"$folder/$1.ini" <<END
[binaries]
cpp = [$(command -v ccache >/dev/null && echo "'ccache', ")'$2']
ar = '$3'
exe_wrapper = '$4'
[host_machine]
system = '$5'
cpu_family = '$6'
cpu = '$6'
endian = '$7'
[built-in options]
cpp_args = ['-isystem', '$folder/include']
cpp_link_args = ['-static']
END
}

# What a platform's emulator takes as a program's name.
program_of() { [[ $1 == windows ]] && echo "$2.exe" || echo "$2"; }

compile_there() {
  $(command -v ccache) $compiler -std=c++20 -O1 -c -pthread -Iinclude -isystem "$folder/include" "$1" -o "$2.o" &&
    $compiler -static -pthread "$2.o" -o "$2.exe"
}
# run_there PROGRAM ARGUMENT...: in an empty folder
run_there() {
  rm -rf "$there/run/training" && (cd "$there/run" && $emulator "$@" | tr -d '\r')
}

say "the state here"
rm -rf "$folder/here" "$folder/back"
mkdir -p "$folder/here" "$folder/back"
$(command -v ccache) g++ -std=c++20 -c -pthread -Iinclude tests/elsewhere/state.cpp -o "$folder/state.o"
g++ -pthread "$folder/state.o" -o "$folder/state"
(cd "$folder/here" && ../state write .)

for platform in "${platforms[@]}"; do
  there=$folder/$platform
  rm -rf "$there/run"
  mkdir -p "$there/run"
  case $platform in
    windows)
      need g++-mingw-w64-x86-64-posix wine wine64
      export WINEPREFIX=$folder/wine WINEDEBUG=-all
      compiler=x86_64-w64-mingw32-g++-posix emulator=wine
      cross_file windows $compiler x86_64-w64-mingw32-ar wine windows x86_64 little
      ;;
    aarch64 | s390x)
      need "g++-$platform-linux-gnu" qemu-user
      compiler=$platform-linux-gnu-g++ emulator=qemu-$platform
      cross_file "$platform" $compiler "$platform-linux-gnu-ar" "$emulator" linux "$platform" "$([[ $platform == s390x ]] && echo big || echo little)"
      ;;
    *)
      say "there is no platform \"$platform\"; take windows, aarch64 or s390x"
      exit 1
      ;;
  esac

  say "programs for $platform"
  examples=(01_save_and_restore)
  # Wine removes no folder of whose files one is open, a manager's lock, as Windows does.
  is_sample || examples+=($(grep -L remove_all examples/{06,10,12,13,15}_*.cpp | xargs -n 1 basename -s .cpp))
  is_sample || [[ $platform == windows ]] || examples+=(03_custom_variables 04_step_counter 09_a_trainer_that_survives 16_a_class_that_owns_its_model)
  for name in "${examples[@]}"; do
    outcome=passed
    if ! compile_there "examples/$name.cpp" "$there/program" || ! run_there "$there/program.exe" | diff - "examples/$name.out"; then
      outcome=failed
    fi
    record $outcome "elsewhere: example ${name%%_*} for $platform"
  done
  outcome=passed
  compile_there tests/elsewhere/state.cpp "$there/state" || outcome=failed
  run_there "$there/state.exe" write . && run_there "$there/state.exe" read . || outcome=failed
  rm -f "$folder"/back/*
  cp "$there"/run/state.* "$folder/back/" && (cd "$folder/back" && ../state read .) || outcome=failed
  if [[ $platform != s390x ]]; then
    for file in state.index state.data-00000-of-00001 state.safetensors; do
      cmp "$folder/here/$file" "$there/run/$file" || outcome=failed
    done
  fi
  cp "$folder"/here/state.* "$there/run/" && (cd "$there/run" && $emulator "$there/state.exe" read .) || outcome=failed
  record $outcome "elsewhere: a state goes between here and $platform"

  folders=(io format bundle checkpoint core graph exchange edit crash)
  ! is_sample || folders=(io format)
  say "the unit tests ${folders[*]} for $platform"
  if [[ ! -f $there/build/build.ninja ]]; then
    meson setup "$there/build" --cross-file "$folder/$platform.ini" -Dwerror=true -Dtests=true -Ddebug=false
  fi
  programs=()
  for name in "${folders[@]}"; do
    programs+=("tests/$(program_of "$platform" "test_$name")")
  done
  if ! ninja -C "$there/build" -k 0 -j "$jobs" "${programs[@]}" ||
    ! meson test -C "$there/build" --no-rebuild --print-errorlogs --num-processes "$jobs" --suite unit "${folders[@]}"; then
    [[ -n ${CAIRN_TEST_COUNTS:-} ]] && python3 tests/support/counts.py failures "$CAIRN_TEST_COUNTS" ||
      record failed "elsewhere: the unit tests for $platform"
  fi
done
