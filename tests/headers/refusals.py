#!/usr/bin/env python3
"""Every refusal of the compiler is a sentence, and every sentence has a case in tests/compile_fail that provokes it. And
every code of an Error stands in core/error.hpp with cause and cure, and a test expects it.

`refusals.py --write` puts the present sentences into the table of tests/compile_fail/README.md.

A refusal is a text that begins with "cairn: " in a static_assert. A case shows it when it expects how it begins:
    // expect: cairn: this member is volatile.
or, where the words of the compiler stand before ours with some version of Boost.PFR, when it says so:
    // refuses: cairn: this struct has a bit-field
"""
import re
import sys

from layers import HOUSE, ROOT, counts

CASES = ROOT / "tests" / "compile_fail"
README = CASES / "README.md"
TABLE = re.compile(r"^\| the compiler says \|.*\n(?:\|.*\n)+", re.M)

COMMENT = re.compile(r"^\s*//.*$", re.M)
ASSERT = re.compile(r"\bstatic_assert\s*\(")
LITERALS = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*')
EXPECTED = re.compile(r"^// (?:expect|refuses)(?: \S+)?: (cairn: .*)$", re.M)

# What is asserted of the machine or of our own code, so that no program of a user's can make it false; and what the newest
# compilers print, who can put the names into the sentence.
ASSUMPTIONS = {
    "core/element.hpp": ("CHAR_BIT == 8",),
    "exchange/safetensors.hpp": ("std::endian::native == std::endian::little",),
    "graph/detail/landings.hpp": ("sizeof(bool) == 1",),
    "core/detail/vec.hpp": ("noexcept(T(static_cast<T&&>(*begin_)))",),
    "ops/detail/window.hpp": ("sizeof(Sizes) % sizeof(std::uint64_t) == 0",),
    "tensor/detail/elements.hpp": ("sizeof(Block) == 16",),
    "checkpoint/detail/signals.hpp": ("std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free",),
    "reflect/detail/refusals.hpp": ("!std::is_same_v<Root, Root>, PathSentence<Wrong, DidYouMean>{}",),
    "graph/named_tensors.hpp": ("!std::is_same_v<T, AnyTensor>",),
}


def argument(text, at):
    """What stands between the bracket that opens before `at` and the one that closes it."""
    depth, begin = 1, at
    while depth:
        literal = LITERALS.match(text, at)
        at = literal.end() if literal else at + 1
        depth += 0 if literal else {"(": 1, ")": -1}.get(text[at - 1], 0)
    return text[begin : at - 1]


def asserts():
    """(header, what is asserted, the sentence or nothing) of every static_assert."""
    for header in sorted(HOUSE.rglob("*.hpp")):
        text = COMMENT.sub("", header.read_text(encoding="utf-8"))
        for found in ASSERT.finditer(text):
            whole = argument(text, found.end())
            literals = [literal for literal in LITERALS.findall(whole) if literal.startswith('"cairn: ')]
            sentence = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals[-1])) if literals else ""
            yield header.relative_to(HOUSE).as_posix(), " ".join(whole.split()), sentence


def gathered():
    """Sentence -> (headers, cases), in the order of the folders."""
    expected = [(found, case.stem) for case in sorted(CASES.glob("*.cpp"))
                for found in EXPECTED.findall(case.read_text(encoding="utf-8"))]
    refusals = {}
    for header, _, sentence in asserts():
        if sentence:
            headers, cases = refusals.setdefault(sentence, ([], []))
            headers.append(header)
            cases += [case for begin, case in expected if sentence.startswith(begin) and case not in cases]
    return refusals


def each_is_a_sentence():
    for header, asserted, sentence in asserts():
        if sentence:
            if not sentence.endswith("."):
                yield f"{header}: the refusal is no full sentence: {sentence}"
        elif "::ok" not in asserted.replace(" ", "") and asserted not in ASSUMPTIONS.get(header, ()):
            yield (f"{header}: static_assert({asserted}) says nothing. Give it a sentence that begins with 'cairn: ', or, if no "
                   "program of a user's can make it false, an entry in refusals.py")


def each_has_a_case():
    built = (CASES / "meson.build").read_text(encoding="utf-8")
    for sentence, (headers, cases) in gathered().items():
        if not cases:
            yield f"{', '.join(dict.fromkeys(headers))}: no case in tests/compile_fail expects: {sentence}"
    for case in sorted(CASES.glob("*.cpp")):
        if f"'{case.stem}'" not in built:
            yield f"tests/compile_fail/meson.build does not list {case.name}: it does not run"


def table():
    rows = ["| the compiler says | in | shown by |", "|---|---|---|"]
    for sentence, (headers, cases) in gathered().items():
        links = ", ".join(f"[{case.replace('_', ' ')}]({case}.cpp)" for case in cases)
        rows.append(f"| {sentence.removeprefix('cairn: ')} | {', '.join(dict.fromkeys(headers))} | {links} |")
    return rows


def the_table_is_fresh():
    text = README.read_text(encoding="utf-8")
    found = TABLE.search(text)
    if not found or found.group().splitlines() != table() or "\n|" in text[found.end() - 1:]:
        yield "the table of tests/compile_fail/README.md is not what the headers say; run tests/headers/refusals.py --write"


def each_code_is_explained():
    error = HOUSE / "core" / "error.hpp"
    listed = re.search(r"^enum class ErrorCode \{\n(.*?)^\};", error.read_text(encoding="utf-8"), re.M | re.S).group(1)
    thrown = {code for header in HOUSE.rglob("*.hpp") if header != error
              for code in re.findall(r"\bErrorCode::(\w+)", header.read_text(encoding="utf-8"))}
    expected = {code for test in (ROOT / "tests").rglob("*.cpp")
                for line in test.read_text(encoding="utf-8").splitlines() if "throw " not in line
                for code in re.findall(r"\bErrorCode::(\w+)", line)}
    for line in listed.splitlines():
        if not re.match(r"  \w+ = \d+,\s+// .+\. -> .+", line):
            yield f"core/error.hpp: no cause, or no cure behind an arrow: {line.strip()}"
    for code in sorted(thrown - expected):
        yield f"no test expects ErrorCode::{code}, which the library throws"


CHECKS = {"each static_assert is a sentence": each_is_a_sentence, "each has a case that provokes it": each_has_a_case,
          "the table of refusals is what the headers say": the_table_is_fresh,
          "each code of an Error has a cause, a cure and a test": each_code_is_explained}


def main():
    if sys.argv[1:] == ["--write"]:
        text = README.read_text(encoding="utf-8")
        README.write_text(TABLE.sub(lambda _: "\n".join(table()) + "\n", text), encoding="utf-8")
        return
    bad = False
    for name, check in CHECKS.items():
        faults = list(check())
        counts.record("failed" if faults else "passed", f"refusals: {name}")
        for fault in faults:
            print(fault)
        bad = bad or bool(faults)
    refusals = gathered()
    print(f"{len(refusals)} refusals")
    sys.exit(bad or not refusals)


if __name__ == "__main__":
    main()
