// Mismatch, OnMismatch, OnMismatchAt: a value whose dtype or shape differs between checkpoint and program, and what a
// restore does about it.
//
//   checkpoint.restore(path, {.on_mismatch_at = {{"model.head", cairn::OnMismatch::skip}}});
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/shown_path.hpp"
#include "../core/error.hpp"

#include <string>
#include <vector>

namespace CAIRN_NAMESPACE {

// A value whose dtype or shape differs between checkpoint and program. LoadStatus lists them.
struct Mismatch {
  std::string path;        // the value's path in the program: "model.kernel"
  std::string key;         // the value's key in the checkpoint
  std::string expected;    // the dtype and shape in the program: "float32 [784, 12]"
  std::string found;       // the dtype and shape in the checkpoint: "float32 [784, 10]"
  std::string taken = {};  // the part that was restored all the same: "[784, 10]"; empty where nothing was
};

// A restore's answer to a mismatch:
//   error        the restore throws Error with ErrorCode::invalid_argument, and no value is changed.
//   skip         the value in the program stays as it is; everything else is restored.
//   common_part  the elements whose indices both tensors have are restored, as for a tensor that grew or shrank; the
//                others stay as they are. Where the dtypes or the ranks differ there is no common part, and
//                the restore throws Error with ErrorCode::invalid_argument.
enum class OnMismatch { error, skip, common_part };

// The answer for one object and everything below it. `path` is written with dots, as the paths of LoadStatus are:
// "model.head". It may be a pattern: "*" stands for any text, "?" for one character, "[ab]" for one of these
// characters.
struct OnMismatchAt {
  // A path or pattern, and the answer below it.
  std::string path;
  OnMismatch on_mismatch = OnMismatch::skip;
};

namespace graph::detail {

// Throws Error with ErrorCode::invalid_argument when there are mismatches: the error tells the first one and the number
// of the others. `has_missing` tells that some value of the program was not found at all: a name may differ.
CAIRN_COLD inline void refuse_mismatches(const std::string& file, const std::vector<Mismatch>& mismatches,
                                         bool has_missing) {
  if (mismatches.empty()) return;
  const Mismatch& first = mismatches.front();
  std::string text = first.key + " in " + file + " is " + first.found + " in the checkpoint, " + first.expected +
                     " in the program (" + core::detail::path_or_root(first.path) + ")";
  if (mismatches.size() > 1) text += ", and " + std::to_string(mismatches.size() - 1) + " more differ";
  const auto dtype = [](const std::string& held) { return held.substr(0, held.find(' ')); };
  text += "; nothing was restored. Restore into the same architecture, ";
  if (dtype(first.expected) != dtype(first.found)) text += "convert numbers with {.cast = cairn::Cast::widen} or any, ";
  if (has_missing) text += "name what is called otherwise in the program with {.rename = {{\"old\", \"new\"}}}, ";
  text += "or skip what differs with {.on_mismatch = cairn::OnMismatch::skip}";
  core::detail::fail(ErrorCode::invalid_argument, {text},
                     {.file = file, .key = first.key, .expected = first.expected, .found = first.found});
}

}  // namespace graph::detail
}  // namespace CAIRN_NAMESPACE
