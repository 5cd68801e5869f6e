// Text computed at compile time in the form in which a compiler prints it readably inside the name of a class template:
// how a refusal shows the member or path it is about.
//
//   g++:                                     spelled<cairn::FixedString<7>{"weights"}>
//   clang 14 (shows strings as numbers):     spelled<'w', 'e', 'i', 'g', 'h', 't', 's'>
#pragma once

#include "../core/fixed_string.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace cairn::detail {

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
template <FixedString text>
struct spelled {
  static constexpr std::string_view view = text.view();
};

template <class Text>
[[nodiscard]] constexpr auto fixed() noexcept {
  FixedString<Text::text.size()> copy;
  for (std::size_t i = 0; i < Text::text.size(); ++i) copy.text[i] = Text::text[i];
  return copy;
}
template <class Text>
using Spelled = spelled<fixed<Text>()>;
#endif

#undef CAIRN_SPELLS_BY_LETTER

}  // namespace cairn::detail
