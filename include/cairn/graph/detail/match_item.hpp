// What a match keeps: of each saved node, and of each live object that it has come to; and where those are.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/shown_path.hpp"
#include "../../core/detail/vec.hpp"
#include "object.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// There is one for each node of the file, and one for each that is bound: they are kept small.
struct NodeBinding {
  bool is_bound = false;
  bool is_claimed = false;  // something of its values was taken, or need not be
  bool is_moving = false;   // the object: it is in a list that grows
  Object object = {};
};

struct MatchItem {
  static constexpr std::uint32_t no_parent = static_cast<std::uint32_t>(-1);

  Object object = {};
  std::string_view name = {};  // as long as the plan
  std::int32_t node = 0;
  std::uint32_t parent = no_parent;
  std::uint32_t depth = 0;
  bool is_outside : 1 = false;
  bool is_done : 1 = false;
  bool is_again : 1 = false;    // another saved object has filled this one; what that one did not have comes from here
  bool is_passing : 1 = false;  // belongs to a class that loads itself, and is gone when that class has loaded
  bool is_moving : 1 = false;
  bool moves_children : 1 = false;
  bool keeps_structure : 1 = false;  // below an object that a registered saver restores
};

// An empty place for an object that is saved, which no new one can be made for there.
struct EmptyPlace {
  Slot slot;
  std::string_view name;
  std::int32_t node;
  std::uint32_t parent;  // an item
};

// Grows without a copy of itself, since the file says how many there are: an item stays where it is.
class MatchItems {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] MatchItem& operator[](std::size_t number) noexcept {
    return blocks_[number / block_size]->items[number % block_size];
  }
  [[nodiscard]] const MatchItem& operator[](std::size_t number) const noexcept {
    return blocks_[number / block_size]->items[number % block_size];
  }
  void push_back(const MatchItem& item) {
    if (size_ == blocks_.size() * block_size) blocks_.push_back(core::detail::make_own<Block>());
    (*this)[size_] = item;
    ++size_;
  }
  void shrink_to(std::size_t size) noexcept { size_ = size; }

 private:
  static constexpr std::size_t block_size = 64;
  struct Block {
    MatchItem items[block_size];
  };
  core::detail::Vec<core::detail::Own<Block>> blocks_;
  std::size_t size_ = 0;
};

// Where the child of an item is in the program.
[[nodiscard]] inline std::string path_of(const MatchItems& items, std::size_t parent, std::string_view name) {
  core::detail::ShownPath path;
  path.prepend(name);
  for (; parent != MatchItem::no_parent && parent != 0 && !path.is_full(); parent = items[parent].parent)
    path.prepend(items[parent].name);
  return std::move(path).text();
}

// The same for many, of which those that lie in a row often have one parent.
class PathsInProgram {
 public:
  explicit PathsInProgram(const MatchItems& items) noexcept : items_(items) {}
  // Valid until the next call.
  [[nodiscard]] std::string_view operator()(std::uint32_t parent, std::string_view name) {
    if (parent != parent_) {
      const bool is_below = parent != MatchItem::no_parent && parent != 0;
      path_ = is_below ? path_of(items_, items_[parent].parent, items_[parent].name) + "." : std::string();
      parent_ = parent;
      before_ = path_.size();
    }
    path_.resize(before_);
    if (before_ + name.size() <= core::detail::ShownPath::max_bytes) return path_ += name;
    return long_path_ = path_of(items_, parent, name);
  }

 private:
  const MatchItems& items_;
  std::uint32_t parent_ = MatchItem::no_parent - 1;
  std::size_t before_ = 0;  // the bytes of path_ in front of the name
  std::string path_, long_path_;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
