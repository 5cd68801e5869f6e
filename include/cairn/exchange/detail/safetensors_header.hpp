// The header of a safetensors file:
//
//   u64 n | n bytes of JSON, spaces at the end | data
//   {"__metadata__": {"format": "pt"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
//
// Numbers are little-endian. Offsets count from the data's first byte; the tensors cover the data without holes and do
// not share bytes.
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "../../core/shape.hpp"
#include "../tensor_file.hpp"
#include "json_text.hpp"
#include "tensor_notes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// What the safetensors package reads at most.
inline constexpr std::uint64_t max_safetensors_header_bytes = 100'000'000;

struct SafetensorsDType {
  DType dtype;
  std::string_view name;
};
inline constexpr std::array<SafetensorsDType, 17> safetensors_dtypes{{{DT_FLOAT, "F32"},
                                                                      {DT_DOUBLE, "F64"},
                                                                      {DT_HALF, "F16"},
                                                                      {DT_BFLOAT16, "BF16"},
                                                                      {DT_FLOAT8_E4M3FN, "F8_E4M3"},
                                                                      {DT_FLOAT8_E5M2, "F8_E5M2"},
                                                                      {DT_FLOAT8_E4M3FNUZ, "F8_E4M3FNUZ"},
                                                                      {DT_FLOAT8_E5M2FNUZ, "F8_E5M2FNUZ"},
                                                                      {DT_INT64, "I64"},
                                                                      {DT_INT32, "I32"},
                                                                      {DT_INT16, "I16"},
                                                                      {DT_INT8, "I8"},
                                                                      {DT_UINT64, "U64"},
                                                                      {DT_UINT32, "U32"},
                                                                      {DT_UINT16, "U16"},
                                                                      {DT_UINT8, "U8"},
                                                                      {DT_BOOL, "BOOL"}}};

[[nodiscard]] constexpr std::string_view safetensors_dtype_name(DType dtype) noexcept {
  if (dtype == DT_COMPLEX64) return "C64";
  for (const SafetensorsDType& each : safetensors_dtypes)
    if (each.dtype == stand_in(dtype)) return each.name;
  return "";
}
[[nodiscard]] constexpr std::optional<DType> safetensors_dtype(std::string_view name) noexcept {
  if (name == "C64") return DT_COMPLEX64;
  for (const SafetensorsDType& each : safetensors_dtypes)
    if (each.name == name) return each.dtype;
  return std::nullopt;
}

struct SafetensorsEntry {
  std::string name;
  DType dtype = DT_INVALID;  // also where TensorFlow has none such
  Shape shape;
  std::uint64_t begin = 0, end = 0;  // from the data's first byte
  std::string dtype_name = {};       // as it was read
};
struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the header's order
  TensorFile::Metadata metadata;
};

[[nodiscard]] inline SafetensorsEntry decode_safetensors_entry(JsonReader& json, std::string name) {
  SafetensorsEntry entry;
  entry.name = std::move(name);
  std::vector<std::int64_t> offsets;
  std::set<std::string> seen;
  json.for_each_member([&](std::string member) {
    if (!seen.insert(member).second) throw json.wrong("says \"" + member + "\" of \"" + entry.name + "\" twice");
    if (member == "dtype") {
      entry.dtype_name = json.string();
      entry.dtype = safetensors_dtype(entry.dtype_name).value_or(DT_INVALID);
    } else if (member == "shape") {
      entry.shape = read_shape(json);
    } else if (member == "data_offsets") {
      json.for_each_element([&] {
        if (offsets.size() == 2) throw json.wrong("has more than two data_offsets for \"" + entry.name + "\"");
        offsets.push_back(json.count());
      });
    } else {
      throw json.wrong("has a member \"" + member + "\" that nobody knows for \"" + entry.name + "\"");
    }
  });
  if (seen.size() != 3 || offsets.size() != 2)
    throw json.wrong("does not say dtype, shape and data_offsets of \"" + entry.name + "\"");
  entry.begin = static_cast<std::uint64_t>(offsets[0]);
  entry.end = static_cast<std::uint64_t>(offsets[1]);
  if (entry.dtype == DT_INVALID && entry.begin <= entry.end) return entry;
  const auto count = static_cast<std::uint64_t>(entry.shape.num_elements());
  const bool fits = entry.dtype != DT_INVALID && entry.begin <= entry.end &&
                    count <= std::numeric_limits<std::int64_t>::max() / size_of(entry.dtype);
  if (!fits || entry.end - entry.begin != count * size_of(entry.dtype))
    throw json.wrong("gives \"" + entry.name + "\", " + to_string(entry.dtype) + " " + entry.shape.to_string() +
                     ", the bytes from " + std::to_string(entry.begin) + " to " + std::to_string(entry.end));
  return entry;
}

// Checks everything: entries have the size that dtype and shape ask for, and cover `data_bytes` bytes one behind the
// other. Those of a dtype that TensorFlow does not have are left out, or refused. Throws Error: data_loss;
// unimplemented.
[[nodiscard]] inline SafetensorsHeader decode_safetensors_header(std::string_view text, std::uint64_t data_bytes,
                                                                 const std::string& file, const LeaveOut& leave_out) {
  SafetensorsHeader header;
  std::set<std::string> names;
  JsonReader json(text, file);
  json.for_each_member([&](std::string name) {
    if (!names.insert(name).second) throw json.wrong("has the name \"" + name + "\" twice");
    if (name == metadata_name)
      json.for_each_member([&](std::string key) {
        if (!header.metadata.emplace(key, json.string()).second) throw json.wrong("has \"" + key + "\" twice");
      });
    else
      header.entries.push_back(decode_safetensors_entry(json, std::move(name)));
  });
  json.end();
  std::vector<const SafetensorsEntry*> by_place;
  for (const SafetensorsEntry& entry : header.entries) by_place.push_back(&entry);
  std::sort(by_place.begin(), by_place.end(), [](const SafetensorsEntry* a, const SafetensorsEntry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  std::uint64_t at = 0;
  for (const SafetensorsEntry* const entry : by_place) {
    if (entry->begin != at)
      throw json.wrong("lets \"" + entry->name + "\" begin at byte " + std::to_string(entry->begin) + " of the data, " +
                       (entry->begin < at ? "within another tensor" : "with a hole before it"));
    at = entry->end;
  }
  if (at != data_bytes)
    throw json.wrong("asks for " + std::to_string(at) + " bytes of data, and " + std::to_string(data_bytes) +
                     " are in the file");
  std::erase_if(header.entries, [&](const SafetensorsEntry& entry) {
    if (entry.dtype != DT_INVALID) return false;
    const Error error = Error(ErrorCode::unimplemented, "the dtype " + entry.dtype_name + " of the tensor \"" +
                                                            entry.name + "\" in \"" + file +
                                                            "\" is none that TensorFlow has; leave the tensor out, or "
                                                            "save it with another dtype")
                            .in_file(file)
                            .at_key(entry.name)
                            .expecting("a dtype of TensorFlow's", entry.dtype_name);
    if (!leave_out) throw error;
    leave_out(entry.name, error);
    return true;
  });
  return header;
}

// Throws Error (invalid_argument).
inline void require_safetensors_text(const std::string& text, const std::string& file) {
  if (format::detail::is_valid_utf8(text)) return;
  throw Error(ErrorCode::invalid_argument,
              "a name or a text for \"" + file + "\" is not UTF-8, which safetensors asks for; rename the value first")
      .in_file(file)
      .at_key(text);
}

// Ends the header's text, padded so that the data begins at a multiple of 8 bytes. Throws Error (out_of_range) for a
// header that no one would read.
inline void end_safetensors_header(std::string& text, const std::string& file) {
  text += "}";
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > max_safetensors_header_bytes)
    throw Error(ErrorCode::out_of_range, "the header of \"" + file + "\" would have " + std::to_string(text.size()) +
                                             " bytes, and " + std::to_string(max_safetensors_header_bytes) +
                                             " are the most that safetensors reads: too many tensors; npz takes them")
        .in_file(file);
}

// The same way back. Throws Error: out_of_range as above; invalid_argument for a text that is not UTF-8.
[[nodiscard]] inline std::string encode_safetensors_header(const SafetensorsHeader& header, const std::string& file) {
  std::string text = "{";
  const auto separate = [&] { text += text.size() == 1 ? "" : ","; };
  const auto append = [&](const std::string& value) {
    require_safetensors_text(value, file);
    append_json(text, value);
  };
  if (!header.metadata.empty()) {
    text += "\"" + std::string(metadata_name) + "\":{";
    bool is_first = true;
    for (const auto& [key, value] : header.metadata) {
      if (!std::exchange(is_first, false)) text += ",";
      append(key);
      text += ":";
      append(value);
    }
    text += "}";
  }
  for (const SafetensorsEntry& entry : header.entries) {
    separate();
    append(entry.name);
    std::string shape = entry.shape.to_string();
    std::erase(shape, ' ');
    text += ":{\"dtype\":\"" + std::string(safetensors_dtype_name(entry.dtype)) + "\",\"shape\":" + shape +
            ",\"data_offsets\":[" + std::to_string(entry.begin) + "," + std::to_string(entry.end) + "]}";
  }
  end_safetensors_header(text, file);
  return text;
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
