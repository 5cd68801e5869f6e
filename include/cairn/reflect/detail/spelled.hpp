// Spelled<Text>: a computed text as a type whose name a compiler prints readably. A refusal shows the member or path
// that it refuses so.
//
//   g++:                                     spelled<cairn::FixedString<7>{"weights"}>
//   clang 14 (shows strings as numbers):     spelled<'w', 'e', 'i', 'g', 'h', 't', 's'>
#pragma once

#include "../../core/fixed_string.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::reflect::detail {

#if defined(__clang__) && __clang_major__ < 16
#define CAIRN_SPELLS_BY_LETTER 1
#else
#define CAIRN_SPELLS_BY_LETTER 0
#endif

// `Text` is a class whose constant `text` is a std::string_view.
#if CAIRN_SPELLS_BY_LETTER
template <char... letters>
struct spelled {};

template <class Text, std::size_t... I>
[[nodiscard]] constexpr auto spell(std::index_sequence<I...>) noexcept {
  return spelled<Text::text[I]...>{};
}
template <class Text>
using Spelled = decltype(spell<Text>(std::make_index_sequence<Text::text.size()>{}));
#else
template <FixedString... pieces>
struct spelled {
  static constexpr auto whole = [] {
    FixedString<(std::size_t{0} + ... + pieces.view().size())> joined;
    std::size_t end = 0;
    const auto append = [&](std::string_view piece) {
      for (const char c : piece) joined.text[end++] = c;
    };
    (append(pieces.view()), ...);
    return joined;
  }();
  static constexpr std::string_view view = whole.view();
};

// clang prints the first 32 letters of a text only.
#if defined(__clang__)
inline constexpr std::size_t longest_piece = 32;
#else
inline constexpr std::size_t longest_piece = static_cast<std::size_t>(-1);
#endif
template <class Text, std::size_t begin, std::size_t size>
[[nodiscard]] constexpr auto fixed() noexcept {
  FixedString<size> copy;
  for (std::size_t i = 0; i < size; ++i) copy.text[i] = Text::text[begin + i];
  return copy;
}
template <class Text, std::size_t... I>
[[nodiscard]] constexpr auto spell(std::index_sequence<I...>) noexcept {
  constexpr std::size_t size = Text::text.size();
  return spelled<
      fixed<Text, I * longest_piece, (I + 1 < sizeof...(I) ? longest_piece : size - I * longest_piece)>()...>{};
}
template <class Text>
using Spelled = decltype(spell<Text>(
    std::make_index_sequence<(Text::text.empty() ? 1 : 1 + (Text::text.size() - 1) / longest_piece)>{}));
#endif

#undef CAIRN_SPELLS_BY_LETTER

}  // namespace CAIRN_NAMESPACE::reflect::detail
