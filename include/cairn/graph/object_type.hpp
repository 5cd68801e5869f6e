// From a type to its ObjectType and its SlotType: the two doors between templates and the walk.
#pragma once

#include "object.hpp"
#include "trackable.hpp"

namespace cairn::detail {

template <class T, Kind kind = kind_of<T>()>
class TypeOf;  // an ObjectType; specialised in leaf_types.hpp, container_types.hpp and struct_type.hpp

template <class T>
class SlotOf;  // the SlotType of a pointer; in slot_types.hpp

template <class T>
class TypeOf<T, Kind::none> final : public ObjectType {  // only so that a refusal stays the only error
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return {}; }
};

template <class T>
class TypeOf<T, Kind::adapted> final : public Adapter<T>::type {};
template <class T>
class TypeOf<T, Kind::archived> final : public ArchivedAs<T>::type {};

template <class T>
[[nodiscard]] const ObjectType& object_type() {
  if constexpr (constexpr because reason = why_type_is_refused<T>(); reason != because::nothing)
    static_cast<void>(refuse<this_type_cannot_be_tracked<T, reason>>());
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
