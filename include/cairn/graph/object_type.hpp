// From a type to its ObjectType and its SlotType: the two doors between templates and the walk.
#pragma once

#include "object.hpp"
#include "trackable.hpp"

namespace cairn::detail {

template <class T, Kind kind = kind_of<T>()>
class TypeOf;  // an ObjectType; specialised in leaf_types.hpp, container_types.hpp and struct_type.hpp

template <class T>
class SlotOf;  // the SlotType of a pointer; in slot_types.hpp

// Refuses a type that stands in no struct (an element of a list, an argument of Checkpoint); for members
// struct_type.hpp says it with the member's name.
template <class Type, bool can_be_tracked>
struct this_type_cannot_be_tracked {
  static_assert(
      can_be_tracked,
      "cairn: this type cannot be saved. Make it a Variable, a plain struct of such or a standard container of "
      "them, give its class a cereal serialize function, or keep it out of what is tracked.");
  static constexpr bool ok = can_be_tracked;
};

template <class T>
class TypeOf<T, Kind::none> final : public ObjectType {  // only so that the refusal below stays the only error
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return {}; }
};

template <class T>
class TypeOf<T, Kind::adapted> final : public Adapter<T>::type {};
template <class T>
class TypeOf<T, Kind::archived> final : public ArchivedAs<T>::type {};

template <class T>
[[nodiscard]] const ObjectType& object_type() {
  static_assert(this_type_cannot_be_tracked<T, (kind_of<T>() != Kind::none && !std::is_const_v<T>)>::ok);
  if constexpr (requires { TypeOf<T>::the_only; }) {
    return TypeOf<T>::the_only;
  } else {
    static const TypeOf<T> type;
    return type;
  }
}

// The object is the place.
class DirectSlot final : public SlotType {
 public:
  explicit constexpr DirectSlot(const ObjectType& (*type)()) noexcept : type_(type) {}
  [[nodiscard]] Object get(void* place) const override { return {place, &type_()}; }

 private:
  const ObjectType& (*const type_)();
};

template <class T>
inline constexpr DirectSlot slot_type{&object_type<T>};
template <class T>
  requires(kind_of<T>() == Kind::pointer)
inline constexpr SlotOf<T> slot_type<T>{};

template <class T>
[[nodiscard]] Slot slot_of(T& place) {
  return {&place, &slot_type<T>};
}

}  // namespace cairn::detail
