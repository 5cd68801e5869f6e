// Texts of a file, which may be anything, as parts of a page and of a drawing.
//
//   </script><b>"\n   ->  \u003c/script\u003e\u003cb\u003e\"\\n     in JSON in HTML
//                     ->  &lt;/script&gt;&lt;b&gt;&quot;\n       in HTML
//
// What has no picture of its own is spelled first: control characters, bytes that are no UTF-8, and characters that
// turn the direction of the text that follows or break its line.
#pragma once

#include "../../format/detail/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::pictures::detail {

[[nodiscard]] constexpr bool has_no_picture(std::uint32_t code_point) noexcept {
  return (code_point >= 0x80 && code_point < 0xa0) || code_point == 0xad || code_point == 0x61c ||
         (code_point >= 0x200b && code_point <= 0x200f) || (code_point >= 0x2028 && code_point <= 0x202e) ||
         (code_point >= 0x2060 && code_point <= 0x206f) || code_point == 0xfeff ||
         (code_point >= 0xfff9 && code_point <= 0xfffb) || (code_point >= 0xe0000 && code_point <= 0xe0fff);
}

inline void append_hex(std::string& out, std::string_view before, std::uint32_t value, int digits) {
  out += before;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 0x0fu];
}

// Valid UTF-8 without control characters: "\n", "\x1b", "\xff", "\u202e".
[[nodiscard]] inline std::string readable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::uint32_t first = static_cast<unsigned char>(text[i]);
    if (first >= 0x80) {
      const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
      const std::string_view character = text.substr(i, length);
      if (character.size() != length || !format::detail::is_valid_utf8(character)) {
        append_hex(out, "\\x", first, 2);
        ++i;
        continue;
      }
      std::uint32_t code_point = first & (0xffu >> (length + 1));
      for (std::size_t k = 1; k < length; ++k)
        code_point = code_point << 6 | (static_cast<unsigned char>(character[k]) & 0x3fu);
      if (has_no_picture(code_point))
        append_hex(out, "\\u", code_point, code_point > 0xffff ? 5 : 4);
      else
        out += character;
      i += length;
      continue;
    }
    if (first == '\n')
      out += "\\n";
    else if (first == '\t')
      out += "\\t";
    else if (first < 0x20 || first == 0x7f)
      append_hex(out, "\\x", first, 2);
    else
      out += static_cast<char>(first);
    ++i;
  }
  return out;
}

// A JSON string, quotes included, that can stand in a script element.
inline void append_page_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : readable(text)) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '<' || c == '>' || c == '&')
      append_hex(out, "\\u", static_cast<unsigned char>(c), 4);
    else
      out += c;
  }
  out += '"';
}
template <std::integral T>
void append_page_json(std::string& out, T number) {
  out += std::to_string(number);
}
// null for what JSON has no word for.
inline void append_page_json(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  constexpr int digits = 7;
  std::array<char, 32> text{};
  out.append(text.data(),
             std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, digits).ptr);
}

// In an element or in the value of an attribute.
[[nodiscard]] inline std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : readable(text)) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

// Inside of quotes of DOT, where "\n" and "&lt;" mean something in a label.
[[nodiscard]] inline std::string dot_text(std::string_view text) {
  std::string out;
  for (const char c : readable(text)) {
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

// 31360 -> "31,360"
[[nodiscard]] inline std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}
// 31360 -> "31.4 kB"
[[nodiscard]] inline std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  constexpr std::string_view units = "kMGTPE";
  auto value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  std::array<char, 32> text{};
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  char* const end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
  return std::string(text.data(), end) + " " + units[unit] + "B";
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
