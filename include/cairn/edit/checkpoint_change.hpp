// CheckpointChange, LastEdit: the changes that a write of a CheckpointEditor will make, and the effect of its last edit.
//
//   for (const cairn::CheckpointChange& change : editor.changes()) std::cout << change.key << '\n';
#pragma once

#include "../core/dtype.hpp"
#include "../core/shape.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE {

// One of the changes that a write of an editor will make.
struct CheckpointChange {
  // `add` brings a new key; `change` gives a key that stays another value, dtype or shape.
  enum class Kind { erase, rename, add, change };

  // Tells which of the other fields count: `from` is for a rename alone.
  Kind kind;
  // The key of the value; the new one of a value that is renamed.
  std::string key;
  // The key before the rename; empty for other changes.
  std::string from;
  // The dtype and shape of the value; the new ones of a value that is changed.
  DType dtype;
  Shape shape;
};

// Returns the name of a kind: "erase", "rename", "add" or "change".
[[nodiscard]] constexpr std::string_view name(CheckpointChange::Kind kind) noexcept {
  constexpr std::array<std::string_view, 4> names{"erase", "rename", "add", "change"};
  return names[static_cast<std::size_t>(kind)];
}

// The effect of an editor's last edit.
struct LastEdit {
  // The number of tensors that the edit took.
  std::size_t tensors = 0;
  // After an erase: the places where objects that it named are still held, with values, such as "model.optimizer". They
  // stayed there.
  std::vector<std::string> still_held = {};
};

}  // namespace CAIRN_NAMESPACE
