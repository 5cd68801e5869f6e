#!/usr/bin/env python3
"""The house: which folder of include/cairn may include which, what is public and what is not, what macros may leave a header.

A header in X/detail/ declares in cairn::X::detail only; one in X/ has a name that users may use. A header of more than 400
lines of code is named, which is advice: two ideas may be in it.

`layers.py --table` prints the table of arrows as the map of the guide shows it.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOUSE = ROOT / "include" / "cairn"
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "single_include")]
import counts  # noqa: E402
from cpp_tokens import CLASSES, Tokens, WORD, declared_name  # noqa: E402

# Folder -> (the question it answers, the folders it may include besides itself). A new arrow is a design decision.
LAYERS = {
    "core": ("which types do all folders use?", ""),
    "tensor": ("what is a value in memory?", "core"),
    "io": ("how do bytes reach the disk safely and fast?", "core"),
    "format": ("how are a file's bytes laid out?", "core io"),
    "bundle": ("where in the files is the tensor of this name?", "core tensor io format"),
    "reflect": ("what does the type of a struct say?", "core tensor"),
    "graph": ("what does an object of the program hold?", "core tensor reflect"),
    "checkpoint": ("what is saved, matched, kept?", "core tensor io format bundle reflect graph"),
    "cereal": ("how does cereal save into a checkpoint, and read from it?", "core tensor bundle reflect graph checkpoint"),
    "edit": ("what is in this checkpoint, and how do I change it?", "core tensor io format bundle reflect graph"),
    "exchange": ("how does a checkpoint become a file of another program?", "core tensor io format bundle reflect graph edit"),
    "exchange/hdf5": ("how does a model get its values from Keras' own files?", "core tensor io format bundle reflect graph checkpoint edit exchange keras"),
    "picture": ("what does a checkpoint look like?", "core tensor io format bundle reflect graph edit"),
    "schema": ("does this program's struct fit that checkpoint, at compile time?", "core tensor format reflect graph"),
    "ops": ("what can be computed and differentiated?", "core tensor"),
    "keras": ("what do Keras' layers and optimizers hold and do?", "core tensor reflect graph ops"),
    "types": ("how are arrays of other libraries saved?", "core tensor reflect graph"),
    "partition": ("which part of a state does each of many processes hold?", "core tensor format bundle reflect graph"),
    "mpi": ("how do many processes write one checkpoint?", "core tensor io format bundle reflect graph partition checkpoint"),
    "testing": ("what does a program do when the disk fails?", "core io"),
}
# The namespace of a folder where its own name would hide something: cereal's namespace, and the function picture(); and of
# a folder in another one.
NAMESPACES = {"cereal": "archive", "picture": "pictures", "exchange/hdf5": "exchange"}
# What a door offers besides its folder.
DOORS = {"checkpoint": "edit"}
# Doors that need more than is always installed, are for tests, or cost every program: they are in no other door.
ALONE = {"json", "mpi", "testing", "types", "exchange/hdf5"}
# The headers beside the folders that are no folder's door: cairn.hpp is for programs that train, all.hpp has every door.
LOOSE = {"version": "core", "fwd": "core", "json": "core cereal checkpoint",
         "cairn": "core tensor bundle reflect graph checkpoint cereal edit ops keras version fwd",
         "all": " ".join(LAYERS.keys() - ALONE) + " cairn version fwd"}
EVERYWHERE = {"fwd", "version"}

PUBLIC_MACROS = {"CAIRN_VERSION_MAJOR", "CAIRN_VERSION_MINOR", "CAIRN_VERSION_PATCH", "CAIRN_NAMESPACE", "CAIRN_INLINE_NAMESPACE",
                 "CAIRN_INLINE_NAMESPACE_OF", "CAIRN_COLD", "CAIRN_NOINLINE"}
FORM_MACROS = {"CAIRN_TREE", "CAIRN_FOLDED"}  # by these the two forms refuse each other
TREE = HOUSE / "core" / "detail" / "tree.hpp"
MANY_LINES = 400

# Standard headers that take g++ a fifth of a second each, or more. A public header has one for the reason that is given here.
HEAVY = {
    "complex": {"edit/diff.hpp": "computes with complex numbers",
                "tensor/print.hpp": "prints complex numbers"},
    "filesystem": {},
    "functional": {"bundle/writer.hpp": "keeps pieces that come from a function", "checkpoint/checkpoints_iterator.hpp": "keeps functions of the user's",
                   "checkpoint/manager_options.hpp": "keeps functions of the user's", "checkpoint/options.hpp": "keeps functions of the user's",
                   "checkpoint/retention.hpp": "keeps a function of the user's", "exchange/tensor_file.hpp": "keeps functions that read a file",
                   "checkpoint/checkpoint_saver.hpp": "keeps functions of the user's"},
    "iostream": {},
    "map": {"bundle/rewrite.hpp": "keeps tensors by name", "edit/checkpoint_editor.hpp": "keeps edits by name",
            "edit/checkpoint_reader.hpp": "returns maps, as TensorFlow does", "edit/checkpoint_view.hpp": "returns a map",
            "exchange/tensor_file.hpp": "keeps metadata by name",
            "checkpoint/checkpoint_saver.hpp": "Trackables is a map", "graph/slot_variables.hpp": "keeps slots by variable",
            "keras/summary.hpp": "counts by name", "schema/print_values.hpp": "returns a map",
            "testing/memory_file_system.hpp": "is a map of files"},
    "mutex": {"edit/checkpoint_reader.hpp": "is read by several threads", "testing/memory_file_system.hpp": "is written by several threads"},
    "ranges": {"edit/new_value.hpp": "takes ranges"},
    "regex": {},
    "thread": {},
    "variant": {},
}

# Where those libraries are that have a folder of their own.
FOLDERS_OF_LIBRARIES = [f"-isystem{folder}" for folder in ("/usr/include/eigen3", "/usr/include/opencv4", "/usr/lib/x86_64-linux-gnu/openmpi/include",
                                                          "/usr/include/hdf5/serial") if pathlib.Path(folder).is_dir()]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.M)
DEFINE = re.compile(r"^\s*#\s*define\s+(\w+)", re.M)
UNDEF = re.compile(r"^\s*#\s*undef\s+(\w+)", re.M)

OF_LIBRARIES = sorted([*(HOUSE / "types").glob("*.hpp"), HOUSE / "mpi.hpp", *(HOUSE / "exchange").glob("hdf5*/**/*.hpp"), HOUSE / "exchange" / "hdf5.hpp"])


def missing_include(command, header):
    """One of another library's headers that the compiler does not find, and this one includes; or nothing."""
    asked = subprocess.run([*command, "-E", "-x", "c++", "-"], input=f'#include "{header}"\n', capture_output=True, text=True)
    if asked.returncode == 0:
        return ""
    found = re.search(r"fatal error: '?([^':\n]+)'?:? (?:No such file|file not found)", asked.stderr)
    return found.group(1) if found else header.stem  # by an #error


def layer(path):
    """The folder, or for bundle.hpp the folder whose door it is."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return "/".join(parts[:2]) if "/".join(parts[:2]) in LAYERS else parts[0]


def is_public(header):
    """Users may include it: a door, or what stands beside the folders `detail`."""
    return "detail" not in header.relative_to(HOUSE).parts


def may_include(header):
    name = layer(header)
    offered = DOORS.get(name, "").split() if header.parent == HOUSE else []
    return set(LAYERS[name][1].split() if name in LAYERS else LOOSE[name].split()) | {name, *offered} | EVERYWHERE


def arrows(header, text):
    if layer(header) not in LAYERS.keys() | LOOSE.keys():
        yield f"the folder {layer(header)}/ has no place in the house; enter it into the table of layers.py"
        return
    for angle, quoted in INCLUDE.findall(text):
        if angle:
            if angle.startswith("cairn/"):
                yield f"#include <{angle}>: our own headers are included by relative path, \"../core/error.hpp\""
            continue
        target = (header.parent / quoted).resolve()
        if quoted.startswith("/") or not target.is_relative_to(HOUSE) or not target.is_file():
            yield f'#include "{quoted}" names no header of ours relative to this one; third party goes in <>'
        elif layer(target) not in may_include(header):
            yield (f"{layer(header)} -> {layer(target)} (#include \"{quoted}\") is no arrow of the house: {layer(header)} may include "
                   f"{', '.join(sorted(may_include(header)))}. Move the part to the folder it belongs to, or pass in what it needs")


def macros(header, text):
    gone = set(UNDEF.findall(text))
    for name in DEFINE.findall(text):
        if not name.startswith("CAIRN_"):
            yield f"#define {name}: our macros begin with CAIRN_"
        elif name not in PUBLIC_MACROS | FORM_MACROS | gone:
            yield f"#define {name} leaves the header: #undef it at the end"


def weight(header, text):
    name = header.relative_to(HOUSE).as_posix()
    if not is_public(header):
        return
    included = {angle for angle, _ in INCLUDE.findall(text)}
    for heavy, reasons in HEAVY.items():
        if heavy in included and name not in reasons:
            yield (f"#include <{heavy}>: that header takes long to compile, and whoever includes this one pays for it. Do without, as core/detail/"
                   "function_ref.hpp does, or enter the reason into the table of layers.py")


def shape(header, text):
    if text.count("#pragma once") != 1:
        yield "no #pragma once"
    if not text.startswith("//"):
        yield "the first lines do not say what this is and where it stands in the data's way"
    if header != TREE and not any(quoted for _, quoted in INCLUDE.findall(text)):
        yield f"it includes no header of ours; it must include version.hpp, or mixing it with a folded header is not refused"
    if re.search(r"^namespace cairn\b", text, re.M):
        yield "it opens namespace cairn without the version; write `namespace CAIRN_NAMESPACE` or `namespace CAIRN_NAMESPACE::folder`"


def privacy(header, text):
    folder = layer(header)
    if header == HOUSE / f"{folder}.hpp" or header.parent == HOUSE:
        return
    declarations = [(namespace.split("::"), declared_name(declaration)) for namespace, declaration in Tokens(text).declarations()
                    if not (declaration[0] in CLASSES and len(declaration) == 2)]
    private = ["cairn", NAMESPACES.get(folder, folder), "detail"]
    if not is_public(header):
        for namespace, name in declarations:
            if name and namespace[:1] == ["cairn"] and namespace[:3] != private and WORD.fullmatch(name):
                yield f"{'::'.join(namespace)}::{name} is not in {'::'.join(private)}; what users may name stands outside of detail/"
    elif folder != "types" and not any(name and "detail" not in namespace for namespace, name in declarations):  # types/ joins classes of others
        yield f"nothing in it is a user's; it belongs into {folder}/detail/"
    elif any("detail" in namespace and namespace[:2] != private[:2] and namespace[:1] == ["cairn"] for namespace, name in declarations if name):
        yield f"a private name is not in {'::'.join(private)}"


def advice(header, text):
    for heavy, reasons in HEAVY.items():
        if header.relative_to(HOUSE).as_posix() in reasons and f"#include <{heavy}>" not in text:
            return f"it does without <{heavy}> now: take it out of the table of layers.py"
    lines = sum(not line.lstrip().startswith("//") for line in text.splitlines())
    return f"{lines} lines of code; are they two ideas?" if lines > MANY_LINES else ""


def doors():
    for name in LAYERS:
        if any((HOUSE / name).glob("**/*.hpp")) and not (HOUSE / f"{name}.hpp").is_file():
            yield HOUSE / name, "has no door header beside it"
    offered = {quoted for _, quoted in INCLUDE.findall((HOUSE / "all.hpp").read_text(encoding="utf-8"))}
    for door in sorted(HOUSE.glob("*.hpp")):
        if door.stem not in ALONE | {"all"} and door.name not in offered:
            yield door, "is not in all.hpp"


CHECKS = {
    "the includes follow the arrows of the house": arrows,
    "no private macro leaves a header": macros,
    "a public header includes no heavy standard header without a reason": weight,
    "a header is guarded and says what it is": shape,
    "what is private is in detail, and only that": privacy,
}


def table():
    rows = ["| folder | its question | may include |", "|---|---|---|"]
    return rows + [f"| {name} | {question} | {below.replace(' ', ', ') or '-'} |" for name, (question, below) in LAYERS.items()]


def main():
    if sys.argv[1:] == ["--table"]:
        print("\n".join(table()))
        return
    headers = sorted(HOUSE.rglob("*.hpp"))
    bad = False
    for name, check in CHECKS.items():
        found = [(header, text) for header in headers for text in check(header, header.read_text(encoding="utf-8"))]
        if check is shape:
            found += doors()
        for header, text in found:
            print(f"{header.relative_to(ROOT)}: {text}")
        counts.record("failed" if found else "passed", f"headers: {name}")
        bad = bad or bool(found)
    for header in headers:
        if said := advice(header, header.read_text(encoding="utf-8")):
            print(f"{header.relative_to(ROOT)}: advice: {said}")
    print(f"{len(headers)} headers looked at")
    sys.exit(bad or not headers)


if __name__ == "__main__":
    main()
