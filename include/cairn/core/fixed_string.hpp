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

// A text of N characters that a template argument can hold. `text` ends with a zero, which view() leaves out.
template <std::size_t N>
struct FixedString {
  // The characters, and a zero behind them.
  char text[N + 1] = {};

  constexpr FixedString() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a literal becomes a template argument only by conversion
  constexpr FixedString(const char (&literal)[N + 1]) { std::copy_n(literal, N + 1, text); }

  // Returns the text without the zero. The view is valid while the FixedString lives.
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N}; }
  friend constexpr bool operator==(const FixedString&, const FixedString&) = default;
};
template <std::size_t M>
FixedString(const char (&)[M]) -> FixedString<M - 1>;

}  // namespace CAIRN_NAMESPACE
