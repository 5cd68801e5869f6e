// What is printed: text that no file can do harm with, tables, colours, JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tool {

// To the standard output, which is buffered; finish_output() says whether all of it went out, and throws cairn::Error.
void print(std::string_view text);
void finish_output();
// A sentence on the standard error, behind "cairn ls: ".
void complain(std::string_view command, std::string_view sentence);

// Text of a file or of the user as it may stand on a terminal and on one line: control characters, bytes that are no
// UTF-8, and what changes the direction of writing are escaped, "\n", "\x1b", "\u202e".
[[nodiscard]] std::string shown(std::string_view text);
// How many columns it takes, near enough: one for each character.
[[nodiscard]] std::size_t columns(std::string_view text);
// How many shown() of it takes.
[[nodiscard]] std::size_t shown_columns(std::string_view text);

// Colours, only where the standard output is a terminal and NO_COLOR is not set.
[[nodiscard]] std::string bold(std::string_view text);
[[nodiscard]] std::string dim(std::string_view text);
[[nodiscard]] std::string red(std::string_view text);
[[nodiscard]] std::string green(std::string_view text);
// A key as shown(), with what all variables' keys end in dimmed.
[[nodiscard]] std::string shown_key(std::string_view key);
void append_shown_key(std::string& text, std::string_view key);

[[nodiscard]] std::string with_commas(std::uint64_t number);                      // "31,360"
[[nodiscard]] std::string bytes_in_words(std::uint64_t bytes);                    // "30.6 KiB", "12 bytes"
[[nodiscard]] std::string count_of(std::uint64_t number, std::string_view what);  // "1 tensor", "2 tensors"

// JSON, written from left to right; the items of the outermost list stand on a line each.
//
//   Json json;
//   json.begin('[').begin('{').key("bytes").value(31360).end('}').end(']');
//   print(json.text());
//
// Bytes that are no UTF-8 become lone surrogates, "\udcff" for 0xff, as Python's "surrogateescape" has it. Numbers that
// JSON has no word for are strings: "NaN", "Infinity", "-Infinity".
class Json {
 public:
  Json& begin(char bracket);
  Json& end(char bracket);
  Json& key(std::string_view name);
  Json& value(std::string_view text);
  Json& value(const char* text) { return value(std::string_view(text)); }
  Json& value(std::int64_t number) { return raw(std::to_string(number)); }
  Json& value(std::uint64_t number) { return raw(std::to_string(number)); }
  Json& value(std::int32_t number) { return raw(std::to_string(number)); }
  Json& value(bool is_true) { return raw(is_true ? "true" : "false"); }
  Json& value(double number);
  Json& value(float number);  // with as many digits as it takes to read it back as a float
  Json& null() { return raw("null"); }
  template <class Range>
  Json& list(const Range& range) {
    begin('[');
    for (const auto& each : range) value(each);
    return end(']');
  }
  // What is JSON already.
  Json& raw(std::string_view text);

  // With a line's end.
  [[nodiscard]] std::string text() const { return text_ + "\n"; }
  // What there is so far, which is then no part of text(): for output that is too long to be held.
  [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

 private:
  void separate();
  template <class Number>
  Json& number(Number value);

  std::string text_;
  std::size_t depth_ = 0;
  bool is_first_ = true;
  bool is_after_key_ = false;
};

}  // namespace tool
