// From a type to its ObjectType and its SlotType: the two doors between templates and the walk.
#pragma once

#include "../../reflect/detail/trackable.hpp"
#include "object.hpp"

namespace CAIRN_NAMESPACE::graph::detail {

template <class T, reflect::detail::Kind kind = reflect::detail::kind_of<T>()>
class TypeOf;  // an ObjectType; specialised in leaf_types.hpp, container_types.hpp and struct_type.hpp

template <class T>
class SlotOf;  // the SlotType of a pointer; in slot_types.hpp

template <class T>
class TypeOf<T, reflect::detail::Kind::none> final : public ObjectType {  // only so that a refusal stays the only error
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return {}; }
};

template <class T>
class TypeOf<T, reflect::detail::Kind::adapted> final : public reflect::detail::Adapter<T>::type {};
template <class T>
class TypeOf<T, reflect::detail::Kind::archived> final : public reflect::detail::ArchivedAs<T>::type {};

// A sequence as a list of nodes, whatever it is saved as.
template <class C>
[[nodiscard]] const ObjectType* list_type() {
  static const TypeOf<C, reflect::detail::Kind::list> type;
  return &type;
}

// ObjectType::earlier_form() of a type that was archived by cereal as a whole once.
template <class T>
[[nodiscard]] const LeafType* earlier_form_of() noexcept {
  if constexpr (reflect::detail::Archivable<T>) {
    static const typename reflect::detail::ArchivedAs<T>::type form;
    return &form;
  } else {
    return nullptr;
  }
}

template <class T>
[[nodiscard]] const ObjectType& object_type() {
  if constexpr (constexpr reflect::detail::because reason = reflect::detail::why_type_is_refused<T>();
                reason != reflect::detail::because::nothing)
    static_cast<void>(core::detail::refuse<reflect::detail::this_type_cannot_be_tracked<T, reason>>());
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

// Of a part of an object, which has no C++ type of its own but an ObjectType: `Type`.
template <class Type>
[[nodiscard]] const ObjectType& part_type() {
  static const Type type;
  return type;
}
template <class Type>
inline constexpr DirectSlot slot_of_part{&part_type<Type>};

template <class T>
inline constexpr DirectSlot slot_type{&object_type<T>};
template <class T>
  requires(reflect::detail::kind_of<T>() == reflect::detail::Kind::pointer)
inline constexpr SlotOf<T> slot_type<T>{};

template <class T>
[[nodiscard]] Slot slot_of(T& place) {
  return {__builtin_addressof(place), &slot_type<T>};
}

}  // namespace CAIRN_NAMESPACE::graph::detail
