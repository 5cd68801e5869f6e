// What a picture's page is given to show: rows and tensors as JSON arrays, so that ten thousand tensors stay small.
//
//   {"rows": [[kind, name, parent, target, node, tensor], ...],           trailing -1s are left out
//    "tensors": [[key, dtype, shape, bytes, shard, offset, crc32c, parts, is checked, problem,
//                 numbers or null, strings or null], ...],
//    "dtypes": ["float32", ...], "separator": "."}
//
// where numbers are [zeros, nans, +inf, -inf, minimum, maximum, mean, standard deviation, [low, high, counts...], first
// values...], and a separator is what stands between the names of a path.
#pragma once

#include "dot.hpp"
#include "text.hpp"
#include "tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::pictures::detail {

inline void append_row(std::string& out, const PictureRow& row) {
  out += '[';
  append_page_json(out, static_cast<int>(row.kind));
  append_page_json(out += ',', row.name);
  std::vector<std::int32_t> numbers{row.parent, row.target, row.node, row.tensor};
  while (!numbers.empty() && numbers.back() == -1) numbers.pop_back();
  for (const std::int32_t number : numbers) append_page_json(out += ',', number);
  out += ']';
}

inline void append_statistics(std::string& out, const TensorStatistics& statistics) {
  const auto shown = [](const std::optional<double>& number) {
    std::string text;
    constexpr int digits = 6;
    if (number) tensor::detail::append_number(text, *number, digits);
    return text;
  };
  out += '[';
  append_page_json(out, statistics.zeros);
  append_page_json(out += ',', statistics.nans);
  append_page_json(out += ',', statistics.positive_infinities);
  append_page_json(out += ',', statistics.negative_infinities);
  append_page_json(out += ',', statistics.minimum_text);
  append_page_json(out += ',', statistics.maximum_text);
  append_page_json(out += ',', shown(statistics.mean));
  append_page_json(out += ',', shown(statistics.standard_deviation));
  append_page_json(out += ",[", statistics.histogram.low);
  append_page_json(out += ',', statistics.histogram.high);
  for (const std::uint64_t count : statistics.histogram.counts) append_page_json(out += ',', count);
  out += ']';
  for (const std::string& value : statistics.first_values) append_page_json(out += ',', value);
  out += ']';
}

inline void append_tensor(std::string& out, const PictureTensor& tensor, std::size_t dtype) {
  out += '[';
  append_page_json(out, shortened(tensor.key, picture_key_bytes));
  append_page_json(out += ',', dtype);
  out += ",[";
  for (std::size_t axis = 0; axis < tensor.shape.rank(); ++axis)
    append_page_json(out += axis == 0 ? "" : ",", tensor.shape[axis]);
  append_page_json(out += "],", tensor.bytes);
  append_page_json(out += ',', tensor.shard);
  append_page_json(out += ',', tensor.offset);
  append_page_json(out += ',', tensor.crc32c);
  append_page_json(out += ',', tensor.parts);
  append_page_json(out += ',', static_cast<int>(tensor.is_checked));
  append_page_json(out += ',', tensor.problem);
  out += ',';
  if (tensor.statistics)
    append_statistics(out, *tensor.statistics);
  else
    out += "null";
  out += ',';
  if (tensor.dtype == DT_STRING && tensor.is_checked) {
    out += '[';
    for (std::size_t i = 0; i < tensor.strings.size(); ++i)
      append_page_json(out += i == 0 ? "" : ",", tensor.strings[i]);
    out += ']';
  } else {
    out += "null";
  }
  out += ']';
}

[[nodiscard]] inline std::string picture_json(const PictureTree& tree, const std::vector<PictureTensor>& tensors,
                                              std::string_view separator) {
  std::string out = "{\"rows\":[";
  for (std::size_t i = 0; i < tree.rows.size(); ++i) {
    if (i > 0) out += ",\n";
    append_row(out, tree.rows[i]);
  }
  out += "],\n\"tensors\":[";
  std::vector<DType> dtypes;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (i > 0) out += ",\n";
    const auto found = std::find(dtypes.begin(), dtypes.end(), tensors[i].dtype);
    const auto dtype = static_cast<std::size_t>(found - dtypes.begin());
    if (found == dtypes.end()) dtypes.push_back(tensors[i].dtype);
    append_tensor(out, tensors[i], dtype);
  }
  out += "],\n\"dtypes\":[";
  for (std::size_t i = 0; i < dtypes.size(); ++i) append_page_json(out += i == 0 ? "" : ",", dtype_text(dtypes[i]));
  append_page_json(out += "],\n\"separator\":", separator);
  return out += "}";
}

}  // namespace cairn::pictures::detail
