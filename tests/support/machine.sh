# For the scripts that build and run tests and examples: what they need from the machine, and how they speak. Sourced, not run.

# say TEXT: with the minutes and seconds since .ci/run began, or the script where it runs by itself.
export CAIRN_TEST_BEGAN=${CAIRN_TEST_BEGAN:-$EPOCHSECONDS}
say() {
  local seconds=$((EPOCHSECONDS - CAIRN_TEST_BEGAN))
  printf '\n== %d:%02d %s\n' $((seconds / 60)) $((seconds % 60)) "$*"
}

# patiently COMMAND...: what asks the network gets three attempts.
patiently() {
  local pause
  for pause in 10 30; do
    "$@" && return 0
    say "that failed; another attempt in $pause seconds: $*"
    sleep "$pause"
  done
  "$@"
}

# need PACKAGE...: installs those Debian packages that are missing; on other systems it only names them.
need() {
  local package missing=()
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian: what corresponds to its packages $* has to be there"
    return 0
  fi
  for package; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    return 0
  elif ((EUID != 0)); then
    say "missing packages, and only root can install them. Run this first:"
    echo "   sudo apt-get update && sudo apt-get install --yes ${missing[*]}"
    exit 1
  fi
  say "installing with apt-get: ${missing[*]}"
  patiently apt-get update --quiet --quiet
  DEBIAN_FRONTEND=noninteractive patiently apt-get install --yes --quiet --quiet --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null
}

# The package with Boost.PFR: Debian 12's default Boost is older than PFR, later ones are not.
boost_package() {
  if grep -qx 'VERSION_ID="12"' /etc/os-release 2>/dev/null; then echo libboost1.81-dev; else echo libboost-dev; fi
}

# Newer compilers than the two that build everything, and libc++; other systems name them otherwise.
newer_compilers() {
  if grep -qx 'VERSION_ID="12"' /etc/os-release 2>/dev/null; then echo clang-16 clang-19 libc++-19-dev libc++abi-19-dev; fi
}

# configure FOLDER COMPILER OPTION...: once; Ninja does it again when a meson.build changes. ccache where there is one.
configure() {
  local folder=$1 compiler=$2
  shift 2
  [[ -f $folder/build.ninja ]] && return 0
  CXX="$(command -v ccache >/dev/null && echo 'ccache ')$compiler" meson setup "$folder" -Dwerror=true "$@"
}

# What the unit tests and the fuzzers need; -g1 is enough for a line number in each frame.
configure_sanitized() {
  configure build/sanitized clang++ -Dtests=true -Ddebug=false -Dcpp_args=-g1 -Db_sanitize=address,undefined -Db_lundef=false
}

jobs=${JOBS:-2}
export NINJA_STATUS='[%f/%t] '
