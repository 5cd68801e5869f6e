// "model.layers.0.kernel": where a value is, for people. Names come from files, so a path has a bound: a hostile graph
// of a few megabytes could otherwise ask for paths of many gigabytes. Of a longer one the end is kept.
#pragma once

#include "../../version.hpp"
#include "vec.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::core::detail {

class ShownPath {
 public:
  static constexpr std::size_t max_bytes = 500;

  // Names are given from the last to the first.
  void prepend(std::string_view name) {
    if (is_full()) return;
    names_.push_back(name);
    bytes_ += name.size() + 1;
  }
  [[nodiscard]] bool is_full() const noexcept { return bytes_ > max_bytes; }

  [[nodiscard]] CAIRN_COLD std::string text() && {
    std::string path;
    for (std::size_t i = names_.size(); i-- > 0;) {
      path += names_[i].substr(names_[i].size() - std::min(names_[i].size(), max_bytes + 1));
      if (i != 0) path += '.';
    }
    return clip(std::move(path));
  }

  // The path of a child below a node of that path.
  [[nodiscard]] static std::string join(const std::string& parent, std::string_view name) {
    ShownPath path;
    path.prepend(name);
    path.prepend(parent);
    return std::move(path).text();
  }

 private:
  [[nodiscard]] static std::string clip(std::string path) {
    if (path.size() <= max_bytes) return path;
    std::size_t begin = path.size() - max_bytes;
    while (begin < path.size() && (static_cast<unsigned char>(path[begin]) & 0xc0u) == 0x80u) ++begin;  // UTF-8
    return "..." + path.substr(begin);
  }

  Vec<std::string_view> names_;
  std::size_t bytes_ = 0;
};

// For sentences: the root's path is empty.
[[nodiscard]] inline std::string path_or_root(std::string path) { return path.empty() ? "(root)" : path; }

}  // namespace CAIRN_NAMESPACE::core::detail
