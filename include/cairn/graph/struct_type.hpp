// A plain struct: a node with a child per member, in the order of declaration, named as the members are.
#pragma once

#include "../core/type_name.hpp"
#include "members.hpp"
#include "object_type.hpp"
#include "reflect.hpp"
#include "slot_types.hpp"
#include "slot_variable_set.hpp"

#include <concepts>
#include <utility>

namespace cairn::detail {

template <class T>
concept SlotsOfVariables = std::derived_from<T, SlotVariableSet>;

template <class Type>
[[nodiscard]] consteval because why_type_is_refused() noexcept {
  if constexpr (std::is_const_v<Type> || std::is_const_v<typename Pointee<Type>::type>)
    return because::it_is_const;
  else if constexpr (is_weak_ptr<Type>)
    return because::it_is_a_weak_pointer;
  else
    return because::its_type_is_unknown;
}

// Refuses member I of T unless `can_be_tracked`, with a sentence that says what to do:
// static_assert(cannot_track<T, I, MemberType<T, I>, is_trackable<...>>::ok).
template <class T, std::size_t I, class Type, bool can_be_tracked>
struct cannot_track {
  static constexpr bool ok = true;
};
template <class T, std::size_t I, class Type>
struct cannot_track<T, I, Type, false> {
  static constexpr bool ok = !refuse<this_member_cannot_be_tracked<T, Spelled<MemberText<T, member_count<T>(), I>>,
                                                                   Type, why_type_is_refused<Type>()>>();
};

template <class T>
class TypeOf<T, Kind::structure> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return type_name<T>(); }
  void children(void* object, const ChildSink& sink) const override {
    for_each_member(*static_cast<T*>(object), [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
      using Member = MemberType<T, I>;
      if constexpr (is_saved<T, I>() && !SlotsOfVariables<Member>) {
        static_assert(cannot_track < T, I, Member, is_trackable<Member> && !std::is_const_v < Member >> ::ok);
        if constexpr (is_trackable<Member> && !std::is_const_v<Member>)
          sink({.name = saved_name<T, I>(), .other_names = all_names<T, I>(), .slot = slot_of(member)});
      }
    });
  }
  void slot_variables(void* object, const SlotVariablesSink& sink) const override {
    if constexpr (holds_slots(std::make_index_sequence<member_count<T>()>{}))
      for_each_member(*static_cast<T*>(object),
                      [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
                        if constexpr (is_saved<T, I>() && SlotsOfVariables<MemberType<T, I>>)
                          sink(saved_name<T, I>(), member);
                      });
  }

 private:
  template <std::size_t... I>
  [[nodiscard]] static constexpr bool holds_slots(std::index_sequence<I...>) noexcept {
    return (SlotsOfVariables<MemberType<T, I>> || ...);
  }
};

}  // namespace cairn::detail
