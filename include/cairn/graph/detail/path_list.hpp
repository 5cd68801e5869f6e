// Paths of values, of which there can be very many: one text, out of which strings are made when somebody asks.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../version.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

class PathList {
 public:
  PathList() = default;
  PathList(const PathList& other) : text_(other.text_), ends_(other.ends_) {}
  PathList(PathList&& other) noexcept { swap(other); }
  PathList& operator=(PathList other) noexcept {
    swap(other);
    return *this;
  }
  ~PathList() = default;

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ends_.empty(); }
  void reserve(std::size_t count) { ends_.reserve(count); }
  void add(std::string_view path) { add(path, {}); }
  // A path in two parts.
  void add(std::string_view begin, std::string_view end) {
    (text_ += begin) += end;
    ends_.push_back(text_.size());
  }
  CAIRN_COLD void add_all(const PathList& paths) {
    for (std::size_t i = 0, begin = 0; i < paths.size(); begin = paths.ends_[i++])
      add(std::string_view(paths.text_).substr(begin, paths.ends_[i] - begin));
  }
  template <class Paths>
  void add_all(const Paths& paths) {
    for (const auto& path : paths) add(path);
  }

  // Valid as long as the list, which nobody adds to any more. May be called by several threads at the same time.
  [[nodiscard]] const std::vector<std::string>& strings() const {
    const std::lock_guard lock(mutex_);
    if (strings_.size() == size()) return strings_;
    std::vector<std::string> strings;
    strings.reserve(size());
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      strings.push_back(text_.substr(begin, end - begin));
      begin = end;
    }
    return strings_ = std::move(strings);
  }

 private:
  void swap(PathList& other) noexcept {
    text_.swap(other.text_);
    ends_.swap(other.ends_);
    strings_.swap(other.strings_);
  }

  std::string text_;
  core::detail::Vec<std::size_t> ends_;  // of each path in the text
  mutable std::mutex mutex_;             // of what follows
  mutable std::vector<std::string> strings_;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
