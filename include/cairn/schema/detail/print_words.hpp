// The words of a C++ program that print_struct writes: names, made from the names in a file, which may be any texts, and
// types, made from dtypes and shapes.
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/shape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace CAIRN_NAMESPACE::schema::detail {

[[nodiscard]] constexpr bool is_name_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
[[nodiscard]] constexpr bool is_digit_letter(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_keyword(std::string_view name) noexcept {
  constexpr std::string_view keywords[] = {
      "alignas",     "alignof",  "and",        "and_eq",    "asm",       "auto",         "bitand",
      "bitor",       "bool",     "break",      "case",      "catch",     "char",         "char16_t",
      "char32_t",    "char8_t",  "class",      "co_await",  "co_return", "co_yield",     "compl",
      "concept",     "const",    "const_cast", "consteval", "constexpr", "constinit",    "continue",
      "decltype",    "default",  "delete",     "do",        "double",    "dynamic_cast", "else",
      "enum",        "explicit", "export",     "extern",    "false",     "float",        "for",
      "friend",      "goto",     "if",         "inline",    "int",       "long",         "mutable",
      "namespace",   "new",      "noexcept",   "not",       "not_eq",    "nullptr",      "operator",
      "or",          "or_eq",    "private",    "protected", "public",    "register",     "reinterpret_cast",
      "requires",    "return",   "short",      "signed",    "sizeof",    "static",       "static_assert",
      "static_cast", "struct",   "switch",     "template",  "this",      "thread_local", "throw",
      "true",        "try",      "typedef",    "typeid",    "typename",  "union",        "unsigned",
      "using",       "virtual",  "void",       "volatile",  "wchar_t",   "while",        "xor",
      "xor_eq",      "cairn",    "std",        "linux",     "unix",      "errno",        "assert"};
  return std::find(std::begin(keywords), std::end(keywords), name) != std::end(keywords);
}

// True when a member may have this name: it is no keyword, and not reserved for the compiler.
[[nodiscard]] constexpr bool is_member_name(std::string_view name) noexcept {
  if (name.empty() || is_digit_letter(name[0]) || !std::all_of(name.begin(), name.end(), is_name_letter)) return false;
  const bool is_reserved =
      name.find("__") != name.npos || (name.size() > 1 && name[0] == '_' && name[1] >= 'A' && name[1] <= 'Z');
  const bool may_be_macro = std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; }) &&
                            name.size() > 1 && !is_digit_letter(name.back());
  return !is_reserved && !may_be_macro && !is_keyword(name);
}

// The name itself where a member may have it; else a similar name.
[[nodiscard]] inline std::string member_name_like(std::string_view name) {
  if (is_member_name(name)) return std::string(name);
  std::string made;
  bool has_lower = false;
  for (const char c : name) {
    const char letter = is_name_letter(c) ? c : '_';
    if (letter == '_' && (made.empty() || made.back() == '_')) continue;
    made += letter;
    has_lower = has_lower || (c >= 'a' && c <= 'z');
  }
  while (made.ends_with('_')) made.pop_back();
  if (made.empty()) return "child";
  if (is_digit_letter(made[0])) return "child_" + made;
  if (!has_lower)
    for (char& c : made)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return is_keyword(made) || !is_member_name(made) ? made + "_" : made;
}

// The name of a type for the name of a member: "DenseLayer" for "_dense_layer".
[[nodiscard]] inline std::string type_name_like(std::string_view name) {
  std::string made;
  bool begins = true;
  for (const char c : name) {
    if (!is_name_letter(c) || c == '_') {
      begins = true;
      continue;
    }
    made += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    begins = is_digit_letter(c);
  }
  if (made.empty() || is_digit_letter(made[0])) made.insert(0, "Item");
  return made;
}
// The name of an element for the name of its list: "layer" for "layers".
[[nodiscard]] inline std::string singular(std::string_view name) {
  if (name.size() > 3 && name.ends_with('s') && !name.ends_with("ss")) name.remove_suffix(1);
  return std::string(name);
}

// The text as a string literal, whatever its bytes are.
[[nodiscard]] inline std::string string_literal(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?')
      (made += '\\') += c;
    else if (byte >= 0x20 && byte < 0x7f)
      made += c;
    else
      for (const int shift : {-1, 6, 3, 0}) made += shift < 0 ? '\\' : static_cast<char>('0' + (byte >> shift & 7));
  }
  return made + "\"";
}
// The text for a comment: one line without control characters.
[[nodiscard]] inline std::string in_comment(std::string_view text) {
  std::string made;
  for (const char c : text.substr(0, 200)) made += static_cast<unsigned char>(c) < 0x20 || c == '\\' ? '_' : c;
  return text.size() > 200 ? made + "..." : made;
}

// The C++ type of an element; empty for a dtype that has none.
[[nodiscard]] inline std::string_view element_type(DType dtype) noexcept {
  switch (dtype) {
    case DT_FLOAT:
      return "float";
    case DT_DOUBLE:
      return "double";
    case DT_HALF:
      return "cairn::half";
    case DT_BFLOAT16:
      return "cairn::bfloat16";
    case DT_FLOAT8_E5M2:
      return "cairn::float8_e5m2";
    case DT_FLOAT8_E4M3FN:
      return "cairn::float8_e4m3fn";
    case DT_INT8:
      return "std::int8_t";
    case DT_INT16:
      return "std::int16_t";
    case DT_INT32:
      return "std::int32_t";
    case DT_INT64:
      return "std::int64_t";
    case DT_UINT8:
      return "std::uint8_t";
    case DT_UINT16:
      return "std::uint16_t";
    case DT_UINT32:
      return "std::uint32_t";
    case DT_UINT64:
      return "std::uint64_t";
    case DT_INT4:
      return "cairn::int4";
    case DT_UINT4:
      return "cairn::uint4";
    case DT_BOOL:
      return "bool";
    case DT_COMPLEX64:
      return "std::complex<float>";
    case DT_COMPLEX128:
      return "std::complex<double>";
    case DT_STRING:
      return "std::string";
    default:
      return "";
  }
}

[[nodiscard]] inline std::string extents_text(const Shape& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += ", " + std::to_string(extent);
  return text;
}
// The type of a Variable: "cairn::Variable<float, 784, 10>".
[[nodiscard]] inline std::string variable_type(DType dtype, const Shape& shape, bool is_dynamic = false) {
  std::string text = "cairn::Variable<" + std::string(element_type(dtype));
  for (const std::int64_t extent : shape) text += is_dynamic ? ", cairn::dynamic" : ", " + std::to_string(extent);
  return text + ">";
}
// The simplest type of a member: "float", "std::string" or "std::vector<std::string>" where the shape allows it, else a
// Variable.
[[nodiscard]] inline std::string plain_type(DType dtype, const Shape& shape) {
  if (shape.rank() == 0) return std::string(element_type(dtype));
  if (dtype == DT_STRING && shape.rank() == 1) return "std::vector<std::string>";
  return variable_type(dtype, shape);
}

// Gives each name once.
class GivenNames {
 public:
  [[nodiscard]] std::string give(const std::string& name) {
    if (given_.try_emplace(name, 1).second) return name;
    for (;;) {
      std::string next = name + (name.ends_with('_') || !is_digit_letter(name.back()) ? "" : "_");
      next += std::to_string(++given_[name]);
      if (given_.try_emplace(next, 1).second) return next;
    }
  }
  void take(const std::string& name) { given_.try_emplace(name, 1); }

 private:
  std::unordered_map<std::string, std::size_t> given_;  // the names, and how often each was asked for
};

}  // namespace CAIRN_NAMESPACE::schema::detail
