// The names of a struct's members, as the compiler spells them in the name of a function instantiated for a pointer to
// the member: Boost.PFR's own reading where it has one (Boost 1.84 on), ours on older ones. The two are never mixed:
// ours fails on g++ over the references that newer PFRs hand out.
#pragma once

#include "reflect_count.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__clang__)
#pragma clang diagnostic push
// The object whose members are pointed to is declared and never defined: only the addresses of its members are used.
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif

namespace CAIRN_NAMESPACE::reflect::detail {

// An object of T that is never defined; pointers to its members are used where nothing is evaluated. The class around T
// gives the declaration a linkage of its own where T is local to a function (PFR's own object has it from Boost 1.85
// on).
template <class T>
struct NeverMade {
  const T value;
};
template <class T>
extern const NeverMade<T> never_made;

// The type of a member, found by binding to a struct of `count` members, without the struct's const. (The struct that
// is bound is const, because a bit-field cannot be bound otherwise.)
template <class T, std::size_t count>
using TiedMembers = decltype(tie_members<count>(std::declval<const T&>()));
template <class T, std::size_t count, std::size_t I>
using BoundMember = std::remove_const_t<std::remove_reference_t<TiedReference<TiedMembers<T, count>, I>>>;

#if __has_include(<boost/pfr/core_name.hpp>)

template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr auto address_of_member() noexcept {
  auto tied = tie_members<count>(never_made<T>.value);
  return boost::pfr::detail::make_clang_wrapper(std::addressof(tied_member<I>(tied)));
}

template <class T, auto address>
inline constexpr auto stored_name = boost::pfr::detail::name_of_field<T, address>();

template <class T, auto address>
[[nodiscard]] constexpr std::string_view name_at() noexcept {
  return stored_name<T, address>.data();
}

#else

// clang takes the address of a member as a template argument only inside a class.
template <class T>
struct MemberAddress {
  const T* address;
};
template <class T>
MemberAddress(const T*) -> MemberAddress<T>;

template <class T, std::size_t count, std::size_t I>
[[nodiscard]] constexpr auto address_of_member() noexcept {
  auto tied = tie_members<count>(never_made<T>.value);
  return MemberAddress{std::addressof(tied_member<I>(tied))};
}

[[nodiscard]] constexpr bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The last identifier of the text: "weights" for "... = MemberAddress<float>{(&
// never_made<Model>.value.Model::weights)}]".
[[nodiscard]] constexpr std::string_view last_name(std::string_view text) noexcept {
  while (!text.empty() && !is_name_char(text.back())) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_name_char(text[begin - 1])) --begin;
  return text.substr(begin);
}

template <class T, auto address>
[[nodiscard]] constexpr const char* spelled_by_compiler() noexcept {
  return __PRETTY_FUNCTION__;  // a return type with a space or an alias in it would stand at the end of the text
}

// A copy of the name, so that the long text around it does not become a part of the program.
template <class T, auto address>
[[nodiscard]] constexpr auto copied_name() noexcept {
  constexpr std::string_view name = last_name(spelled_by_compiler<T, address>());
  std::array<char, name.size() + 1> copy{};
  for (std::size_t i = 0; i < name.size(); ++i) copy[i] = name[i];
  return copy;
}
template <class T, auto address>
inline constexpr auto stored_name = copied_name<T, address>();

template <class T, auto address>
[[nodiscard]] constexpr std::string_view name_at() noexcept {
  return {stored_name<T, address>.data(), stored_name<T, address>.size() - 1};
}

#endif

}  // namespace CAIRN_NAMESPACE::reflect::detail

#if defined(__clang__)
#pragma clang diagnostic pop
#endif
