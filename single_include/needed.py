"""Which of its #includes a header needs that lost its functions' bodies, and which headers a door still has to name.

A header needs another one that declares a name which stands in it; or which it includes, and which specialises a template or
overloads an operator, for that has its effect without being named. Both being public, it keeps what it includes: that is part
of what it offers. A door names what has a public name or such an effect: who includes it sees nothing of `detail`. It also
names what refuses in a sentence: compilers print first through which headers they came there. Names are compared as words and
not looked up, so a header may be kept that is not needed.
"""
import posixpath
import re

from cpp_tokens import CLASSES, WORD, Tokens, declared_name

# Of the standard library, headers that are read slowly, and the words of which one stands in whatever needs them.
STANDARD = {
    "chrono": "chrono", "condition_variable": "condition_variable", "deque": "deque", "filesystem": "filesystem",
    "functional": "function hash bind invoke plus minus less greater equal_to not_fn reference_wrapper ref cref",
    "locale": "locale", "map": "map multimap", "mutex": "mutex lock_guard unique_lock scoped_lock once_flag call_once",
    "ranges": "ranges views", "set": "set multiset", "sstream": "istringstream ostringstream stringstream",
    "thread": "thread jthread this_thread", "unordered_map": "unordered_map", "unordered_set": "unordered_set",
    "variant": "variant monostate visit holds_alternative get_if bad_variant_access variant_size_v variant_alternative_t",
}
STANDARD_INCLUDE = re.compile(r"^#include <(%s)>.*\n" % "|".join(STANDARD), re.M)
INCLUDE = re.compile(r'^#include "([^"]+)".*\n', re.M)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(?!include|pragma)(.*)", re.M)


class Names:
    """What a header declares, and which words stand in it."""

    def __init__(self, text):
        header = Tokens(text)
        directives = DIRECTIVE.findall(text)
        self.words = {token for before, token in zip([""] + header.tokens, header.tokens) if before not in (".", "->") and WORD.match(token)}
        self.words.update(word for line in directives for word in WORD.findall(line))
        self.declared = {line.split()[1].split("(")[0] for line in directives if line.startswith("define ")}
        self.is_public = bool(self.declared)
        self.refuses = '"cairn: ' in text
        self.acts_unnamed = False
        if 'extern "C" {' in text:  # the declarations of a system's functions, and what they are about
            self.declared |= self.words
        for namespace, declaration in header.declarations():
            name = declared_name(declaration)
            if declaration[0] in CLASSES and len(declaration) == 2:  # `class Name;`: what it is, it need not know
                self.words.discard(name)
                continue
            if name and WORD.fullmatch(name):
                self.declared.add(name)
                self.is_public |= "detail" not in namespace.split("::")
            elif name or any(word in CLASSES for word in declaration):
                self.acts_unnamed = True
            self.acts_unnamed |= any(word.startswith("CEREAL_") for word in declaration)


def with_needed_includes(texts):
    """`texts`, by path below include/, each with the #includes of ours that it needs."""
    names = {path: Names(text) for path, text in texts.items()}
    included = {path: [posixpath.normpath(posixpath.join(posixpath.dirname(path), found)) for found in INCLUDE.findall(text)]
                for path, text in texts.items()}
    reached = {}

    def reach(path):
        """All that it includes, and what these do."""
        if path not in reached:
            reached[path] = set(included[path]).union(*(reach(other) for other in included[path]))
        return reached[path]

    def needed(path):
        if path.count("/") == 1:
            return [other for other in included[path]
                    if other.count("/") == 1 or names[other].is_public or names[other].acts_unnamed or names[other].refuses]
        return sorted(other for other in reach(path) if names[other].declared & names[path].words
                      or other in included[path] and (names[other].acts_unnamed or names[path].is_public and names[other].is_public))

    result = {}
    for path, text in texts.items():
        first = INCLUDE.search(text)
        if first:
            lines = "".join(f'#include "{posixpath.relpath(other, posixpath.dirname(path))}"\n' for other in needed(path))
            text = text[:first.start()] + lines + INCLUDE.sub("", text[first.start():])
        words = names[path].words
        result[path] = STANDARD_INCLUDE.sub(lambda found: found.group() if words & set(STANDARD[found.group(1)].split()) else "", text)
    return result
