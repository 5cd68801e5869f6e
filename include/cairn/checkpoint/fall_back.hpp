// FallBackReport: the checkpoints that a manager with {.fall_back = true} could not restore, and the one that it
// restored.
#pragma once

#include "../core/error.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE {

// The result of a restore that may fall back to an older checkpoint.
//
//   manager.restore_or_initialize();
//   if (manager.fall_back_report()) std::cerr << manager.fall_back_report();
//
//   2 damaged files; restored training/ckpt-3 instead
//     training/ckpt-5  "training/ckpt-5.data-00000-of-00001" ends at byte 4096, where ...
//     training/ckpt-4  there is no checkpoint ...
class FallBackReport {
 public:
  // A checkpoint, or the file `checkpoint`, that could not be read.
  struct Damaged {
    std::string path;     // the path of the checkpoint, or of the file `checkpoint`
    ErrorCode code;       // the code of the Error that the restore met
    std::string problem;  // the sentence of that Error
  };

  // The damaged ones, the newest first.
  std::vector<Damaged> damaged;
  // The path of the checkpoint that was restored; nullopt when no good one was left.
  std::optional<std::string> restored;

  // Converts to true when something was damaged.
  explicit operator bool() const noexcept { return !damaged.empty(); }

  // Returns a text like the one above, with a line for each damaged file.
  [[nodiscard]] std::string to_string() const {
    if (damaged.empty()) return "no damaged checkpoint\n";
    std::string text = std::to_string(damaged.size()) + (damaged.size() == 1 ? " damaged file" : " damaged files") +
                       (restored ? "; restored " + *restored + " instead\n" : "; no good checkpoint is left\n");
    for (const Damaged& each : damaged) text += "  " + each.path + "  " + each.problem + "\n";
    return text;
  }
  template <class Traits>  // so that only who prints one needs <ostream>
  friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                      const FallBackReport& report) {
    const std::string text = report.to_string();
    return out << std::basic_string_view<char, Traits>(text.data(), text.size());
  }
};

namespace checkpoint::detail {

// Returns true for a code that another checkpoint may be free of; false for one whose cause is the program or the
// machine.
[[nodiscard]] constexpr bool is_damage(ErrorCode code) noexcept {
  return code == ErrorCode::data_loss || code == ErrorCode::not_found || code == ErrorCode::unavailable ||
         code == ErrorCode::out_of_range || code == ErrorCode::unimplemented || code == ErrorCode::permission_denied;
}

}  // namespace checkpoint::detail
}  // namespace CAIRN_NAMESPACE
