// What a match keeps: of each saved node, and of each live object that it has come to; and where those are.
#pragma once

#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "object.hpp"
#include "path_list.hpp"
#include "shown_path.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::graph::detail {

// There is one for each node of the file, and one for each that is bound: they are kept small.
struct NodeBinding {
  bool is_bound = false;
  bool is_moving = false;  // the object: it is in a list that grows
  Object object = {};
};

struct MatchItem {
  static constexpr std::uint32_t no_parent = static_cast<std::uint32_t>(-1);

  Object object = {};
  std::string_view name = {};  // as long as the matcher
  std::int32_t node = 0;
  std::uint32_t parent = no_parent;
  std::uint32_t depth = 0;
  bool is_outside : 1 = false;
  bool is_done : 1 = false;
  bool is_again : 1 = false;  // another saved object has filled this one; what that one did not have comes from here
  bool is_moving : 1 = false;
  bool moves_children : 1 = false;
  bool keeps_structure : 1 = false;  // below an object that a registered saver restores
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
  ShownPath path;
  path.prepend(name);
  for (; parent != MatchItem::no_parent && parent != 0 && !path.is_full(); parent = items[parent].parent)
    path.prepend(items[parent].name);
  return std::move(path).text();
}

// The same for many, of which those that lie in a row often have one parent.
class PathsInProgram {
 public:
  explicit PathsInProgram(const MatchItems& items) noexcept : items_(items) {}
  [[nodiscard]] std::string operator()(std::uint32_t parent, std::string_view name) {
    if (!is_plain(parent, name)) return path_of(items_, parent, name);
    std::string path;
    path.reserve(before_.size() + name.size());
    return (path += before_) += name;
  }
  void add_to(PathList& paths, std::uint32_t parent, std::string_view name) {
    if (is_plain(parent, name))
      paths.add(before_, name);
    else
      paths.add(path_of(items_, parent, name));
  }

 private:
  // True when the path is before_ and the name.
  [[nodiscard]] bool is_plain(std::uint32_t parent, std::string_view name) {
    if (parent != parent_) {
      const bool is_below = parent != MatchItem::no_parent && parent != 0;
      before_ = is_below ? path_of(items_, items_[parent].parent, items_[parent].name) + "." : std::string();
      parent_ = parent;
    }
    return before_.size() + name.size() <= ShownPath::max_bytes;
  }

  const MatchItems& items_;
  std::uint32_t parent_ = MatchItem::no_parent;
  std::string before_;
};

// The live values that were restored: most of them are items, whose paths are put together when somebody asks.
class MatchedValues {
 public:
  void add(std::uint32_t item) { values_.push_back(item); }
  void add(std::string path) {
    paths_.push_back(std::move(path));
    values_.push_back(is_path | static_cast<std::uint32_t>(paths_.size() - 1));
  }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  void shrink_to(std::size_t size) { values_.resize(size); }

  [[nodiscard]] PathList paths(const MatchItems& items) const {
    PathList paths;
    paths.reserve(values_.size());
    PathsInProgram path_of(items);
    for (const std::uint32_t value : values_)
      if ((value & is_path) != 0)
        paths.add(paths_[value & ~is_path]);
      else
        path_of.add_to(paths, items[value].parent, items[value].name);
    return paths;
  }

 private:
  static constexpr std::uint32_t is_path = std::uint32_t{1} << 31;  // there are less than 2^31 items

  core::detail::Vec<std::uint32_t> values_;
  std::vector<std::string> paths_;
};

// How messages call the object of an item, or one that is none. It refers to the function that puts the text together.
struct ValuePath {
  std::uint32_t item;  // or MatchItem::no_parent
  core::detail::FunctionRef<std::string()> text;
  [[nodiscard]] std::string operator()() const { return text(); }
};

}  // namespace cairn::graph::detail
