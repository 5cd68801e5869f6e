// A saved value and a live one that do not fit, and how they are refused.
#pragma once

#include "../core/error.hpp"

#include <span>
#include <string>

namespace cairn {

// A value whose dtype or shape differs between checkpoint and program.
struct Mismatch {
  std::string path;      // in the program: "model.kernel"
  std::string key;       // in the checkpoint
  std::string expected;  // what the program holds: "float32 [784, 12]"
  std::string found;     // what the checkpoint holds: "float32 [784, 10]"
};

// What to do about it: refuse the whole restore, or leave that value as it is.
enum class OnMismatch { error, skip };

namespace detail {

// Throws Error (invalid_argument) that tells of the first and counts the others; nothing when there are none.
inline void refuse_mismatches(const std::string& file, std::span<const Mismatch> mismatches) {
  if (mismatches.empty()) return;
  const Mismatch& first = mismatches.front();
  std::string text = first.key + " in " + file + " is " + first.found + " in the checkpoint, " + first.expected +
                     " in the program (" + first.path + ")";
  if (mismatches.size() > 1) text += ", and " + std::to_string(mismatches.size() - 1) + " more differ";
  const auto dtype = [](const std::string& held) { return held.substr(0, held.find(' ')); };
  text += "; nothing was restored. Restore into the same architecture, ";
  if (dtype(first.expected) != dtype(first.found)) text += "convert numbers with {.cast = cairn::Cast::widen} or any, ";
  text += "or skip what differs with {.on_mismatch = cairn::OnMismatch::skip}";
  throw Error(ErrorCode::invalid_argument, text).in_file(file).at_key(first.key).expecting(first.expected, first.found);
}

}  // namespace detail
}  // namespace cairn
