// Bytes as people write them down, and what is refused of them.
#pragma once

#include <doctest/doctest.h>

#include "support/errors.hpp"

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

// The Error that the call throws; the test fails when it has another code, or not these words in its sentence.
template <class Call>
Error refusal_of(const Call& call, ErrorCode code, std::string_view words) {
  Error error = error_of(call);
  CHECK(error.code() == code);
  CHECK_MESSAGE(contains(error.what(), words), error.what());
  return error;
}

}  // namespace cairn::test
