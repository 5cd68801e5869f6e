// What a picture's page is given to show: rows and tensors in columns (columns.hpp), as JSON.
//
//   {"rows": [number, kinds, names, parents, targets, nodes, tensors],
//    "tensors": [number, keys, dtypes, shapes, bytes, shards, offsets, crc32cs, parts, are checked],
//    "dtypes": ["float32", ...], "shapes": [[784, 10], ...], "problems": [[tensor, sentence], ...], "separator": "."}
//
// A name begins as the one before it does, and a key as the path of its tensor's first row (PathsOfRows). Numbers that
// a row has not are -1. An offset is counted from the end of the tensor before. The statistics stand in a script
// element of their own, a line for each tensor (statistics_text.hpp).
#pragma once

#include "columns.hpp"
#include "dot.hpp"
#include "text.hpp"
#include "tree.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::pictures::detail {

// The path from which the script makes a tensor's key: the names of its row and of those above it but for the uppermost,
// with "/" between them; for a slot variable TensorFlow's key of one. It is empty for what lies deeper than `most_steps`.
class PathsOfRows {
 public:
  explicit PathsOfRows(const PictureTree& tree) : rows_(tree.rows) {}

  [[nodiscard]] std::string of(std::int32_t row) const {
    const PictureRow& slot = at(row);
    if (slot.kind != PictureRow::Kind::slot || slot.target < 0) return names(row);
    return names(slot.target) + "/.OPTIMIZER_SLOT/" + names(slot.parent) + "/" + readable(slot.name);
  }

 private:
  static constexpr std::size_t most_steps = 64;

  [[nodiscard]] const PictureRow& at(std::int32_t row) const { return rows_[static_cast<std::size_t>(row)]; }
  [[nodiscard]] std::string names(std::int32_t row) const {
    std::vector<std::string_view> steps;
    for (; row >= 0 && at(row).parent >= 0; row = at(row).parent) {
      if (steps.size() == most_steps) return {};
      steps.emplace_back(at(row).name);
    }
    std::string path;
    for (std::size_t i = steps.size(); i-- > 0;) (path += readable(steps[i])) += i == 0 ? "" : "/";
    return path;
  }

  const std::vector<PictureRow>& rows_;
};

inline void append_rows(std::string& out, const PictureTree& tree) {
  NumberColumn kinds, parents, targets, nodes, tensors;
  TextColumn names;
  std::string last;
  for (const PictureRow& row : tree.rows) {
    kinds.add(static_cast<std::uint64_t>(row.kind));
    std::string name = readable(row.name);
    names.add(name, last);
    last = std::move(name);
    parents.add_signed(row.parent);
    targets.add_signed(row.target);
    nodes.add_signed(row.node);
    tensors.add_signed(row.tensor);
  }
  append_page_json(out += '[', tree.rows.size());
  kinds.append_to(out += ',');
  names.append_to(out += ',');
  for (NumberColumn* const column : {&parents, &targets, &nodes, &tensors}) column->append_to(out += ',');
  out += ']';
}

inline void append_tensors(std::string& out, const PictureTree& tree, const std::vector<PictureTensor>& tensors,
                           std::string& dtype_names, std::string& shapes, std::string& problems) {
  TextColumn keys;
  NumberColumn dtypes, shape_numbers, bytes, shards, gaps, checksums, parts, checked;
  const PathsOfRows paths(tree);
  std::vector<std::int32_t> first_row(tensors.size(), -1);
  for (std::size_t row = tree.rows.size(); row-- > 0;)
    if (const std::int32_t tensor = tree.rows[row].tensor; tensor >= 0)
      first_row[static_cast<std::size_t>(tensor)] = static_cast<std::int32_t>(row);
  std::vector<DType> seen_dtypes;
  std::unordered_map<std::string, std::size_t> seen_shapes;
  std::int64_t end = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const PictureTensor& tensor = tensors[i];
    keys.add(readable(shortened(tensor.key, picture_key_bytes)), paths.of(first_row[i]));
    const auto found = std::find(seen_dtypes.begin(), seen_dtypes.end(), tensor.dtype);
    dtypes.add(static_cast<std::uint64_t>(found - seen_dtypes.begin()));
    if (found == seen_dtypes.end()) {
      append_page_json(dtype_names += seen_dtypes.empty() ? "" : ",", dtype_text(tensor.dtype));
      seen_dtypes.push_back(tensor.dtype);
    }
    std::string shape = "[";
    for (std::size_t axis = 0; axis < tensor.shape.rank(); ++axis)
      append_page_json(shape += axis == 0 ? "" : ",", tensor.shape[axis]);
    const auto [place, is_new] = seen_shapes.try_emplace(shape += ']', seen_shapes.size());
    if (is_new) (shapes += shapes.empty() ? "" : ",") += shape;
    shape_numbers.add(place->second);
    bytes.add(tensor.bytes);
    shards.add_signed(tensor.shard);
    gaps.add_signed(bounded(tensor.offset) - end);
    end = bounded(tensor.offset) + bounded(tensor.bytes);
    checksums.add(tensor.crc32c);
    parts.add(tensor.parts);
    checked.add(tensor.is_checked ? 1u : 0u);
    if (tensor.problem.empty()) continue;
    append_page_json(problems += problems.empty() ? "[" : ",[", i);
    append_page_json(problems += ',', tensor.problem);
    problems += ']';
  }
  append_page_json(out += '[', tensors.size());
  keys.append_to(out += ',');
  for (NumberColumn* const column : {&dtypes, &shape_numbers, &bytes, &shards, &gaps, &checksums, &parts, &checked})
    column->append_to(out += ',');
  out += ']';
}

[[nodiscard]] inline std::string picture_json(const PictureTree& tree, const std::vector<PictureTensor>& tensors,
                                              std::string_view separator) {
  std::string out = "{\"rows\":", dtypes, shapes, problems;
  append_rows(out, tree);
  append_tensors(out += ",\n\"tensors\":", tree, tensors, dtypes, shapes, problems);
  for (const auto& [name, list] :
       {std::pair<std::string_view, const std::string&>{"dtypes", dtypes}, {"shapes", shapes}, {"problems", problems}})
    ((((out += ",\n\"") += name) += "\":[") += list) += ']';
  append_page_json(out += ",\n\"separator\":", separator);
  return out += '}';
}

// Returns a line for each tensor, of at most `room` bytes together. All tensors have figures, and as many of the largest
// as there is room for all that is known; where there is no room for the figures, the largest tensors have them.
[[nodiscard]] inline std::string statistics_lines(const std::vector<PictureTensor>& tensors, std::size_t room) {
  std::vector<std::size_t> by_size(tensors.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](std::size_t a, std::size_t b) { return tensors[a].bytes > tensors[b].bytes; });
  std::vector<std::string_view> lines(tensors.size());
  room -= std::min(room, tensors.size());
  const auto take = [&](std::string PictureTensor::* text) {
    for (const std::size_t i : by_size) {
      const std::string_view line = tensors[i].*text;
      if (line.size() > room + lines[i].size()) continue;
      room -= line.size() - lines[i].size();
      lines[i] = line;
    }
  };
  take(&PictureTensor::figures);
  take(&PictureTensor::statistics);
  std::string out;
  for (const std::string_view line : lines) (out += line) += '\n';
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
