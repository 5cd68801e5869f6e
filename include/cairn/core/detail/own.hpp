// Own: the engine's std::unique_ptr, without a deleter of its own: g++ 12 -O0 makes some 8 functions for a type where
// std::unique_ptr with its tuple takes 50.
//
//   const Own<Change> change = make_own<Resize>(list, 3);
#pragma once

#include "../../version.hpp"

#include <cstddef>

namespace CAIRN_NAMESPACE::core::detail {

// Every function means what std::unique_ptr's function of that name does. A class that is owned as its base has a virtual
// destructor.
template <class T>
class Own {
 public:
  Own() noexcept = default;
  Own(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)
  explicit Own(T* object) noexcept : object_(object) {}
  Own(Own&& other) noexcept : object_(other.release()) {}
  template <class Derived>
  Own(Own<Derived>&& other) noexcept : object_(other.release()) {}  // NOLINT(google-explicit-constructor)
  Own& operator=(Own&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~Own() { delete object_; }

  [[nodiscard]] T* get() const noexcept { return object_; }
  [[nodiscard]] T& operator*() const noexcept { return *object_; }
  [[nodiscard]] T* operator->() const noexcept { return object_; }
  [[nodiscard]] explicit operator bool() const noexcept { return object_ != nullptr; }
  [[nodiscard]] T* release() noexcept {
    T* const object = object_;
    object_ = nullptr;
    return object;
  }
  void reset(T* object = nullptr) noexcept {
    T* const old = object_;
    object_ = object;
    delete old;
  }

  friend bool operator==(const Own& own, std::nullptr_t) noexcept { return own.object_ == nullptr; }

 private:
  T* object_ = nullptr;
};

// Throws what T's constructor throws, and std::bad_alloc. Without arguments the object's members have their values of
// T(), zeros among them. An aggregate may be made of its members.
template <class T, class... Arguments>
[[nodiscard]] Own<T> make_own(Arguments&&... arguments) {
  if constexpr (requires { T(static_cast<Arguments&&>(arguments)...); })
    return Own<T>(new T(static_cast<Arguments&&>(arguments)...));
  else
    return Own<T>(new T{static_cast<Arguments&&>(arguments)...});
}

}  // namespace CAIRN_NAMESPACE::core::detail
