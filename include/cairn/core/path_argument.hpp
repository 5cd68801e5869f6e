// PathArgument: the parameter of every function that takes a path. It is made from text, and from a
// std::filesystem::path without an include of <filesystem>.
//
//   cairn::latest_checkpoint("training");
//   cairn::latest_checkpoint(std::filesystem::path("runs") / "training");
#pragma once

#include "../version.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {

namespace core::detail {

template <class T>
concept HasString = requires(const T& path) {
  { path.string() } -> std::convertible_to<std::string>;
};
// An entry of std::filesystem::directory_iterator.
template <class T>
concept HasPath = requires(const T& entry) {
  { entry.path().string() } -> std::convertible_to<std::string>;
};

}  // namespace core::detail

// A path as the bytes that the system takes; on Windows as UTF-8. It is converted from char*, std::string,
// std::string_view, char8_t text, std::filesystem::path and directory_entry. Functions return paths as std::string.
class PathArgument {
 public:
  // NOLINTBEGIN(google-explicit-constructor): a function takes each of these where it has a parameter of this type
  PathArgument(const char* path) : text_(path) {}
  PathArgument(std::string path) noexcept : text_(std::move(path)) {}
  PathArgument(std::string_view path) : text_(path) {}
  template <class T>
    requires std::convertible_to<const T&, std::u8string_view>
  PathArgument(const T& path) {
    const std::u8string_view text = path;
    text_.assign(text.begin(), text.end());
  }
  template <core::detail::HasString T>
  PathArgument(const T& path) : text_(text_of(path)) {}
  template <core::detail::HasPath T>
    requires(!core::detail::HasString<T>)
  PathArgument(const T& entry) : text_(text_of(entry.path())) {}
  // NOLINTEND(google-explicit-constructor)

  // The path as text. An rvalue gives its text away.
  [[nodiscard]] const std::string& string() const& noexcept { return text_; }
  [[nodiscard]] std::string string() && noexcept { return std::move(text_); }

 private:
  template <class T>
  [[nodiscard]] static std::string text_of(const T& path) {
#if defined(_WIN32)
    if constexpr (requires { path.generic_u8string(); }) {  // string() is not UTF-8 there
      const auto text = path.generic_u8string();
      return {text.begin(), text.end()};
    }
#endif
    return path.string();
  }

  std::string text_;
};

}  // namespace CAIRN_NAMESPACE
