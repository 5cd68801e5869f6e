// TextPool: an arena of texts, for hundreds of thousands of short ones, such as the paths of the values that a restore
// did not find. A std::string for each would take 32 bytes more, and an allocation.
#pragma once

#include "tree.hpp"
#include "vec.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

namespace cairn::core::detail {

class TextPool {
 public:
  // Copies the text into the pool; the view that is returned stays valid as long as the pool lives. Throws
  // std::bad_alloc, and the pool is unchanged then.
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.size() > left_) {
      const std::size_t size = std::max(text.size(), block_bytes);
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      next_ = blocks_.back().get();
      left_ = size;
    }
    char* const begin = next_;
    next_ = std::copy(text.begin(), text.end(), begin);
    left_ -= text.size();
    return {begin, text.size()};
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 12;

  Vec<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace cairn::core::detail
