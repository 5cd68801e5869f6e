// Numbers in protobuf's text format: doubles read as it spells them, and written as Python prints them.
#pragma once

#include "../../core/detail/floats.hpp"

#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#if !defined(__cpp_lib_to_chars)
#include <locale>
#include <sstream>
#endif

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

// Returns a number that is_decimal() matches, without its sign. What is too large becomes an infinity, and what is too
// small 0. A locale changes nothing.
[[nodiscard]] CAIRN_COLD inline double decimal_value(const std::string& text) {
#if defined(__cpp_lib_to_chars)
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) return value;
  // Too large or too small: the power of ten of the first digit that is not 0 tells.
  const std::size_t e = text.find('e') == text.npos ? text.size() : text.find('e');
  const std::size_t point = text.find('.') == text.npos ? e : text.find('.');
  const bool is_small = e < text.size() && text[e + 1] == '-';
  long long power = 0;  // enough for any text that fits in memory
  for (std::size_t i = e + 1; i < text.size(); ++i)
    if (is_digit(text[i]) && power < 1'000'000'000'000'000) power = 10 * power + (text[i] - '0');
  const auto whole_digits = static_cast<long long>(point) - static_cast<long long>(text.find_first_not_of("0."));
  return whole_digits + (is_small ? -power : power) > 0 ? std::numeric_limits<double>::infinity() : 0;
#else  // libc++ before 20
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  double value = 0;
  stream >> value;
  return stream.fail() && value >= std::numeric_limits<double>::max() ? std::numeric_limits<double>::infinity() : value;
#endif
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
// "1e-05".
[[nodiscard]] CAIRN_COLD inline std::string format_double(double value) {
  if (core::detail::is_nan(value)) return "nan";
  if (!core::detail::is_finite(value)) return value < 0 ? "-inf" : "inf";
  char buffer[40];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, core::detail::magnitude(value), std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));  // d[.ddd]e+xx
  const std::size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  const std::string sign = core::detail::has_sign(value) ? "-" : "";
  if (exponent < -4 || exponent >= 16) return sign + std::string(text);
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  if (exponent < 0) return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const std::size_t whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace CAIRN_NAMESPACE::format::detail
