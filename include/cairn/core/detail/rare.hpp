// Rare<T>: an optional of the size of a pointer, for a value that is nearly always absent. A value that is there is on
// the heap. std::optional keeps room for the whole value, which is too much in each of hundreds of thousands of nodes.
#pragma once

#include "own.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::core::detail {

// Rare<T> has the interface of std::optional<T>, as far as it is needed. A copy copies the value.
template <class T>
class Rare {
 public:
  Rare() noexcept = default;
  Rare(T value) : value_(make_own<T>(std::move(value))) {}  // NOLINT(google-explicit-constructor)
  Rare(const Rare& other) : value_(other ? make_own<T>(*other) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    if (this != &other) value_ = other ? make_own<T>(*other) : nullptr;
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  explicit operator bool() const noexcept { return value_ != nullptr; }
  [[nodiscard]] bool has_value() const noexcept { return value_ != nullptr; }
  [[nodiscard]] T& operator*() noexcept { return *value_; }
  [[nodiscard]] const T& operator*() const noexcept { return *value_; }
  [[nodiscard]] T* operator->() noexcept { return value_.get(); }
  [[nodiscard]] const T* operator->() const noexcept { return value_.get(); }
  T& emplace() { return *(value_ = make_own<T>()); }

  friend bool operator==(const Rare& a, const Rare& b) { return a && b ? *a == *b : a.has_value() == b.has_value(); }

 private:
  Own<T> value_;
};

// A text that is nearly always empty, in the room of a pointer.
class RareText {
 public:
  RareText() noexcept = default;
  RareText(std::string_view text) { append(text); }  // NOLINT(google-explicit-constructor)
  RareText& operator=(std::string_view text) { return *this = RareText(text); }

  operator std::string_view() const noexcept { return text_ ? std::string_view(*text_) : std::string_view(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return std::string_view(*this).size(); }
  void append(std::string_view text) {
    if (text.empty()) return;
    if (!text_) text_.emplace();
    *text_ += text;
  }

  friend bool operator==(const RareText& a, const RareText& b) { return std::string_view(a) == std::string_view(b); }

 private:
  Rare<std::string> text_;
};

}  // namespace CAIRN_NAMESPACE::core::detail
