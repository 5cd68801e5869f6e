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
