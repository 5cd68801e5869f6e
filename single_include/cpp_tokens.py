"""The tokens of a header of ours, and what they declare. It reads the C++ that include/cairn/ is written in, not all of it."""
import re

TOKEN = re.compile(r"""
    (?P<gap> \s+ | //[^\n]* | /\*.*?\*/ | ^[ \t]*\#(?:[^\n\\]|\\.)* )
  | R"(?P<mark>[^\s()\\]*)\(.*?\)(?P=mark)" | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)+'
  | \d[\w.']* | [A-Za-z_]\w* | :: | -> | \[\[ | \]\] | .""", re.X | re.S | re.M)
WORD = re.compile(r"[A-Za-z_]\w*")
CLASSES = ("class", "struct", "union")
CLOSING = {"(": ")", "[": "]", "[[": "]]", "{": "}", "<": ">"}


class Tokens:
    """A text's tokens, without comments and directives, and where each begins and ends. The last one is empty."""

    def __init__(self, text):
        self.text = text
        found = [match for match in TOKEN.finditer(text) if match.lastgroup != "gap"]
        self.tokens = [match.group() for match in found] + [""]
        self.begin = [match.start() for match in found] + [len(text)]
        self.end = [match.end() for match in found] + [len(text)]

    def skip(self, at):
        """Behind the bracket that closes the one at `at`."""
        opening, depth = self.tokens[at], 0
        closing = CLOSING[opening]
        while True:
            token = self.tokens[at]
            if opening == "<" and token == "(":
                at = self.skip(at)
                continue
            depth += (token == opening) - (token == closing)
            at += 1
            if depth == 0:
                return at
            if not token:
                raise ValueError(f"no {closing} for {opening}")

    def declarations(self):
        """What stands in namespaces, each as (namespace, its tokens). Of brackets and bodies there is only what opens them;
        template parameters are left out."""
        namespaces, declaration, at = [], [], 0
        while self.tokens[at]:
            token = self.tokens[at]
            if token == "{" and "namespace" in declaration:
                namespaces.append("".join(declaration[declaration.index("namespace") + 1:]).replace("CAIRN_NAMESPACE", "cairn"))
                declaration = []
            elif token == "}" and not declaration:
                namespaces.pop()
            elif token in ("{", ";"):
                if token == "{":
                    at = self.skip(at) - 1
                    declaration.append(token)
                if token == ";" or (self.tokens[at + 1] != ";" and "=" not in declaration):
                    if declaration and declaration != ["{"]:
                        yield "::".join(namespaces), declaration
                    declaration = []
            elif token in ("[", "[[", "(") or token == "template" and self.tokens[at + 1] == "<":
                declaration += [token] if token in ("(", "template") else []
                at = self.skip(at + (token == "template")) - 1
            else:
                declaration.append(token)
            at += 1


NO_NAMES = ("requires", "noexcept", "decltype", "__attribute__")  # before a bracket
KINDS = CLASSES + ("enum", "concept")


def declared_name(declaration):
    """The name that these tokens declare, without what stood in brackets, or None."""
    words = list(declaration)
    if {"static_assert", "friend", "extern"} & set(words) or "namespace" in words:
        return None
    if "using" in words:
        return words[words.index("using") + 1] if "=" in words else words[-1]
    value = words.index("=") if "=" in words and "operator" not in words else len(words)
    if "operator" in words:
        begin = words.index("operator") + 1
        return "operator" + "".join(words[begin:words.index("(", begin)])
    for at in range(value - 1):
        if words[at + 1] == "(" and words[at] not in NO_NAMES and WORD.fullmatch(words[at]):
            return words[at] if words[at - 1] != "::" and not words[at].startswith("CEREAL_") else None
    kind = next((at for at, word in enumerate(words[:value]) if word in KINDS), None)
    if kind is not None:
        at = kind + 1 + (words[kind + 1] in CLASSES)
        return words[at] if at + 1 == len(words) or words[at + 1] not in ("<", "::") else None  # not what specialises
    return words[value - 1] if words[value - 1] != "{" else words[value - 2]
