// What a manager knows beyond the state file, in lines of its own in it: comments, which TensorFlow skips, and drops
// when it writes the file.
//
//   # cairn: keep_best 1 min        how many of the best the manager keeps, and which are the best
//   # cairn: metric "ckpt-2" 0.25   what keep_best asked for when the checkpoint was saved
//
// All of it is advisory: a line that cannot be read means nothing, and without notes nothing is deleted.
#pragma once

#include "../../../core/error.hpp"
#include "../../../format/text_proto.hpp"
#include "../../retention.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::checkpoint::detail {

// Paths as they stand in the state file.
struct StateNotes {
  std::optional<BestRule> keep_best{};
  std::map<std::string, double> metrics{};

  // By which the best are kept where nobody says otherwise: older files have metrics without the rule.
  [[nodiscard]] BestRule best_rule() const {
    return keep_best ? *keep_best : BestRule{metrics.empty() ? std::size_t{0} : 1, std::nullopt};
  }

  friend bool operator==(const StateNotes&, const StateNotes&) = default;
};

inline constexpr std::string_view note_mark = "# cairn: ";

[[nodiscard]] inline std::string encode_notes(const StateNotes& notes) {
  std::string text;
  if (notes.keep_best && notes.keep_best->mode)
    ((((text += note_mark) += "keep_best ") += std::to_string(notes.keep_best->count)) +=
     notes.keep_best->mode == BestMode::min ? " min\n" : " max\n");
  for (const auto& [path, value] : notes.metrics) {
    (text += note_mark) += "metric ";
    format::append_quoted(text, path);
    ((text += ' ') += format::detail::format_double(value)) += '\n';
  }
  return text;
}

inline void decode_note(std::string_view line, StateNotes& notes) {
  try {
    format::TextTokenizer tokens(line, "a note");
    const std::string_view what = tokens.consume_identifier();
    if (what == "keep_best") {
      const double count = tokens.consume_double();
      const std::string_view mode = tokens.consume_identifier();
      if (count >= 1 && count <= 1e15 && (mode == "min" || mode == "max"))
        notes.keep_best = {static_cast<std::size_t>(count), mode == "min" ? BestMode::min : BestMode::max};
    } else if (what == "metric") {
      std::string path = tokens.consume_string();
      notes.metrics.insert_or_assign(std::move(path), tokens.consume_double());
    }
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): somebody else's comment
  }
}

// From the text of a state file.
[[nodiscard]] inline StateNotes decode_notes(std::string_view text) {
  StateNotes notes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(note_mark)) decode_note(line.substr(note_mark.size()), notes);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return notes;
}

}  // namespace cairn::checkpoint::detail
