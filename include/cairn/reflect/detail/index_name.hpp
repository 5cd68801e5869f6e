// "0", "1", ...: the names of list elements.
#pragma once

#include "../../version.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace CAIRN_NAMESPACE::reflect::detail {

class IndexName {
 public:
  explicit IndexName(std::size_t index) noexcept
      : size_(static_cast<std::size_t>(std::to_chars(text_, text_ + sizeof text_, index).ptr - text_)) {}
  [[nodiscard]] std::string_view view() const noexcept { return {text_, size_}; }

 private:
  char text_[20];
  std::size_t size_;
};

// The index whose name is `name`, in IndexName's spelling; nullopt for another name.
[[nodiscard]] inline std::optional<std::size_t> index_of(std::string_view name) noexcept {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size() || IndexName(index).view() != name) return std::nullopt;
  return index;
}

}  // namespace CAIRN_NAMESPACE::reflect::detail
