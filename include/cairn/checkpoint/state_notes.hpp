// What a manager knows beyond the state file, in lines of its own.
//
//   # cairn: metric "ckpt-2" 0.25           what keep_best asked for when the checkpoint was saved: in the state file,
//                                           as a comment, which TensorFlow skips, and drops when it writes the file
//   # cairn: deleting "ckpt-1" 1834729103   is going to be named no more: in the lock's file. When its owner is killed
//                                           before it is deleted, the next may do it. The number is the crc32c of its
//                                           index: only this very checkpoint is meant
//
// All of it is advisory: a line that cannot be read means nothing, and without notes nothing is deleted.
#pragma once

#include "../core/error.hpp"
#include "../format/text_proto.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace cairn::detail {

// Paths as they stand in the state file.
struct StateNotes {
  std::map<std::string, double> metrics;
  std::map<std::string, std::uint32_t> deleting;

  friend bool operator==(const StateNotes&, const StateNotes&) = default;
};

inline constexpr std::string_view note_mark = "# cairn: ";

[[nodiscard]] inline std::string encode_notes(const StateNotes& notes) {
  std::string text;
  const auto line = [&](std::string_view what, const std::string& path, const std::string& value) {
    ((text += note_mark) += what) += ' ';
    format::append_quoted(text, path);
    ((text += ' ') += value) += '\n';
  };
  for (const auto& [path, value] : notes.metrics) line("metric", path, format::format_double(value));
  for (const auto& [path, crc] : notes.deleting) line("deleting", path, std::to_string(crc));
  return text;
}

inline void decode_note(std::string_view line, StateNotes& notes) {
  try {
    format::TextTokenizer tokens(line, "a note");
    const std::string_view what = tokens.consume_identifier();
    std::string path = tokens.consume_string();
    if (what == "metric") {
      notes.metrics.insert_or_assign(std::move(path), tokens.consume_double());
    } else if (what == "deleting") {
      std::uint32_t crc = 0;
      const std::string_view digits = tokens.token();
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), crc);
      if (error == std::errc() && end == digits.data() + digits.size())
        notes.deleting.insert_or_assign(std::move(path), crc);
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

}  // namespace cairn::detail
