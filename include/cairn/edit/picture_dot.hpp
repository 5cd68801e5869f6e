// A picture as a text in DOT, the language of Graphviz: objects are boxes, names are arrows between them.
//
//   digraph checkpoint {
//     r0 [label="(root)"];
//     r1 [label="float32 [784, 10]\n31.4 kB", tooltip="model/kernel/.ATTRIBUTES/VARIABLE_VALUE"];
//     r0 -> r1 [label="kernel"];
//   }
#pragma once

#include "picture_text.hpp"
#include "picture_tree.hpp"

#include <cstddef>
#include <string>

namespace cairn::detail {

[[nodiscard]] inline std::string dtype_text(DType dtype) {
  return is_known(dtype) ? to_string(dtype) : "dtype " + std::to_string(static_cast<std::int32_t>(dtype));
}

[[nodiscard]] inline std::string picture_dot(const std::string& prefix, const PictureTree& tree) {
  const auto number = [](std::int64_t row) { return "r" + std::to_string(row); };
  const auto quoted = [](std::string_view text) { return "\"" + dot_text(text) + "\""; };
  std::string out = "digraph checkpoint {\n  label=" + quoted(prefix) +
                    ";\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10];\n"
                    "  edge [fontname=\"sans-serif\", fontsize=9, arrowsize=0.7];\n";
  if (tree.left_out > 0) out += "  // " + std::to_string(tree.left_out) + " more objects and names are left out\n";
  for (std::size_t i = 0; i < tree.rows.size(); ++i) {
    const PictureRow& row = tree.rows[i];
    const auto id = number(static_cast<std::int64_t>(i));
    if (row.kind != PictureRow::Kind::reference) {
      out += "  " + id + " [label=\"";
      if (row.tensor >= 0) {
        const auto& [key, entry] = tree.tensors[static_cast<std::size_t>(row.tensor)];
        out += dot_text(dtype_text(entry->dtype) + " " + entry->shape.to_string()) + "\\n" +
               bytes_text(bytes_of_entry(*entry)) +
               "\", style=filled, fillcolor=\"#dbeafe\", tooltip=" + quoted(shortened(key, picture_key_bytes));
      } else {
        out += (row.parent < 0 ? dot_text(row.name) : std::string()) + "\"";
        if (row.parent >= 0) out += ", shape=circle, width=0.15";
      }
      out += "];\n";
    }
    if (row.parent < 0) continue;
    out += "  " + number(row.parent) + " -> " + (row.kind == PictureRow::Kind::reference ? number(row.target) : id) +
           " [label=" + quoted(row.name);
    if (row.kind == PictureRow::Kind::reference) out += ", constraint=false, color=\"#6b7280\"";
    if (row.kind == PictureRow::Kind::slot) out += ", style=dashed";
    out += "];\n";
    if (row.kind == PictureRow::Kind::slot && row.target >= 0)
      out += "  " + id + " -> " + number(row.target) + " [style=dotted, constraint=false, arrowhead=none];\n";
  }
  return out += "}\n";
}

}  // namespace cairn::detail
