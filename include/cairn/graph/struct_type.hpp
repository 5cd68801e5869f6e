// A plain struct: a node with a child per member, in the order of declaration, named as the members are.
#pragma once

#include "../core/type_name.hpp"
#include "members.hpp"
#include "object_type.hpp"
#include "reflect.hpp"
#include "slot_types.hpp"
#include "slot_variable_set.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::detail {

// A member as the walk meets it; one that is no child has no slot.
struct MemberChild {
  std::span<const std::string_view> names;
  const SlotType* slot = nullptr;
};

template <class T, std::size_t I, class Member = MemberType<T, I>>
[[nodiscard]] constexpr MemberChild child_of_member() noexcept {
  if constexpr (!is_saved<T, I>() || SlotsOfVariables<Member>) {
    return {};
  } else if constexpr (is_trackable<Member> && !std::is_const_v<Member>) {
    return {all_names<T, I>(), &slot_type<Member>};
  } else {
    static_cast<void>(refuse<RefusedMember<T, I, Member, why_type_is_refused<Member>()>>());
    return {};
  }
}
template <class T, std::size_t... I>
[[nodiscard]] constexpr std::array<MemberChild, sizeof...(I)> children_of_members(std::index_sequence<I...>) noexcept {
  return {child_of_member<T, I>()...};
}
// One table for each struct and one loop for all, in place of code for each member.
template <class T>
inline constexpr auto member_children = children_of_members<T>(std::make_index_sequence<member_count<T>()>{});

inline void list_members(std::span<const MemberChild> members, void* const* places, const ChildSink& sink) {
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].slot != nullptr)
      sink({.name = members[i].names.front(), .other_names = members[i].names, .slot = {places[i], members[i].slot}});
}

template <class T>
class TypeOf<T, Kind::structure> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return type_name<T>(); }
  void children(void* object, const ChildSink& sink) const override {
    list_members(member_children<T>, addresses_of_members(*static_cast<T*>(object)).data(), sink);
  }
  void slot_variables(void* object, const SlotVariablesSink& sink) const override {
    if constexpr (holds_slots(std::make_index_sequence<member_count<T>()>{}))
      for_each_member(*static_cast<T*>(object),
                      [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
                        if constexpr (is_saved<T, I>() && SlotsOfVariables<MemberType<T, I>>)
                          sink(saved_name<T, I>(), member, all_names<T, I>());
                      });
  }

 private:
  template <std::size_t... I>
  [[nodiscard]] static constexpr bool holds_slots(std::index_sequence<I...>) noexcept {
    return (SlotsOfVariables<MemberType<T, I>> || ...);
  }
};

}  // namespace cairn::detail
