// LoadStatus: the result of a restore, as lists and as TensorFlow's assertions.
//
//   checkpoint.restore(path).assert_consumed();  // all fits on both sides, or an Error says what does not
//   std::cout << checkpoint.restore(path).expect_partial();
#pragma once

#include "../core/detail/fail.hpp"
#include "../core/detail/shared.hpp"
#include "../core/error.hpp"
#include "../graph/detail/path_list.hpp"
#include "../graph/mismatch.hpp"

#include <algorithm>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

namespace checkpoint::detail {

// The findings of one restore. The status and the Checkpoint share the record, which grows when objects are tracked
// later.
struct RestoreRecord {
  std::string path;
  graph::detail::PathList matched;
  std::vector<std::string> only_in_checkpoint;
  std::vector<std::string> only_in_program;
  std::vector<Mismatch> mismatched;
  bool nontrivial = false;
  bool name_based = false;
};

}  // namespace checkpoint::detail

// The lists and assertions of one restore. Paths have dots, as in Checkpoint::get: "model.layers.0.kernel". When an
// object is tracked after the restore, and gets values from it, the lists of every copy of its status follow. A status
// outlives its Checkpoint. Several threads may call its members at the same time, but not during a call of
// Checkpoint::track.
class LoadStatus {
 public:
  // The status of a restore from no path: nothing was restored, every list is empty, and every assertion throws.
  LoadStatus() = default;
  // Restores call it. Copies share the lists.
  explicit LoadStatus(core::detail::Shared<checkpoint::detail::RestoreRecord> record) : record_(std::move(record)) {}

  // Checks that every value of the checkpoint went into the program, and that every value of the program came from the
  // checkpoint. For a name-based checkpoint (TensorFlow 1), as in TensorFlow, all three assertions check only that
  // every value of the program was found. Throws Error with ErrorCode::failed_precondition and the lists when that is
  // not so, and when nothing was restored; the restored values stay restored.
  const LoadStatus& assert_consumed() const {
    require_path();
    if (record_->name_based) return assert_existing_objects_matched();
    if (!record_->only_in_checkpoint.empty() || !record_->only_in_program.empty() || !record_->mismatched.empty())
      fail("does not fit the program exactly",
           "change the program, or say with expect_partial() that part of it is enough");
    return *this;
  }

  // Checks that every value of the program came from the checkpoint, which may hold more. Throws Error with
  // ErrorCode::failed_precondition and the lists when that is not so, and when nothing was restored; the restored
  // values stay restored.
  const LoadStatus& assert_existing_objects_matched() const {
    require_path();
    if (!record_->only_in_program.empty() || !record_->mismatched.empty())
      fail("has no value for some of the program's variables",
           "restore what was saved by the same program, or say with expect_partial() that part of it is enough");
    return *this;
  }

  // Checks that something below the root was found. After restore() of a checkpoint that save() wrote this always holds,
  // as in TensorFlow, because the save counter is found; after read() the assertion says more. Throws Error with
  // ErrorCode::failed_precondition when nothing was found, or nothing was restored.
  const LoadStatus& assert_nontrivial_match() const {
    require_path();
    if (record_->name_based) return assert_existing_objects_matched();
    if (!record_->nontrivial)
      fail("has nothing in common with the program but the root", "check the names under which objects are tracked");
    return *this;
  }

  // Says that a partial match is wanted. It does nothing but use the result, so that the compiler does not warn of a
  // status that is ignored.
  const LoadStatus& expect_partial() const noexcept { return *this; }

  // Returns the paths of the values that were restored.
  [[nodiscard]] const std::vector<std::string>& matched() const { return record().matched.strings(); }
  // Returns the paths of saved values that no object of the program claimed.
  [[nodiscard]] const std::vector<std::string>& only_in_checkpoint() const noexcept {
    return record().only_in_checkpoint;
  }
  // Returns the paths of the program's values that the checkpoint has nothing for; they are unchanged.
  [[nodiscard]] const std::vector<std::string>& only_in_program() const noexcept { return record().only_in_program; }
  // Returns the values whose dtype or shape differs. With {.on_mismatch = OnMismatch::skip} they are unchanged; with
  // OnMismatch::common_part the part that both have was restored, and `taken` says which.
  [[nodiscard]] const std::vector<Mismatch>& mismatched() const noexcept { return record().mismatched; }

  // Returns a text with the counts, and a line for each value that does not fit:
  //
  //   restored from run/ckpt-3: 5 values matched, 1 only in the checkpoint, 1 only in the program, 1 mismatched
  //     only in checkpoint  model.head.bias
  //     only in program     model.classifier.bias
  //     mismatched          model.kernel: float32 [784, 10] in the checkpoint, float32 [784, 12] in the program
  [[nodiscard]] std::string to_string() const {
    if (!record_) return "nothing was restored: there was no checkpoint\n";
    return with_table("restored from " + record_->path + ": ", *record_, static_cast<std::size_t>(-1));
  }
  template <class Traits>  // so that only who prints one needs <ostream>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const LoadStatus& status) {
    const std::string text = status.to_string();
    return out << std::basic_string_view<char, Traits>(text.data(), text.size());
  }

 private:
  [[nodiscard]] const checkpoint::detail::RestoreRecord& record() const noexcept {
    static const checkpoint::detail::RestoreRecord nothing;
    return record_ ? *record_ : nothing;
  }

  void require_path() const {
    if (!record_)
      core::detail::fail(ErrorCode::failed_precondition,
                         {"No checkpoint specified (the path was empty); nothing is being restored. Check that "
                          "latest_checkpoint found one before asserting anything"});
  }

  [[noreturn]] CAIRN_COLD void fail(std::string_view problem, std::string_view way_out) const {
    const std::vector<std::string>& missing = record_->only_in_program;
    const bool has_counter_alone = missing == std::vector<std::string>{"save_counter"};
    const bool may_be_renamed = !missing.empty() && !record_->only_in_checkpoint.empty();
    core::detail::fail(
        ErrorCode::failed_precondition,
        {"the checkpoint ", record_->path, " ", problem, "; ", way_out,
         has_counter_alone ? ". Only the save counter is missing: a checkpoint of write() is restored with read().\n"
         : may_be_renamed  ? ". Restore values of other names with {.rename = {{\"old\", \"new\"}}} (propose_renames), "
                             "a part of a checkpoint with RestoreOptions::prefix.\n"
                           : ".\n",
         with_table({}, *record_, max_lines)},
        {.file = record_->path});
  }

  static constexpr std::size_t max_lines = 10;  // the lines of each list in an Error

  // Appends the table of one list; it has at most `most` lines.
  static void append_lines(std::string& text, std::string_view title, const std::vector<std::string>& lines,
                           std::size_t most) {
    const std::size_t count = std::min(lines.size(), most);
    std::size_t bytes = text.size();
    for (std::size_t i = 0; i < count; ++i) bytes += title.size() + lines[i].size() + 1;
    text.reserve(bytes);  // there can be very many
    for (std::size_t i = 0; i < count; ++i) ((text += title) += lines[i]) += '\n';
    if (lines.size() > most) text += core::detail::sentence_of({title, "... and ", lines.size() - most, " more\n"});
  }

  // Returns `text` with the counts and the lists behind it; each list has at most `lines` lines.
  [[nodiscard]] static std::string with_table(std::string text, const checkpoint::detail::RestoreRecord& record,
                                              std::size_t lines) {
    text += core::detail::sentence_of(
        {record.matched.size(), record.matched.size() == 1 ? " value matched, " : " values matched, ",
         record.only_in_checkpoint.size(), " only in the checkpoint, ", record.only_in_program.size(),
         " only in the program, ", record.mismatched.size(), " mismatched\n"});
    append_lines(text, "  only in checkpoint  ", record.only_in_checkpoint, lines);
    append_lines(text, "  only in program     ", record.only_in_program, lines);
    std::vector<std::string> mismatched;
    for (const Mismatch& each : record.mismatched)
      mismatched.push_back(core::detail::sentence_of({each.path, ": ", each.found, " in the checkpoint, ",
                                                      each.expected, " in the program", each.taken.empty() ? "" : "; ",
                                                      each.taken, each.taken.empty() ? "" : " of it was taken"}));
    append_lines(text, "  mismatched          ", mismatched, lines);
    return text;
  }

  core::detail::Shared<checkpoint::detail::RestoreRecord> record_;  // which the Restoration alone changes
};

}  // namespace CAIRN_NAMESPACE
