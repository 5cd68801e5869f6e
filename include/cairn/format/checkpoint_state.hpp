// CheckpointState: the file `checkpoint` of a directory, which names the newest checkpoint and those that a manager
// keeps.
//
//   model_checkpoint_path: "ckpt-2"
//   all_model_checkpoint_paths: "ckpt-1"
//   all_model_checkpoint_paths: "ckpt-2"
//   all_model_checkpoint_timestamps: 1795423958.6106403
//   all_model_checkpoint_timestamps: 1795423958.754463
//   last_preserved_timestamp: 1795423957.5627542
//
// It is tensorflow/python/training/checkpoint_state.proto in protobuf's text format. Paths stay as the file spells
// them: relative paths are joined to the directory by the reader of the directory (bundle/find_checkpoint.hpp).
#pragma once

#include "../core/detail/floats.hpp"
#include "text_proto.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace CAIRN_NAMESPACE::format {

// The contents of the file `checkpoint`.
struct CheckpointState {
  // The path of the newest checkpoint.
  std::string model_checkpoint_path;
  std::vector<std::string> all_model_checkpoint_paths;  // the oldest first
  std::vector<double> all_model_checkpoint_timestamps;  // seconds since 1970; empty, or one for each path
  // The seconds since 1970 at which keep_checkpoint_every_n_hours last preserved a checkpoint.
  double last_preserved_timestamp = 0;

  friend bool operator==(const CheckpointState&, const CheckpointState&) = default;
};

// Returns the text that TensorFlow writes for the state. Throws Error with ErrorCode::invalid_argument for a path that
// is not UTF-8.
[[nodiscard]] inline std::string encode_text(const CheckpointState& state) {
  std::string out;
  const auto path = [&](std::string_view field, const std::string& value) {
    if (!detail::is_valid_utf8(value))
      core::detail::fail(ErrorCode::invalid_argument,
                         {"a checkpoint's path is not UTF-8, and the state file `checkpoint` can hold no other; choose "
                          "another directory or name"});
    (out += field) += ": ";
    append_quoted(out, value);
    out += '\n';
  };
  const auto timestamp = [&](std::string_view field, double value) {
    ((out += field) += ": ") += detail::format_double(value);
    out += '\n';
  };
  if (!state.model_checkpoint_path.empty()) path("model_checkpoint_path", state.model_checkpoint_path);
  for (const std::string& value : state.all_model_checkpoint_paths) path("all_model_checkpoint_paths", value);
  for (const double value : state.all_model_checkpoint_timestamps) timestamp("all_model_checkpoint_timestamps", value);
  if (state.last_preserved_timestamp != 0 || core::detail::has_sign(state.last_preserved_timestamp))
    timestamp("last_preserved_timestamp", state.last_preserved_timestamp);
  return out;
}

namespace detail {

// Reads "field: [a, b]" or "field: a", where `one` reads a value.
template <class One>
void for_each_value(TextTokenizer& tokens, const One& one) {
  if (!tokens.try_consume('[')) return one();
  if (tokens.try_consume(']')) return;
  for (one(); !tokens.try_consume(']'); one()) tokens.consume(',');
}

}  // namespace detail

// Decodes the text. An empty text is a state with an empty path; the caller decides whether that is an error. Throws
// Error with ErrorCode::data_loss, with the number of the line, for wrong syntax, an unknown field, and text that is
// not UTF-8.
[[nodiscard]] CAIRN_COLD inline CheckpointState decode_checkpoint_state(std::string_view text) {
  CheckpointState state;
  for (TextTokenizer tokens(text, "the state file `checkpoint`"); !tokens.at_end();) {
    const std::size_t line = tokens.line();
    const std::string_view field = tokens.consume_identifier();
    const bool known = field == "model_checkpoint_path" || field == "all_model_checkpoint_paths" ||
                       field == "all_model_checkpoint_timestamps" || field == "last_preserved_timestamp";
    if (!known)
      core::detail::fail(ErrorCode::data_loss, {"the state file `checkpoint` is damaged at line ", line,
                                                ": it has no field \"", field.substr(0, 60), "\""});
    tokens.consume(':');
    if (field == "model_checkpoint_path")
      state.model_checkpoint_path = tokens.consume_string();
    else if (field == "last_preserved_timestamp")
      state.last_preserved_timestamp = tokens.consume_double();
    else if (field == "all_model_checkpoint_paths")
      detail::for_each_value(tokens, [&] { state.all_model_checkpoint_paths.push_back(tokens.consume_string()); });
    else
      detail::for_each_value(tokens, [&] { state.all_model_checkpoint_timestamps.push_back(tokens.consume_double()); });
    if (!tokens.try_consume(',')) tokens.try_consume(';');
  }
  return state;
}

}  // namespace CAIRN_NAMESPACE::format
