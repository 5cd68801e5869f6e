// A plain struct: a node with a child per member, in the order of declaration, named as the members are.
#pragma once

#include "../../core/detail/type_name.hpp"
#include "../../reflect/detail/reflect.hpp"
#include "../../reflect/members.hpp"
#include "object_type.hpp"
#include "slot_feature.hpp"
#include "slot_types.hpp"
#include "slot_variable_set.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// A member as the walk meets it; one that is no child has no slot.
struct MemberChild {
  std::span<const std::string_view> names;
  const SlotType* slot = nullptr;
};

template <class T, std::size_t I, class Member = reflect::detail::MemberType<T, I>>
[[nodiscard]] constexpr MemberChild child_of_member() noexcept {
  if constexpr (!reflect::detail::is_saved<T, I>() || reflect::detail::SlotsOfVariables<Member>) {
    return {};
  } else if constexpr (reflect::detail::is_trackable<Member> && !std::is_const_v<Member>) {
    return {reflect::detail::all_names<T, I>(), &slot_type<Member>};
  } else {
    static_cast<void>(core::detail::refuse<
                      reflect::detail::RefusedMember<T, I, Member, reflect::detail::why_type_is_refused<Member>()>>());
    return {};
  }
}
template <class T, std::size_t... I>
[[nodiscard]] constexpr std::array<MemberChild, sizeof...(I)> children_of_members(std::index_sequence<I...>) noexcept {
  return {child_of_member<T, I>()...};
}
// One table for each struct and one loop for all, in place of code for each member.
template <class T>
inline constexpr auto member_children =
    children_of_members<T>(std::make_index_sequence<reflect::detail::member_count<T>()>{});

inline void list_members(std::span<const MemberChild> members, void* const* places, const ChildSink& sink) {
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].slot != nullptr)
      sink({.name = members[i].names.front(), .other_names = members[i].names, .slot = {places[i], members[i].slot}});
}

template <class T>
class TypeOf<T, reflect::detail::Kind::structure> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  void children(void* object, const ChildSink& sink) const override {
    list_members(member_children<T>, reflect::detail::addresses_of_members(*static_cast<T*>(object)).data(), sink);
  }
  void slot_variables(void* object, const SlotVariablesSink& sink) const override {
    if constexpr (holds_slots(std::make_index_sequence<reflect::detail::member_count<T>()>{}))
      reflect::detail::for_each_member(
          *static_cast<T*>(object), [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
            if constexpr (reflect::detail::is_saved<T, I>() &&
                          reflect::detail::SlotsOfVariables<reflect::detail::MemberType<T, I>>)
              sink(reflect::detail::saved_name<T, I>(), member, reflect::detail::all_names<T, I>());
          });
  }
  [[nodiscard]] const SlotFeature* slot_feature() const noexcept override {
    if constexpr (holds_slots(std::make_index_sequence<reflect::detail::member_count<T>()>{}))
      return &detail::slot_feature;
    else
      return nullptr;
  }

 private:
  template <std::size_t... I>
  [[nodiscard]] static constexpr bool holds_slots(std::index_sequence<I...>) noexcept {
    return (reflect::detail::SlotsOfVariables<reflect::detail::MemberType<T, I>> || ...);
  }
};

}  // namespace CAIRN_NAMESPACE::graph::detail
