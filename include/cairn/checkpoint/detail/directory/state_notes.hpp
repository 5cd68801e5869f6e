// What a manager knows beyond the state file, in lines of its own in it: comments, which TensorFlow skips, and drops
// when it writes the file.
//
//   # cairn: keep_best 1 min        how many of the best the manager keeps, and which are the best
//   # cairn: metric "ckpt-2" 0.25   what keep_best asked for when the checkpoint was saved
//
// All of it is advisory: a line that cannot be read means nothing, and without notes nothing is deleted.
#pragma once

#include "../../../core/detail/sort.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../format/text_proto.hpp"
#include "../../retention.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::checkpoint::detail {

// Paths as they stand in the state file.
struct StateNotes {
  struct Metric {
    std::string path;
    double value;
  };

  BestRule keep_best{};                 // its count is 0 where nothing is noted
  core::detail::Vec<Metric> metrics{};  // of two with one path the later one counts

  // By which the best are kept where nobody says otherwise: older files have metrics without the rule.
  [[nodiscard]] BestRule best_rule() const {
    return keep_best.count != 0 ? keep_best : BestRule{metrics.empty() ? std::size_t{0} : 1, std::nullopt};
  }
};

inline constexpr std::string_view note_mark = "# cairn: ";

[[nodiscard]] CAIRN_COLD inline std::string encode_notes(StateNotes notes) {
  std::string text;
  if (notes.keep_best.count != 0 && notes.keep_best.mode)
    ((((text += note_mark) += "keep_best ") += std::to_string(notes.keep_best.count)) +=
     notes.keep_best.mode == BestMode::min ? " min\n" : " max\n");
  core::detail::sort(notes.metrics,
                     [](const StateNotes::Metric& a, const StateNotes::Metric& b) { return a.path < b.path; });
  for (const StateNotes::Metric& each : notes.metrics) {
    (text += note_mark) += "metric ";
    format::append_quoted(text, each.path);
    ((text += ' ') += format::detail::format_double(each.value)) += '\n';
  }
  return text;
}

CAIRN_COLD inline void decode_note(std::string_view line, StateNotes& notes) {
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
      const double value = tokens.consume_double();
      notes.metrics.push_back({std::move(path), value});
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

}  // namespace CAIRN_NAMESPACE::checkpoint::detail
