// LoadStatus: what a restore found, as lists and as TensorFlow's assertions.
//
//   checkpoint.restore(path).assert_consumed();  // all fits on both sides, or an Error says what does not
//   std::cout << checkpoint.restore(path).expect_partial();
#pragma once

#include "../core/error.hpp"
#include "../graph/match.hpp"
#include "../graph/path_list.hpp"

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

namespace detail {

// What is known of one restore; it grows when objects are tracked later. Shared by the status and the checkpoint.
struct RestoreRecord {
  std::string path;
  PathList matched;
  std::vector<std::string> only_in_checkpoint;
  std::vector<std::string> only_in_program;
  std::vector<Mismatch> mismatched;
  bool nontrivial = false;
  bool name_based = false;
};

}  // namespace detail

// Paths are written with dots, as in Checkpoint::get: "model.layers.0.kernel". The lists and assertions follow objects
// that are tracked after the restore. A status outlives its Checkpoint.
class LoadStatus {
 public:
  // Of a restore from no path: nothing was restored, and every assertion says so.
  LoadStatus() = default;
  explicit LoadStatus(std::shared_ptr<const detail::RestoreRecord> record) : record_(std::move(record)) {}

  // Every value in the checkpoint went into the program, and every value of the program came from the checkpoint.
  // Throws Error (failed_precondition) with the lists otherwise; what was restored stays restored. Of a name-based
  // checkpoint (TensorFlow 1) all three assertions ask the same, as in TensorFlow: every value of the program was
  // found.
  const LoadStatus& assert_consumed() const {
    require_path();
    if (record_->name_based) return assert_existing_objects_matched();
    if (!record_->only_in_checkpoint.empty() || !record_->only_in_program.empty() || !record_->mismatched.empty())
      fail("does not fit the program exactly",
           "change the program, or say with expect_partial() that part of it is enough");
    return *this;
  }

  // Every value of the program came from the checkpoint; the checkpoint may hold more.
  const LoadStatus& assert_existing_objects_matched() const {
    require_path();
    if (!record_->only_in_program.empty() || !record_->mismatched.empty())
      fail("has no value for some of the program's variables",
           "restore what was saved by the same program, or say with expect_partial() that part of it is enough");
    return *this;
  }

  // Something below the root was found. Nearly always true after restore(), since the save counter is found
  // (TensorFlow's rule); it says more after read().
  const LoadStatus& assert_nontrivial_match() const {
    require_path();
    if (record_->name_based) return assert_existing_objects_matched();
    if (!record_->nontrivial)
      fail("has nothing in common with the program but the root", "check the names under which objects are tracked");
    return *this;
  }

  // Says that a partial match is what was wanted.
  const LoadStatus& expect_partial() const noexcept { return *this; }

  // Values that were restored.
  [[nodiscard]] const std::vector<std::string>& matched() const { return record().matched.strings(); }
  // Saved values that no object of the program claimed.
  [[nodiscard]] const std::vector<std::string>& only_in_checkpoint() const noexcept {
    return record().only_in_checkpoint;
  }
  // Values of the program that the checkpoint has nothing for; they are unchanged.
  [[nodiscard]] const std::vector<std::string>& only_in_program() const noexcept { return record().only_in_program; }
  // Values whose dtype or shape differ: skipped, and unchanged, or restored in the part that both have, which is their
  // `taken` ({.on_mismatch = OnMismatch::skip}, or common_part).
  [[nodiscard]] const std::vector<Mismatch>& mismatched() const noexcept { return record().mismatched; }

  // A table with a count of what fits and a line for each value that does not:
  //
  //   restored from run/ckpt-3: 5 values matched, 1 only in the checkpoint, 1 only in the program, 1 mismatched
  //     only in checkpoint  model.head.bias
  //     only in program     model.classifier.bias
  //     mismatched          model.kernel: float32 [784, 10] in the checkpoint, float32 [784, 12] in the program
  [[nodiscard]] std::string to_string() const {
    if (record_ == nullptr) return "nothing was restored: there was no checkpoint\n";
    return with_table("restored from " + record_->path + ": ", *record_, static_cast<std::size_t>(-1));
  }
  friend std::ostream& operator<<(std::ostream& out, const LoadStatus& status) { return out << status.to_string(); }

 private:
  [[nodiscard]] const detail::RestoreRecord& record() const noexcept {
    static const detail::RestoreRecord nothing;
    return record_ != nullptr ? *record_ : nothing;
  }

  void require_path() const {
    if (record_ == nullptr)
      throw Error(ErrorCode::failed_precondition,
                  "No checkpoint specified (the path was empty); nothing is being restored. Check that "
                  "latest_checkpoint found one before asserting anything");
  }

  [[noreturn]] void fail(const std::string& problem, const std::string& way_out) const {
    std::string text = "the checkpoint " + record_->path + " " + problem + "; " + way_out;
    if (record_->only_in_program == std::vector<std::string>{"save_counter"})
      text += ". Only the save counter is missing: a checkpoint of write() is restored with read()";
    throw Error(ErrorCode::failed_precondition, with_table(text + ".\n", *record_, max_lines)).in_file(record_->path);
  }

  static constexpr std::size_t max_lines = 10;  // of each list, in an error

  // `text`, and the table behind it.
  [[nodiscard]] static std::string with_table(std::string text, const detail::RestoreRecord& record,
                                              std::size_t lines) {
    const auto count = [](std::size_t size, const char* what) { return ", " + std::to_string(size) + what; };
    text += std::to_string(record.matched.size()) +
            (record.matched.size() == 1 ? " value matched" : " values matched") +
            count(record.only_in_checkpoint.size(), " only in the checkpoint") +
            count(record.only_in_program.size(), " only in the program") +
            count(record.mismatched.size(), " mismatched") + "\n";
    if (lines == static_cast<std::size_t>(-1)) {  // there can be very many
      constexpr std::size_t line_bytes = 23;      // beside the path
      std::size_t bytes = text.size();
      for (const auto* const paths : {&record.only_in_checkpoint, &record.only_in_program})
        for (const std::string& path : *paths) bytes += path.size() + line_bytes;
      text.reserve(bytes);
    }
    const auto list = [&](std::string_view title, std::size_t size, auto line) {
      for (std::size_t i = 0; i < std::min(size, lines); ++i) ((text += title) += line(i)) += '\n';
      if (size > lines) (text += title) += "... and " + std::to_string(size - lines) + " more\n";
    };
    list("  only in checkpoint  ", record.only_in_checkpoint.size(),
         [&](std::size_t i) { return std::string_view(record.only_in_checkpoint[i]); });
    list("  only in program     ", record.only_in_program.size(),
         [&](std::size_t i) { return std::string_view(record.only_in_program[i]); });
    list("  mismatched          ", record.mismatched.size(), [&](std::size_t i) {
      const Mismatch& mismatch = record.mismatched[i];
      return mismatch.path + ": " + mismatch.found + " in the checkpoint, " + mismatch.expected + " in the program" +
             (mismatch.taken.empty() ? "" : "; " + mismatch.taken + " of it was taken");
    });
    return text;
  }

  std::shared_ptr<const detail::RestoreRecord> record_;
};

}  // namespace cairn
