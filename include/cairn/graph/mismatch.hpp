// A saved value and a live one that do not fit, and how they are refused.
#pragma once

#include "../core/error.hpp"
#include "rename.hpp"
#include "shown_path.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

// A value whose dtype or shape differs between checkpoint and program.
struct Mismatch {
  std::string path;        // in the program: "model.kernel"
  std::string key;         // in the checkpoint
  std::string expected;    // what the program holds: "float32 [784, 12]"
  std::string found;       // what the checkpoint holds: "float32 [784, 10]"
  std::string taken = {};  // the part that was restored all the same: "[784, 10]"; empty where none was
};

// What to do about it: refuse the whole restore, leave that value as it is, or take the part that both have of a tensor
// that grew or shrank. The rest of it keeps what it is. Where dtypes or the numbers of dimensions differ, so that there
// is no such part, the restore is refused.
enum class OnMismatch { error, skip, common_part };

// The same for an object, with all that is below it. The path is written with dots, as in LoadStatus; "*" stands for
// any text.
struct OnMismatchAt {
  std::string path;
  OnMismatch on_mismatch = OnMismatch::skip;
};

namespace detail {

// What is to be done about a value of this path: the first rule that fits the path, or that of something that holds it,
// counts.
struct MismatchPolicy {
  MismatchPolicy(OnMismatch all_others) : otherwise(all_others) {}  // NOLINT(google-explicit-constructor)
  MismatchPolicy(OnMismatch all_others, std::vector<OnMismatchAt> rules)
      : otherwise(all_others), at(std::move(rules)) {}

  [[nodiscard]] OnMismatch of(std::string_view path) const {
    for (const OnMismatchAt& rule : at)
      if (renamed_from_beginning({rule.path, {}}, path, '.')) return rule.on_mismatch;
    return otherwise;
  }

  OnMismatch otherwise;
  std::vector<OnMismatchAt> at = {};
};

// Throws Error (invalid_argument) that tells of the first and counts the others; nothing when there are none.
inline void refuse_mismatches(const std::string& file, std::span<const Mismatch> mismatches) {
  if (mismatches.empty()) return;
  const Mismatch& first = mismatches.front();
  std::string text = first.key + " in " + file + " is " + first.found + " in the checkpoint, " + first.expected +
                     " in the program (" + path_or_root(first.path) + ")";
  if (mismatches.size() > 1) text += ", and " + std::to_string(mismatches.size() - 1) + " more differ";
  const auto dtype = [](const std::string& held) { return held.substr(0, held.find(' ')); };
  text += "; nothing was restored. Restore into the same architecture, ";
  if (dtype(first.expected) != dtype(first.found)) text += "convert numbers with {.cast = cairn::Cast::widen} or any, ";
  text += "or skip what differs with {.on_mismatch = cairn::OnMismatch::skip}";
  throw Error(ErrorCode::invalid_argument, text).in_file(file).at_key(first.key).expecting(first.expected, first.found);
}

}  // namespace detail
}  // namespace cairn
