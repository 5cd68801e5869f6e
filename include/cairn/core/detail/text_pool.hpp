// TextPool: an arena of texts, for hundreds of thousands of short ones, such as the paths of the values that a restore
// did not find. A std::string for each would take 32 bytes more, and an allocation.
#pragma once

#include "../../version.hpp"
#include "vec.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::core::detail {

class TextPool {
 public:
  // Copies the text into the pool; the view that is returned stays valid as long as the pool lives. Throws
  // std::bad_alloc, and the pool is unchanged then.
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (blocks_.empty() || text.size() > blocks_.back().capacity() - blocks_.back().size()) {
      std::string block;
      block.reserve(text.size() < block_bytes ? block_bytes : text.size());
      blocks_.push_back(std::move(block));
    }
    std::string& block = blocks_.back();
    const std::size_t begin = block.size();
    block += text;
    return {block.data() + begin, text.size()};
  }

 private:
  static constexpr std::size_t block_bytes = std::size_t{1} << 12;

  Vec<std::string> blocks_;  // each stays in the memory that it was given at first
};

}  // namespace CAIRN_NAMESPACE::core::detail
