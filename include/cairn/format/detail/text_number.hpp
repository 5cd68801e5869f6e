// Numbers in protobuf's text format: doubles read as it spells them, and written as Python prints them.
#pragma once

#include "../../core/detail/floats.hpp"

#include <clocale>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::format::detail {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
[[nodiscard]] constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  const char lower = to_lower(c);
  return is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Matches [+-] digits [. digits] [e [+-] digits], with a digit on at least one side of the point, and without leading
// zeros before further digits. (Protobuf reads those as octal, and refuses them for doubles.)
[[nodiscard]] constexpr bool is_decimal(std::string_view text) noexcept {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - begin;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  const std::size_t whole_begin = i;
  const std::size_t whole = digits();
  const bool octal = whole > 1 && text[whole_begin] == '0';
  std::size_t fraction = 0;
  if (i < text.size() && text[i] == '.') {
    ++i;
    fraction = digits();
  }
  if (whole + fraction == 0 || octal) return false;
  if (i < text.size() && to_lower(text[i]) == 'e') {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

// Returns a number that is_decimal() matches. What is too large becomes an infinity, and what is too small 0. The C
// library reads it, with the point of the program's locale: std::from_chars would add 50 KB to a static program.
[[nodiscard]] CAIRN_COLD inline double decimal_value(std::string text) {
  if (const std::size_t point = text.find('.'); point != text.npos)
    text.replace(point, 1, std::localeconv()->decimal_point);
  return std::strtod(text.c_str(), nullptr);
}

// Reads a double as protobuf's text format spells it; nullopt for any other text. A number that is too large becomes an
// infinity.
[[nodiscard]] CAIRN_COLD inline std::optional<double> parse_double(std::string_view text) {
  std::string lower;
  for (const char c : text) lower.push_back(to_lower(c));
  const bool negative = lower.starts_with('-');
  const std::string_view word = std::string_view(lower).substr(negative ? 1 : 0);
  if (word == "inf" || word == "infinity" || word == "inff" || word == "infinityf")
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  if (word == "nan" || word == "nanf") return std::numeric_limits<double>::quiet_NaN();
  if (lower.ends_with('f')) lower.pop_back();
  if (!is_decimal(lower)) return std::nullopt;
  if (lower[0] == '+' || negative) lower.erase(0, 1);
  const double value = decimal_value(lower);
  return negative ? -value : value;
}

// Returns the shortest digits that read back as this number, as Python's repr: "1700000000.0", "20.5", "1e+16",
// "1e-05". The C library writes it, whose point is that of the program's locale: std::to_chars would add 170 KB to a
// static program.
[[nodiscard]] CAIRN_COLD inline std::string format_double(double value) {
  if (core::detail::is_nan(value)) return "nan";
  if (!core::detail::is_finite(value)) return value < 0 ? "-inf" : "inf";
  const double magnitude = core::detail::magnitude(value);
  char text[40];  // d.ddde+xx
  int size = 0;
  // Fifteen digits hold every decimal number of so many digits. Of sixteen and seventeen, and of fewer where a double
  // is so small that it has less precision, the first that reads back is the shortest.
  for (int digits = magnitude < std::numeric_limits<double>::min() ? 1 : 15; digits <= 17; ++digits) {
    size = std::snprintf(text, sizeof text, "%.*e", digits - 1, magnitude);
    if (std::strtod(text, nullptr) == magnitude) break;
  }
  std::string digits, tail;
  for (int i = 0; i < size; ++i) {
    if (text[i] == 'e') tail.assign(text + i, static_cast<std::size_t>(size - i));
    if (tail.empty() && is_digit(text[i])) digits += text[i];
  }
  while (digits.size() > 1 && digits.ends_with('0')) digits.pop_back();
  const int exponent = std::atoi(tail.c_str() + 1);
  const std::string sign = core::detail::has_sign(value) ? "-" : "";
  if (exponent < -4 || exponent >= 16)
    return sign + digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "") + tail;
  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const std::size_t whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace CAIRN_NAMESPACE::format::detail
