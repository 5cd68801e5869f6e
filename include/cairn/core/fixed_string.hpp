// FixedString: text as a template argument.
//
//   template <cairn::FixedString Name> struct Attribute {};
//   Attribute<"weights"> weights;
#pragma once

#include "../version.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace CAIRN_NAMESPACE {

// A text of N bytes that a template argument can hold. It is made from a string literal.
template <std::size_t N>
struct FixedString {
  char text[N + 1] = {};  // the bytes, and a zero behind them

  constexpr FixedString() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a literal becomes a template argument only by conversion
  constexpr FixedString(const char (&literal)[N + 1]) { std::copy_n(literal, N + 1, text); }

  // The N bytes without the zero; valid as long as this object.
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N}; }
  friend constexpr bool operator==(const FixedString&, const FixedString&) = default;
};
template <std::size_t M>
FixedString(const char (&)[M]) -> FixedString<M - 1>;

}  // namespace CAIRN_NAMESPACE
