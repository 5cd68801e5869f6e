// What another format's own dtypes cannot say of a checkpoint's tensors, as texts in its metadata
// (exchange/tensor_file.hpp), and how these texts stand in a file: as one JSON object, in a place that programs keep
// which load all tensors and save them again.
#pragma once

#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "../../core/shape.hpp"
#include "../../tensor/detail/convert_numbers.hpp"
#include "../tensor_file.hpp"
#include "base64.hpp"
#include "json_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// The names of the metadata in a file, and of the tensor that has our own texts (exchange/safetensors.hpp).
inline constexpr std::string_view metadata_name = "__metadata__";
inline constexpr std::string_view notes_name = "__tensorflow__";
inline constexpr std::string_view dtypes_note = "tensorflow.dtypes";
inline constexpr std::string_view strings_note = "tensorflow.strings";
inline constexpr std::string_view graph_note = "tensorflow.object_graph";
inline constexpr std::array<std::string_view, 3> own_notes{dtypes_note, strings_note, graph_note};

// What stands in a file for a dtype: itself, or numbers of the same size, which the notes then explain. A complex128 is
// two float64, along an axis of its own.
[[nodiscard]] constexpr DType stand_in(DType dtype) noexcept {
  switch (dtype) {
    case DT_COMPLEX128:
      return DT_DOUBLE;
    case DT_QINT32:
      return DT_INT32;
    case DT_QINT16:
      return DT_INT16;
    case DT_QUINT16:
      return DT_UINT16;
    case DT_QINT8:
    case DT_INT4:
    case DT_INT2:
      return DT_INT8;
    case DT_QUINT8:
    case DT_UINT4:
    case DT_UINT2:
    case DT_FLOAT8_E4M3B11FNUZ:
    case DT_FLOAT4_E2M1FN:
      return DT_UINT8;
    default:
      return dtype;
  }
}
// Gives a tensor the dtype that a note says it had, as long as what stands for that is there: a program may have put
// other numbers.
inline void give_meaning(DType& dtype, Shape& shape, DType noted) {
  if (size_of(noted) == 0 || stand_in(noted) != dtype) return;
  const auto extents = shape.extents();
  if (noted == DT_COMPLEX128 && (extents.empty() || extents.back() != 2)) return;
  dtype = noted;
  if (noted == DT_COMPLEX128) shape = Shape(extents.first(extents.size() - 1));
}

// Is told of a tensor that cannot be converted and is left out, by name and reason. Empty where that is an error.
using LeaveOut = std::function<void(const std::string&, const Error&)>;

// What our own writer makes at most: the notes of a hundred thousand tensors are far below.
inline constexpr std::uint64_t max_notes_bytes = std::uint64_t{1} << 30;

// Adds the texts of a JSON object. Throws Error (data_loss) for what is none, or has a name that the metadata have.
inline void read_texts(std::string_view text, const std::string& file, TensorFile::Metadata& metadata) {
  JsonReader json(text, file, "metadata");
  json.for_each_member([&](std::string key) {
    if (!metadata.emplace(key, json.string()).second) throw json.wrong("has \"" + key + "\" twice");
  });
  json.end();
}
[[nodiscard]] inline std::string written_texts(const TensorFile::Metadata& metadata) {
  std::string text = "{";
  for (const auto& [key, value] : metadata) {
    append_json(text += text.size() == 1 ? "" : ", ", key);
    append_json(text += ": ", value);
  }
  return text + "}";
}

// The JSON object in a tensor: one string, or its bytes as numbers, which a program may have converted to another
// dtype. nullopt for what is no such thing, but a tensor of someone else.
[[nodiscard]] inline std::optional<std::string> texts_in(const TensorFile::Tensor& tensor) {
  std::string text;
  const auto count = tensor.shape.checked_num_elements();
  if (tensor.dtype == DT_STRING) {
    if (count != 1) return std::nullopt;
    text = tensor.strings().at(0);
  } else {
    if (tensor.shape.rank() != 1 || static_cast<std::uint64_t>(*count) > max_notes_bytes ||
        tensor::detail::number_range(tensor.dtype).sort == tensor::detail::NumberSort::none)
      return std::nullopt;
    const AnyTensor value = TensorFile::read(tensor);
    text.resize(static_cast<std::size_t>(*count));
    const auto bytes = std::as_writable_bytes(std::span(text));
    if (tensor.dtype == DT_UINT8)
      std::copy(value.bytes().begin(), value.bytes().end(), bytes.begin());
    else if (tensor::detail::convert(tensor.dtype, value.bytes(), DT_UINT8, bytes))
      return std::nullopt;
  }
  if (!text.starts_with('{')) return std::nullopt;
  return text;
}

struct NotedStrings {
  std::string name;
  std::size_t at = 0;  // among all tensors
  Shape shape;
  std::vector<std::string> elements;
};

struct TensorNotes {
  std::map<std::string, DType, std::less<>> dtypes;
  std::vector<NotedStrings> strings;

  [[nodiscard]] std::optional<DType> dtype_of(std::string_view name) const {
    const auto found = dtypes.find(name);
    return found == dtypes.end() ? std::nullopt : std::optional(found->second);
  }
};

// Throws Error (data_loss) for an extent or a count that is not legal.
[[nodiscard]] inline Shape read_shape(JsonReader& json) {
  Shape shape;
  json.for_each_element([&] { shape.push_back(json.count()); });
  if (!shape.checked_num_elements()) throw json.wrong("has a shape with more than 2^63 - 1 elements");
  return shape;
}

[[nodiscard]] inline NotedStrings read_noted_strings(JsonReader& json, std::string name) {
  NotedStrings strings;
  strings.name = std::move(name);
  json.for_each_member([&](const std::string& member) {
    if (member == "at") {
      strings.at = static_cast<std::size_t>(json.count());
    } else if (member == "shape") {
      strings.shape = read_shape(json);
    } else if (member == "base64") {
      json.for_each_element([&] {
        auto element = base64_decode(json.string());
        if (!element) throw json.wrong("has a text that is not base64");
        strings.elements.push_back(std::move(*element));
      });
    } else {
      throw json.wrong("has a member \"" + member + "\" that nobody knows");
    }
  });
  if (static_cast<std::uint64_t>(strings.shape.num_elements()) != strings.elements.size())
    throw json.wrong("has " + std::to_string(strings.elements.size()) + " strings for the shape " +
                     strings.shape.to_string());
  return strings;
}

// Takes the notes out of the metadata. Throws Error (data_loss) where they are not what put_notes writes.
[[nodiscard]] inline TensorNotes take_notes(TensorFile::Metadata& metadata, const std::string& file) {
  TensorNotes notes;
  if (const auto found = metadata.find(dtypes_note); found != metadata.end()) {
    JsonReader json(found->second, file, "metadata \"" + std::string(dtypes_note) + "\"");
    json.for_each_member([&](std::string name) {
      const auto dtype = dtype_from_name(json.string());
      if (!dtype) throw json.wrong("has a dtype that TensorFlow does not know");
      notes.dtypes.insert_or_assign(std::move(name), *dtype);
    });
    json.end();
    metadata.erase(found);
  }
  if (const auto found = metadata.find(strings_note); found != metadata.end()) {
    JsonReader json(found->second, file, "metadata \"" + std::string(strings_note) + "\"");
    json.for_each_member([&](std::string name) { notes.strings.push_back(read_noted_strings(json, std::move(name))); });
    json.end();
    metadata.erase(found);
  }
  std::stable_sort(notes.strings.begin(), notes.strings.end(),
                   [](const NotedStrings& a, const NotedStrings& b) { return a.at < b.at; });
  return notes;
}

// The same way back.
inline void put_notes(TensorFile::Metadata& metadata, const TensorNotes& notes) {
  std::string text;
  for (const auto& [name, dtype] : notes.dtypes) {
    append_json(text += text.empty() ? "{" : ", ", name);
    append_json(text += ": ", cairn::name(dtype));
  }
  if (!text.empty()) metadata.insert_or_assign(std::string(dtypes_note), text + "}");
  text.clear();
  for (const NotedStrings& strings : notes.strings) {
    append_json(text += text.empty() ? "{" : ", ", strings.name);
    text +=
        ": {\"at\": " + std::to_string(strings.at) + ", \"shape\": " + strings.shape.to_string() + ", \"base64\": [";
    for (std::size_t i = 0; i < strings.elements.size(); ++i) {
      if (i != 0) text += ", ";
      ((text += '"') += base64_encode(strings.elements[i])) += '"';
    }
    text += "]}";
  }
  if (!text.empty()) metadata.insert_or_assign(std::string(strings_note), text + "}");
}

// Puts the strings to their places among the tensors.
inline void insert_strings(std::vector<TensorFile::Tensor>& tensors, std::vector<NotedStrings> strings) {
  std::vector<TensorFile::Tensor> all;
  all.reserve(tensors.size() + strings.size());
  auto next = tensors.begin();
  for (NotedStrings& each : strings) {
    while (all.size() < each.at && next != tensors.end()) all.push_back(std::move(*next++));
    all.push_back({.name = std::move(each.name),
                   .dtype = DT_STRING,
                   .shape = std::move(each.shape),
                   .strings = [elements = std::move(each.elements)] { return elements; }});
  }
  while (next != tensors.end()) all.push_back(std::move(*next++));
  tensors = std::move(all);
}

// Throws Error (unimplemented): variants and what is none of TensorFlow's numbers or strings.
inline void refuse_without_numbers(const TensorFile::Tensor& tensor, const std::string& format) {
  if (tensor.dtype == DT_STRING || size_of(tensor.dtype) != 0) return;
  throw Error(ErrorCode::unimplemented, "the value of \"" + tensor.name + "\" is " + to_string(tensor.dtype) +
                                            ", which only TensorFlow has values of and no " + format +
                                            " file can hold; leave it out, or erase it first")
      .at_key(tensor.name)
      .expecting("numbers or strings", to_string(tensor.dtype));
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
