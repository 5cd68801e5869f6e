// How a place holds its object: directly, or through a pointer or an optional, which may be empty and may be filled by
// a restore.
#pragma once

#include "match_pointers.hpp"
#include "object_type.hpp"

namespace CAIRN_NAMESPACE::graph::detail {

// Makes a default object inside `place`, as deep as its pointers go. An empty Object where that cannot be done.
template <class T>
[[nodiscard]] Object make_object_in(T& place, std::shared_ptr<void>& owner);

// Moves a new pointer (with the object behind it) into the user's.
template <class P>
class Put final : public Change {
 public:
  explicit Put(P& target) : target_(target) {}
  void commit() noexcept override {
    if (!is_spared_) std::swap(target_, fresh);  // what was there lives as long as this change
  }
  void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) override {
    if constexpr (std::is_pointer_v<P>) return;  // it owns nothing
    if constexpr (requires { target_.use_count(); })
      if (target_.use_count() != 1) return;  // the object has other owners
    const Object present = slot_of(target_).get();
    is_spared_ = present && is_needed(present);
  }

  void list_moves(const MoveSink& sink) const override {
    if constexpr (requires { target_.has_value(); }) sink(&fresh, sizeof(P), &target_);
  }

  mutable P fresh{};

 private:
  P& target_;
  bool is_spared_ = false;
};

// Makes a raw pointer or a reference lead to another object.
template <class P>
class Point final : public Change {
 public:
  using T = typename reflect::detail::Pointee<P>::type;
  Point(P& target, T& object) : target_(target), object_(object) {}
  void commit() noexcept override {
    if constexpr (std::is_pointer_v<P>)
      target_ = &object_;
    else
      target_ = object_;
  }

 private:
  P& target_;
  T& object_;
};

// std::optional, the smart pointers, raw pointers, std::reference_wrapper.
template <class P>
  requires(reflect::detail::kind_of<P>() == reflect::detail::Kind::pointer)
class SlotOf<P> final : public SlotType {
  using T = typename reflect::detail::Pointee<P>::type;
  static constexpr bool is_optional = std::same_as<P, std::optional<T>>;
  static constexpr bool is_unique = std::same_as<P, std::unique_ptr<T>>;
  static constexpr bool is_shared = std::same_as<P, std::shared_ptr<T>>;
  static constexpr bool is_weak = std::same_as<P, std::weak_ptr<T>>;
  static constexpr bool can_be_empty = !reflect::detail::is_reference_wrapper<P>;
  static constexpr bool is_raw_or_reference = std::is_pointer_v<P> || !can_be_empty;

 public:
  [[nodiscard]] Object get(void* place) const override {
    P& pointer = *static_cast<P*>(place);
    T* object = nullptr;
    if constexpr (is_optional) {
      object = pointer.has_value() ? &*pointer : nullptr;
    } else if constexpr (is_weak) {
      object = pointer.lock().get();
    } else if constexpr (std::is_pointer_v<P>) {
      object = pointer;
    } else if constexpr (!can_be_empty) {
      object = &pointer.get();
    } else {
      object = pointer.get();
    }
    return object == nullptr ? Object{} : slot_of(*object).get();
  }

  [[nodiscard]] const PointerFeature* pointer_feature() const noexcept override {
    return &RestorePlan::pointer_feature;
  }
  [[nodiscard]] bool is_outside() const noexcept override { return !is_optional && !is_unique; }
  [[nodiscard]] bool is_raw() const noexcept override { return is_raw_or_reference; }

  [[nodiscard]] core::detail::Own<Change> create(void* place, Object& created,
                                                 std::shared_ptr<void>& owner) const override {
    if constexpr ((is_optional || is_unique || is_shared) && std::is_default_constructible_v<T>) {
      auto put = core::detail::make_own<Put<P>>(*static_cast<P*>(place));
      created = make_object_in(put->fresh, owner);
      if (created) return put;
    }
    return nullptr;
  }

  [[nodiscard]] core::detail::Own<Change> clear(void* place) const override {
    if constexpr (can_be_empty)
      return core::detail::make_own<Put<P>>(*static_cast<P*>(place));
    else
      return nullptr;
  }

  [[nodiscard]] core::detail::Own<Change> point_to(void* place, const Object& object) const override {
    if constexpr (is_raw_or_reference) {
      if (object.type == &object_type<T>())
        return core::detail::make_own<Point<P>>(*static_cast<P*>(place), *static_cast<T*>(object.address));
    }
    return nullptr;
  }

  [[nodiscard]] core::detail::Own<Change> share(void* place, const Object& object,
                                                const std::shared_ptr<void>& owner) const override {
    if constexpr (is_shared || is_weak) {
      if (owner != nullptr && object.type == &object_type<T>()) {
        auto put = core::detail::make_own<Put<P>>(*static_cast<P*>(place));
        put->fresh = std::shared_ptr<T>(owner, static_cast<T*>(object.address));
        return put;
      }
    }
    return nullptr;
  }

  [[nodiscard]] std::shared_ptr<void> owner(void* place) const override {
    if constexpr (is_shared) return *static_cast<P*>(place);
    if constexpr (is_weak) return static_cast<P*>(place)->lock();
    return nullptr;
  }
};

// The address of an object that may be gone.
class LooseSlot final : public SlotType {
 public:
  explicit constexpr LooseSlot(const ObjectType& (*type)()) noexcept : type_(type) {}
  [[nodiscard]] Object get(void* place) const override {
    void* const address = *static_cast<void**>(place);
    return address == nullptr ? Object{} : Object{address, &type_()};
  }
  [[nodiscard]] const PointerFeature* pointer_feature() const noexcept override {
    return &RestorePlan::pointer_feature;
  }
  [[nodiscard]] bool is_outside() const noexcept override { return true; }
  [[nodiscard]] bool is_loose() const noexcept override { return true; }

 private:
  const ObjectType& (*const type_)();
};

template <class T>
[[nodiscard]] Object make_object_in(T& place, std::shared_ptr<void>& owner) {
  if constexpr (reflect::detail::kind_of<T>() != reflect::detail::Kind::pointer) {
    return {&place, &object_type<T>()};
  } else {
    using P = typename reflect::detail::Pointee<T>::type;
    if constexpr (!std::is_default_constructible_v<P>) {
      return {};
    } else if constexpr (std::same_as<T, std::optional<P>>) {
      return make_object_in(place.emplace(), owner);
    } else if constexpr (std::same_as<T, std::unique_ptr<P>>) {
      place = std::make_unique<P>();
      return make_object_in(*place, owner);
    } else if constexpr (std::same_as<T, std::shared_ptr<P>>) {
      place = std::make_shared<P>();
      owner = place;
      return make_object_in(*place, owner);
    } else {
      return {};
    }
  }
}

}  // namespace CAIRN_NAMESPACE::graph::detail
