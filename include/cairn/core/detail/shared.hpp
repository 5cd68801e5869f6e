// Shared: the engine's std::shared_ptr for an object that it makes itself, without a deleter or allocator of its own:
// g++ 12 -O0 makes some 12 functions for a type where std::shared_ptr with std::make_shared takes 60.
//
//   const Shared<Record> record = make_shared<Record>(path);
//   Shared<Record> copy = record;    // the last one ends the object
#pragma once

#include "../../version.hpp"

namespace CAIRN_NAMESPACE::core::detail {

// Every function means what std::shared_ptr's function of that name does; copies may be made and ended in any thread.
template <class T>
class Shared {
 public:
  Shared() noexcept = default;
  Shared(const Shared& other) noexcept : counted_(other.counted_) {
    if (counted_ != nullptr) __atomic_fetch_add(&counted_->owners, 1, __ATOMIC_RELAXED);
  }
  Shared(Shared&& other) noexcept : counted_(other.counted_) { other.counted_ = nullptr; }
  Shared& operator=(Shared other) noexcept {
    Counted* const counted = counted_;
    counted_ = other.counted_;
    other.counted_ = counted;
    return *this;
  }
  ~Shared() {
    if (counted_ != nullptr && __atomic_sub_fetch(&counted_->owners, 1, __ATOMIC_ACQ_REL) == 0) delete counted_;
  }

  [[nodiscard]] T& operator*() const noexcept { return counted_->object; }
  [[nodiscard]] T* operator->() const noexcept { return &counted_->object; }
  [[nodiscard]] explicit operator bool() const noexcept { return counted_ != nullptr; }

 private:
  struct Counted {
    template <class... Arguments>
    explicit Counted(Arguments&&... arguments) : object(static_cast<Arguments&&>(arguments)...) {}
    T object;
    unsigned owners = 1;
  };

  template <class Made, class... Arguments>
  friend Shared<Made> make_shared(Arguments&&... arguments);

  Counted* counted_ = nullptr;
};

template <class T, class... Arguments>
[[nodiscard]] Shared<T> make_shared(Arguments&&... arguments) {
  Shared<T> made;
  made.counted_ = new typename Shared<T>::Counted(static_cast<Arguments&&>(arguments)...);
  return made;
}

}  // namespace CAIRN_NAMESPACE::core::detail
