// A number of the command line.
#pragma once

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace tool {

// All of the text as a number; nullopt where it is none, or too large.
template <class Number>
[[nodiscard]] std::optional<Number> number_of(std::string_view text) {
#if !defined(__cpp_lib_to_chars)  // libc++ before 20, whose from_chars knows integers
  if constexpr (std::is_floating_point_v<Number>) {
    // What strtod takes, and from_chars does not.
    const std::string_view unsigned_text = text.substr(text.starts_with('-') ? 1 : 0);
    if (text.empty() || text.find_first_of("xX") != text.npos || unsigned_text.find_first_of("+- \t\n\v\f\r") == 0)
      return std::nullopt;
    const std::string terminated(text);
    char* end = nullptr;
    errno = 0;
    Number number{};
    if constexpr (std::is_same_v<Number, float>)
      number = std::strtof(terminated.c_str(), &end);
    else
      number = std::strtod(terminated.c_str(), &end);
    const bool is_out_of_range = errno == ERANGE && (std::isinf(number) || number == 0);
    if (is_out_of_range || end != terminated.c_str() + terminated.size()) return std::nullopt;
    return number;
  } else
#endif
  {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
  }
}

}  // namespace tool
