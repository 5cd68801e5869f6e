// The ways a restored value gets into a user's object: straight into its memory, or into a new value that is swapped or
// copied in at the end.
#pragma once

#include "../../core/detail/small_blocks.hpp"
#include "../../core/element.hpp"
#include "../../reflect/detail/records.hpp"
#include "object.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// The bytes of a file may say anything; of a bool they must become 0 or 1 before anyone reads it as one.
template <class T>
void make_legal(std::span<T> elements) noexcept {
  if constexpr (std::same_as<T, bool>) {
    static_assert(sizeof(bool) == 1);
    auto* bytes = reinterpret_cast<unsigned char*>(elements.data());
    for (std::size_t i = 0; i < elements.size(); ++i) bytes[i] = bytes[i] != 0 ? 1 : 0;
  }
}

// True when an element's bytes can be read into place: any bits are a legal value.
template <class T>
inline constexpr bool lands_in_place = NumericElement<T> && !std::same_as<T, bool>;

// Into the user's memory, without a copy.
class InPlace final : public Landing {
 public:
  explicit InPlace(std::span<std::byte> bytes) noexcept : bytes_(bytes) {}
  [[nodiscard]] std::span<std::byte> bytes() noexcept override { return bytes_; }
  [[nodiscard]] bool in_place() const noexcept override { return true; }

  // A restore makes one for each variable, and keeps none.
  static void* operator new(std::size_t size) { return core::detail::SmallBlocks::allocate(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    core::detail::SmallBlocks::deallocate(memory, size);
  }

 private:
  std::span<std::byte> bytes_;
};

// Into elements that are the landing's own until it commits. Who derives from it says where they are.
template <class T>
class IntoElements : public Landing {
 public:
  [[nodiscard]] std::span<std::byte> bytes() noexcept override {
    if constexpr (NumericElement<T>) return std::as_writable_bytes(elements_);
    return {};
  }
  [[nodiscard]] std::span<std::string> strings() noexcept override {
    if constexpr (std::same_as<T, std::string>) return elements_;
    return {};
  }
  void prepare() override { make_legal(elements_); }

 protected:
  std::span<T> elements_;
};

// Into a buffer, then element by element into place: strings and bools whose number does not change.
template <class T>
class Buffered final : public IntoElements<T> {
 public:
  explicit Buffered(std::span<T> target) : target_(target), buffer_(std::make_unique<T[]>(target.size())) {
    this->elements_ = {buffer_.get(), target.size()};
  }
  void commit() noexcept override { std::move(buffer_.get(), buffer_.get() + target_.size(), target_.data()); }

 private:
  std::span<T> target_;
  std::unique_ptr<T[]> buffer_;
};

// Into a new object of the right shape, exchanged with the user's at the end. `exchange(target, fresh)` must not throw.
template <class Owner, class T, class Exchange>
class Fresh final : public IntoElements<T> {
 public:
  Fresh(Owner& target, Owner fresh, Exchange exchange)
      : target_(target), fresh_(std::move(fresh)), exchange_(exchange) {
    using Flat = reflect::detail::Flat<std::remove_pointer_t<decltype(fresh_.data())>>;
    this->elements_ = {reinterpret_cast<T*>(fresh_.data()), fresh_.size() * Flat::count};
  }
  void commit() noexcept override { exchange_(target_, fresh_); }

 private:
  Owner& target_;
  Owner fresh_;
  Exchange exchange_;
};

template <class T, class Owner, class Exchange>
[[nodiscard]] core::detail::Own<Landing> land_fresh(Owner& target, Owner fresh, Exchange exchange) {
  return core::detail::make_own<Fresh<Owner, T, Exchange>>(target, std::move(fresh), exchange);
}

}  // namespace CAIRN_NAMESPACE::graph::detail
