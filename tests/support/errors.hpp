// The Error that a call throws: its code, its sentence, or all of it.
#pragma once

#include <cairn/core/error.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cairn::test {

// The code of the Error that `call` throws; nullopt when it throws none.
template <class Call>
std::optional<ErrorCode> code_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

// The sentence of the Error that `call` throws; empty when it throws none.
template <class Call>
std::string sentence_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// The Error that `call` throws; the test fails when it throws none.
template <class Call>
[[nodiscard]] Error error_of(Call call) {
  try {
    static_cast<void>(call());
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no Error was thrown");
}

[[nodiscard]] inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace cairn::test
