// A plain struct: a node with a child per member, in the order of declaration, named as the members are.
#pragma once

#include "../core/type_name.hpp"
#include "members.hpp"
#include "object_type.hpp"
#include "reflect.hpp"
#include "slot_types.hpp"

namespace cairn::detail {

template <class T>
class TypeOf<T, Kind::structure> final : public ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return type_name<T>(); }
  void children(void* object, const ChildSink& sink) const override {
    for_each_member(*static_cast<T*>(object), [&]<std::size_t I>(std::integral_constant<std::size_t, I>, auto& member) {
      using Member = MemberType<T, I>;
      if constexpr (is_saved<T, I>()) {
        static_assert(cannot_track < T, I, Member, is_trackable<Member> && !std::is_const_v < Member >> ::ok);
        if constexpr (is_trackable<Member> && !std::is_const_v<Member>)
          sink({.name = saved_name<T, I>(), .other_names = all_names<T, I>(), .slot = slot_of(member)});
      }
    });
  }
};

}  // namespace cairn::detail
