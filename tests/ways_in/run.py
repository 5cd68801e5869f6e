#!/usr/bin/env python3
"""Every way in which people add the library to a project: a project made from nothing in an empty folder, built and run.

    run.py [WAY]...        these, or all; in CI one of three, in turns, and those that take minutes with CAIRN_TEST_ALL=true only
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import counts

PROGRAM = """#include <cairn/checkpoint.hpp>

struct State {
  std::int64_t step = 0;
};

int main() {
  State state{7};
  cairn::Checkpoint(state).write("saved");
  State restored;
  cairn::Checkpoint(restored).read("saved").assert_consumed();
  return restored.step == 7 ? 0 : 1;
}
"""
CMAKE = """cmake_minimum_required(VERSION 3.18)
project(program CXX)
%s
add_executable(program main.cpp)
target_link_libraries(program PRIVATE cairn::cairn)
"""


def run(*command, cwd, **environment):
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=counts.uncounted(**environment), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(str(part) for part in command)}\n{done.stdout[-4000:]}")
    return done.stdout


def copied(folder):
    """The repository as a download of it is."""
    copy = folder / "downloaded"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("build*", ".git", "tests", "examples"))
    return copy


def moved(folder):
    """cairn installed, and its folder moved then."""
    run("meson", "setup", f"--prefix={folder / 'there'}", folder / "installing", ROOT, cwd=folder)
    run("meson", "install", "-C", folder / "installing", cwd=folder)
    (folder / "there").rename(folder / "here")
    return folder / "here"


def by_cmake(folder, text, *options):
    (folder / "CMakeLists.txt").write_text(CMAKE % text)
    run("cmake", "-S", ".", "-B", "build", *options, cwd=folder)
    run("cmake", "--build", "build", cwd=folder)
    return folder / "build" / "program"


def headers(folder):
    run("g++", "-std=c++20", f"-I{ROOT / 'include'}", "main.cpp", "-o", "program", "-pthread", cwd=folder)
    return folder / "program"


def one_header(folder):
    shutil.copy(ROOT / "single_include" / "cairn" / "cairn.hpp", folder / "cairn.hpp")
    (folder / "main.cpp").write_text(PROGRAM.replace("<cairn/checkpoint.hpp>", '"cairn.hpp"'))
    run("g++", "-std=c++20", "main.cpp", "-o", "program", "-pthread", cwd=folder)
    return folder / "program"


def meson_subproject(folder):
    (folder / "subprojects").mkdir()
    copied(folder).rename(folder / "subprojects" / "cairn")
    (folder / "meson.build").write_text(
        "project('program', 'cpp', default_options: ['cpp_std=c++20'])\n"
        "executable('program', 'main.cpp', dependencies: dependency('cairn', fallback: 'cairn'))\n")
    run("meson", "setup", "build", cwd=folder)
    run("ninja", "-C", "build", cwd=folder)
    return folder / "build" / "program"


def cmake_find_package(folder):
    return by_cmake(folder, "find_package(cairn 0.1 REQUIRED)", f"-DCMAKE_PREFIX_PATH={moved(folder)}")


def cmake_add_subdirectory(folder):
    copied(folder)
    return by_cmake(folder, "add_subdirectory(downloaded/single_include cairn)")


def cmake_fetch_content(folder):
    archive = shutil.make_archive(str(folder / "cairn"), "gztar", copied(folder))
    return by_cmake(folder, f"""include(FetchContent)
FetchContent_Declare(cairn URL file://{archive} SOURCE_SUBDIR single_include)
FetchContent_MakeAvailable(cairn)""")


def pkg_config(folder):
    flags = run("pkg-config", "--cflags", "--libs", "cairn", cwd=folder,
                PKG_CONFIG_PATH=str(moved(folder) / "share" / "pkgconfig")).split()
    assert any(flag.startswith(f"-I{folder / 'here'}") for flag in flags), flags
    run("g++", "-std=c++20", "main.cpp", "-o", "program", *flags, cwd=folder)
    return folder / "program"


def conan(folder):
    python = venv(folder, "conan>=2")
    home = {"CONAN_HOME": str(folder / "conan")}
    run(python.parent / "conan", "profile", "detect", cwd=folder, **home)
    said = run(python.parent / "conan", "create", copied(folder) / "subprojects/packaging/conan", "-s", "compiler.cppstd=20", "--no-remote",
               cwd=folder, **home)
    assert "Running test()" in said, said
    return None


def vcpkg_port(folder):
    """The port by CMake alone: vcpkg itself comes from elsewhere than Debian and PyPI."""
    port = ROOT / "subprojects/packaging/vcpkg"
    run(ROOT / "single_include/release.py", "check", cwd=folder)
    (folder / "vcpkg.cmake").write_text(f"""set(CURRENT_PACKAGES_DIR "{folder}/installed")
function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 of "" "" "FILE_LIST")
  configure_file("${{of_FILE_LIST}}" "{folder}/installed/share/cairn/copyright" COPYONLY)
endfunction()
include("{port}/portfile.cmake")
""")
    run("cmake", "-P", "vcpkg.cmake", cwd=folder)
    return by_cmake(folder, "find_package(cairn CONFIG REQUIRED)", f"-DCMAKE_PREFIX_PATH={folder / 'installed'}")


def wheel(folder):
    """The tool for those who have Python only."""
    python = venv(folder, "build")
    run(python, "-m", "build", "--wheel", "--outdir", folder / "wheels", ROOT, cwd=folder)
    [made] = (folder / "wheels").glob("cairn_checkpoints-*.whl")
    fresh = venv(folder, made, name="fresh")
    said = run(fresh.parent / "cairn", "--version", cwd=folder)
    assert said.startswith("cairn "), said
    return None


def debian_package(folder):
    packager = {"DEBFULLNAME": "A Packager", "DEBEMAIL": "packager@debian.org"}
    run(ROOT / "subprojects/packaging/debian.sh", folder / "packages" / "cairn", cwd=folder, **packager)
    run("dpkg-buildpackage", "--unsigned-source", "--unsigned-changes", "--build=binary", cwd=folder / "packages" / "cairn", **packager)
    [tool] = (folder / "packages").glob("cairn_*.deb")
    [headers] = (folder / "packages").glob("libcairn-dev_*.deb")
    for package in (tool, headers):
        run("dpkg-deb", "--extract", package, folder / "system", cwd=folder)
        said = run("lintian", "--allow-root", "--fail-on=warning,error", package, cwd=folder)
        assert not said, said
    assert run(folder / "system/usr/bin/cairn", "--version", cwd=folder).startswith("cairn ")
    for file in ("share/man/man1/cairn-set.1.gz", "share/bash-completion/completions/cairn.bash"):
        assert (folder / "system/usr" / file).is_file(), file
    return by_cmake(folder, "find_package(cairn 0.1 REQUIRED)", f"-DCMAKE_PREFIX_PATH={folder / 'system/usr'}")


def venv(folder, *packages, name="venv"):
    run(sys.executable, "-m", "venv", folder / name, cwd=folder)
    run(folder / name / "bin" / "pip", "install", "--quiet", *packages, cwd=folder)
    return folder / name / "bin" / "python"


def cmake_says_what_is_missing(folder):
    """Not a way in, but what stands there instead of one."""
    copied(folder)
    try:
        by_cmake(folder, "add_subdirectory(downloaded/single_include cairn)", "-DCAIRN_CEREAL_INCLUDE_DIR=CAIRN-NOTFOUND",
                 "-DCMAKE_FIND_ROOT_PATH=/nowhere", "-DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY")
    except RuntimeError as error:
        said = " ".join(str(error).split())
        assert "cereal is not there: install it (Debian: libcereal-dev)" in said and "libboost1.81-dev" in said, said
        return None
    raise RuntimeError("CMake went on without cereal and Boost.PFR")


def compiler_says_what_is_missing(folder):
    """An old standard, an old compiler, no Boost.PFR, no cereal: a sentence each, and nothing after it."""
    libraries = folder / "libraries"
    libraries.mkdir()
    (libraries / "cereal").symlink_to("/usr/include/cereal")
    tree, folded = ROOT / "include", ROOT / "single_include"
    for include, compiler, flags, sentence in [
            (tree, "g++", ["-std=c++17"], "compiled as older C++ than C++20. Give the compiler -std=c++20"),
            (folded, "clang++", ["-std=c++17"], "compiled as older C++ than C++20. Give the compiler -std=c++20"),
            (tree, "g++", ["-std=c++20", "-U__GNUC__", "-D__GNUC__=11"], "this g++ is too old. Take g++ 12 or newer"),
            (folded, "clang++", ["-std=c++20", "-U__clang_major__", "-D__clang_major__=13"], "this clang is too old. Take clang 14"),
            (folded, "g++", ["-std=c++20", "-nostdinc"], "cereal is not on the include path. Install it (Debian: libcereal-dev"),
            (folded, "g++", ["-std=c++20", "-nostdinc", f"-I{libraries}"], "Boost.PFR is not on the include path. Install Boost 1.75")]:
        (folder / "main.cpp").write_text("#include <cairn/cairn.hpp>\n")
        done = subprocess.run([compiler, *flags, f"-I{include}", "-fsyntax-only", folder / "main.cpp"], text=True, capture_output=True)
        errors = [line for line in done.stderr.splitlines() if "error: " in line]
        assert done.returncode != 0 and errors and "cairn: " in errors[0] and sentence in done.stderr and len(errors) == 2, \
            f"{compiler} {' '.join(flags)}: {done.stderr[:1500]}"


def release(folder):
    """What `meson dist` makes of the newest commit; and the version, which is one edit."""
    run("git", "clone", "--quiet", ROOT, "clone", cwd=folder)
    run("clone/single_include/release.py", "version", "0.98.7", cwd=folder)
    run("clone/single_include/amalgamate.py", cwd=folder)
    run("git", "-c", "user.name=A Packager", "-c", "user.email=packager@debian.org", "commit", "--quiet", "--all", "--message=Another version",
        cwd=folder / "clone")
    run("meson", "setup", "build", "clone", cwd=folder)
    run("meson", "dist", "-C", "build", cwd=folder)
    made = folder / "build" / "meson-dist"
    names = ["cairn-0.98.7.tar.xz", "cairn.hpp", "cairn_standalone.hpp"]
    assert sorted(path.name for path in made.iterdir()) == sorted(names + [f"{name}.sha256sum" for name in names])
    for name in names:
        run("sha256sum", "--check", f"{name}.sha256sum", cwd=made)
    assert "## 0.98.7 (not released)" in (folder / "clone" / "CHANGELOG.md").read_text()
    run("tar", "--extract", "--file", made / names[0], cwd=folder)
    run(folder / "cairn-0.98.7/single_include/release.py", "check", cwd=folder)
    for header in ("cairn.hpp", "cairn_standalone.hpp"):
        (folder / "main.cpp").write_text(PROGRAM.replace("<cairn/checkpoint.hpp>", f'"{header}"'))
        run("g++", "-std=c++20", f"-I{made}", "main.cpp", "-o", "program", "-pthread", cwd=folder)
        assert "v0_98_7" in run("nm", "program", cwd=folder)
    return folder / "program"


def two_versions_in_one_program(folder):
    """Two libraries of a program, each with a version of its own: they exchange files, and share no function."""
    shutil.copytree(ROOT / "include", folder / "newer")
    version = folder / "newer" / "cairn" / "version.hpp"
    version.write_text(re.sub(r"(#define CAIRN_VERSION_MINOR) \d+", r"\1 99", version.read_text()))
    (folder / "library.cpp").write_text(PROGRAM.partition("int main")[0] + """
void FUNCTION_write(std::int64_t step) {
  State state{step};
  cairn::Checkpoint(state).write("saved");
}
std::int64_t FUNCTION_read() {
  State state;
  cairn::Checkpoint(state).read("saved").assert_consumed();
  return state.step;
}
""")
    (folder / "main.cpp").write_text("""#include <cstdint>
void older_write(std::int64_t);
void newer_write(std::int64_t);
std::int64_t older_read();
std::int64_t newer_read();
int main() {
  older_write(3);
  if (newer_read() != 3) return 1;
  newer_write(4);
  return older_read() == 4 ? 0 : 1;
}
""")
    symbols = {}
    for name, include in ("older", ROOT / "include"), ("newer", folder / "newer"):
        run("g++", "-std=c++20", f"-I{include}", f"-DFUNCTION_write={name}_write", f"-DFUNCTION_read={name}_read", "-c", "library.cpp",
            "-o", f"{name}.o", "-pthread", cwd=folder)
        symbols[name] = {line.split()[-1] for line in run("nm", "--defined-only", f"{name}.o", cwd=folder).splitlines() if "5cairn" in line}
    shared = symbols["older"] & symbols["newer"]
    assert len(symbols["older"]) > 1000 and not shared, f"both versions define {sorted(shared)[:5]}, of which the linker takes one"
    run("g++", "main.cpp", "older.o", "newer.o", "-o", "program", "-pthread", cwd=folder)
    return folder / "program"


WAYS = [headers, one_header, meson_subproject, cmake_find_package, cmake_add_subdirectory, cmake_fetch_content, pkg_config,
        cmake_says_what_is_missing, compiler_says_what_is_missing, vcpkg_port, two_versions_in_one_program, release]
LONG = [conan, wheel, debian_package]  # with CAIRN_TEST_ALL=true, or by name


def main():
    wanted = sys.argv[1:]
    known = [way.__name__ for way in WAYS + LONG]
    if unknown := [name for name in wanted if name not in known]:
        sys.exit(f"there is no way {', '.join(unknown)}; there are {', '.join(known)}")
    failed = False
    ways = counts.in_turn(WAYS, 3) + (LONG if os.environ.get("CAIRN_TEST_ALL") == "true" else [])
    for way in [each for each in WAYS + LONG if each.__name__ in wanted] if wanted else ways:
        name = f"ways in: {way.__name__.replace('_', ' ')}"
        with tempfile.TemporaryDirectory(prefix="cairn-way-") as folder:
            folder = pathlib.Path(folder)
            (folder / "main.cpp").write_text(PROGRAM)
            try:
                program = way(folder)
                if program:
                    run(program, cwd=folder)
                outcome, reason = "passed", ""
            except (RuntimeError, AssertionError) as error:
                outcome, reason, failed = "failed", str(error), True
        counts.record(outcome, name, reason[:300])
        print(f"{outcome}: {name}{': ' if reason else ''}{reason}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
