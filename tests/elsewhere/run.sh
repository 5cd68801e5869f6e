#!/usr/bin/env bash
# The unit tests, the tool and examples for other machines, cross-compiled and run under emulation: Windows under Wine,
# aarch64 and s390x (big-endian) under qemu; and for other libraries, linked statically: musl (by ziglang's clang of PyPI,
# which is in build/venv) and libc++. What state.cpp saves there is read here, and the other way round; where the byte order
# is the same, the files are the same. On Debian, as root, it installs what is missing first.
#
#   tests/elsewhere/run.sh                     all platforms
#   tests/elsewhere/run.sh windows musl        these
#
#   CAIRN_TEST_ALL=true  everything; otherwise a sample
#   JOBS=N               compile N files at once (2)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec </dev/null
source tests/support/machine.sh
platforms=("$@")
((${#platforms[@]})) || platforms=(windows aarch64 s390x musl libcxx)

is_sample() { [[ ${CAIRN_TEST_ALL:-} != true ]]; }
record() { python3 tests/support/counts.py record "$@"; }
folder=$PWD/build/elsewhere
mkdir -p "$folder/include"
# The libraries that are headers, without those of this machine beside them.
for library in boost cereal doctest rapidjson CLI; do
  ln -sfn "/usr/include/$library" "$folder/include/$library"
done

# cross_file SYSTEM FAMILY ENDIAN [ARGUMENT]: for $compiler, which wants the ARGUMENT where a program is large.
cross_file() {
  cat >"$folder/$platform.ini" <<END
[binaries]
cpp = [$(command -v ccache >/dev/null && echo "'ccache', ")'${compiler// /\',\'}']
ar = '$archiver'
${emulator:+exe_wrapper = '$emulator'}
[host_machine]
system = '$1'
cpu_family = '$2'
cpu = '$2'
endian = '$3'
[built-in options]
cpp_args = ['-isystem', '$folder/include'${4:+, '$4'}]
cpp_link_args = ['-static', '-O1']
END
}

# What a platform's emulator takes as a program's name.
program_of() { [[ $1 == windows ]] && echo "$2.exe" || echo "$2"; }

compile_there() {
  $(command -v ccache) $compiler -std=c++20 -O1 -c -pthread -Iinclude -isystem "$folder/include" "$1" -o "$2.o" &&
    $compiler -O1 -static -pthread "$2.o" -o "$2.exe"
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
  rm -rf "$there/run" "$there/never"
  mkdir -p "$there/run"
  case $platform in
    windows)
      need g++-mingw-w64-x86-64-posix clang-19 wine wine64
      export WINEPREFIX=$folder/wine WINEDEBUG=-all
      compiler=x86_64-w64-mingw32-g++-posix archiver=x86_64-w64-mingw32-ar emulator=wine
      cross_file windows x86_64 little -Wa,-mbig-obj
      # Wine's servers begin with the first program and keep its output open; so that is none of those that are waited for.
      mkfifo "$there/never"
      wine cmd <>"$there/never" >/dev/null 2>&1 &
      trap "kill $! || true" EXIT
      ;;
    aarch64 | s390x)
      need "g++-$platform-linux-gnu" qemu-user
      compiler=$platform-linux-gnu-g++ archiver=$platform-linux-gnu-ar emulator=qemu-$platform
      cross_file linux "$platform" "$([[ $platform == s390x ]] && echo big || echo little)"
      ;;
    musl)
      zig="$PWD/build/venv/bin/python -m ziglang"
      if ! $zig version >/dev/null; then
        python3 tests/support/counts.py skip "elsewhere: musl" "build/venv has no package ziglang: tests/run.sh installs it" || true
        continue
      fi
      export ZIG_GLOBAL_CACHE_DIR=$folder/zig ZIG_LOCAL_CACHE_DIR=$folder/zig
      # Its linker is LLD, and does not say so to Meson.
      printf '#!/bin/sh\n[ "${*%%--version*}" = "$*" ] || echo "LLD (compatible with GNU linkers)"\nexec %s c++ -target x86_64-linux-musl "$@"\n' \
        "$zig" >"$folder/clang++-musl"
      chmod +x "$folder/clang++-musl"
      compiler=$folder/clang++-musl archiver=ar emulator=
      cross_file linux x86_64 little
      ;;
    libcxx)
      need clang-19 libc++-19-dev libc++abi-19-dev
      compiler='clang++-19 -stdlib=libc++' archiver=ar emulator=
      cross_file linux x86_64 little
      ;;
    *)
      say "there is no platform \"$platform\"; take windows, aarch64, s390x, musl or libcxx"
      exit 1
      ;;
  esac

  say "programs for $platform"
  examples=(01_save_and_restore)
  is_sample || examples+=(03_custom_variables 04_step_counter 06_my_struct_changed 10_change_one_value 12_ship_a_smaller_file
    13_average_the_last_three 16_a_class_that_owns_its_model)
  # On Windows the C++ library counts no hard links, and raise(SIGTERM) ends a program.
  is_sample || [[ $platform == windows ]] || examples+=(09_a_trainer_that_survives 15_save_what_has_changed)
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
  if [[ $platform == windows ]]; then
    outcome=passed
    # Another compiler for Windows, which has no library of its own here.
    library=$(dirname "$($compiler -print-libgcc-file-name)")/include/c++
    clang++-19 --target=x86_64-w64-windows-gnu -std=c++20 -Wall -Wextra -Werror -Wno-deprecated-declarations -fsyntax-only -nostdinc++ \
      -isystem "$library" -isystem "$library/x86_64-w64-mingw32" -isystem "$folder/include" -Iinclude -include cairn/all.hpp tests/elsewhere/state.cpp || outcome=failed
    record $outcome "elsewhere: clang for Windows"
    outcome=passed
    rm -rf "$there/run/training"
    compile_there tests/elsewhere/console.cpp "$there/console" &&
      (cd "$there/run" && script --quiet --return --command "$emulator $there/console.exe" /dev/null) || outcome=failed
    record $outcome "elsewhere: Ctrl-C of Windows leaves a checkpoint behind"
  fi

  # In CI what reads and writes files always, and for Windows one of the others in turn.
  folders=(io format bundle checkpoint core graph exchange edit crash tool)
  in_turn() { python3 tests/support/counts.py in_turn "$@"; }
  if is_sample; then
    case $platform in
      windows) folders=(io format bundle checkpoint $(CI=true in_turn 6 core graph exchange edit crash tool)) ;;
      aarch64 | s390x) folders=(io format bundle checkpoint) ;;
      *) folders=(tool) ;;
    esac
  fi
  say "${folders[*]} for $platform"
  if [[ ! -f $there/build/build.ninja ]]; then
    meson setup "$there/build" --cross-file "$folder/$platform.ini" -Dwerror=true -Dtests=true -Dtool=true -Ddebug=false
  fi
  build_there() { ninja -C "$there/build" -k 0 -j "$jobs" "$@"; }

  if [[ ${folders[-1]} == tool ]]; then
    unset 'folders[-1]'
    tool=$(program_of "$platform" "$there/build/examples/cairn/cairn")
    printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$emulator" "$tool" >"$there/cairn"
    chmod +x "$there/cairn"
    # What needs more than the tool; and what asks Linux about it, its terminals, pipes, locks and permissions.
    without=("TensorFlow restores" "the command in an example")
    [[ $platform != windows ]] || without+=("hundred thousand tensors" "larger than the memory" "keeps its permissions" "directory's lock" "full disk"
      "terminal" "bash completes" "is interrupted" "every checkpoint that was collected")
    if build_there "${tool#"$there/build/"}"; then
      python3 examples/cairn/test.py "$there/cairn" "${without[@]/#/--without=}" || true  # it counts what fails
    else
      record failed "elsewhere: the tool for $platform"
    fi
  fi

  programs=()
  for name in "${folders[@]}"; do
    programs+=("tests/$(program_of "$platform" "test_$name")")
  done
  # qemu tells the memory of its own, and takes long for all files, and in a sample for kills and allocations; Wine 8 renames
  # over no file, and removes none, that is open.
  case $platform in
    windows) left_out='*one?value?among?many*,where?values?keep?their?sizes*' ;;
    aarch64 | s390x)
      left_out='*4?GiB*,*collected*,every?checkpoint?that*,what?differs?after?rewriting*'
      is_sample && left_out+=',*killed*,*any?allocation*,*hundred?thousand*'
      ;;
    *) left_out= ;;
  esac
  if ((${#programs[@]})) &&
    ! { build_there "${programs[@]}" &&
      meson test -C "$there/build" --no-rebuild --print-errorlogs --num-processes "$jobs" --timeout-multiplier 3 --suite unit ${left_out:+--test-args="--test-case-exclude=$left_out"} "${folders[@]}"; }; then
    [[ -n ${CAIRN_TEST_COUNTS:-} ]] && python3 tests/support/counts.py failures "$CAIRN_TEST_COUNTS" ||
      record failed "elsewhere: the unit tests for $platform"
  fi
done
