// A picture as a text in DOT, the language of Graphviz: objects are boxes, with arrows to what they hold.
//
//   digraph checkpoint {
//     r0 [label="(root)"];
//     r1 [label="kernel\nfloat32 [784, 10]\n31.4 kB", tooltip="model/kernel/.ATTRIBUTES/VARIABLE_VALUE"];
//     r0 -> r1;
//   }
//
// An arrow has a name where it is another name of what has its place elsewhere.
#pragma once

#include "text.hpp"
#include "tree.hpp"

#include <cstddef>
#include <string>

namespace CAIRN_NAMESPACE::pictures::detail {

[[nodiscard]] inline std::string dtype_text(DType dtype) {
  return is_known(dtype) ? to_string(dtype) : "dtype " + std::to_string(static_cast<std::int32_t>(dtype));
}

[[nodiscard]] inline std::string picture_dot(const std::string& prefix, const PictureTree& tree) {
  const auto number = [](std::int64_t row) { return "r" + std::to_string(row); };
  const auto quoted = [](std::string_view text) { return "\"" + dot_text(text) + "\""; };
  std::string out =
      "digraph checkpoint {\n  label=" + quoted(prefix) +
      ";\n  labelloc=t;\n  rankdir=LR;\n  nodesep=0.12;\n  ranksep=0.6;\n  fontname=\"sans-serif\";\n"
      "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10, height=0.3, color=\"#57606a\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=8, arrowsize=0.5, color=\"#57606a\"];\n";
  if (tree.left_out > 0) out += "  // " + std::to_string(tree.left_out) + " more objects and names are left out\n";
  for (std::size_t i = 0; i < tree.rows.size(); ++i) {
    const PictureRow& row = tree.rows[i];
    const auto id = number(static_cast<std::int64_t>(i));
    const bool is_reference = row.kind == PictureRow::Kind::reference, is_slot = row.kind == PictureRow::Kind::slot;
    if (!is_reference) {
      out += "  " + id + " [label=\"" + dot_text(row.name);
      if (row.tensor >= 0) {
        const auto& [key, entry] = tree.tensors[static_cast<std::size_t>(row.tensor)];
        out += "\\n" + dot_text(dtype_text(entry->dtype) + " " + entry->shape.to_string()) + "\\n" +
               bytes_text(bytes_of_entry(*entry)) +
               "\", style=filled, fillcolor=\"#dbeafe\", tooltip=" + quoted(shortened(key, picture_key_bytes));
      } else {
        out += '"';
      }
      out += "];\n";
    }
    if (row.parent < 0) continue;
    out += "  " + number(row.parent) + " -> " + (is_reference ? number(row.target) : id);
    if (is_reference) out += " [label=" + quoted(row.name) + ", style=dashed, constraint=false]";
    out += ";\n";
    if (is_slot && row.target >= 0)
      out += "  " + id + " -> " + number(row.target) + " [style=dotted, constraint=false, arrowhead=none];\n";
  }
  return out += "}\n";
}

}  // namespace CAIRN_NAMESPACE::pictures::detail
