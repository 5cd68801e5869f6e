// Bytes as people write them down.
#pragma once

#include <cairn/core/error.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::test {

// "08 01 1a" -> three bytes. Spaces and newlines are for the eye; what stands in single quotes is text.
[[nodiscard]] inline std::string bytes(std::string_view hex) {
  std::string out;
  int half = -1;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (hex[i] == '\'') {
      for (++i; hex[i] != '\''; ++i) out += hex[i];
    } else if (hex[i] != ' ' && hex[i] != '\n') {
      const int digit = hex[i] >= 'a' ? hex[i] - 'a' + 10 : hex[i] - '0';
      if (half < 0) {
        half = digit;
      } else {
        out += static_cast<char>(static_cast<unsigned char>(half * 16 + digit));
        half = -1;
      }
    }
  }
  return out;
}

[[nodiscard]] inline std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

// The Error that the call throws; the test fails when it throws none.
template <class Call>
[[nodiscard]] Error error_of(const Call& call) {
  try {
    static_cast<void>(call());
  } catch (const Error& error) {
    return error;
  }
  FAIL("no Error was thrown");
  return Error(ErrorCode::internal, "");
}

[[nodiscard]] inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace cairn::test
