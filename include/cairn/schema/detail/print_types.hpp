// StructPrinter: writes the text of the structs from a plan (print_plan.hpp).
#pragma once

#include "../print_values.hpp"
#include "print_plan.hpp"
#include "print_words.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::schema::detail {

// Types are found from the leaves upward; objects with equal members have one struct. Objects that are held twice are
// declared before all others and have structs of their own, so that structs may refer to each other.
class StructPrinter {
 public:
  static constexpr std::size_t max_members = 100;  // Boost.PFR's limit

  StructPrinter(const PrintPlan& plan, std::string root, std::string name_space)
      : plan_(plan), root_(std::move(root)), name_space_(std::move(name_space)) {
    find_types();
    // Names are given in the order of the program, which is known when all structs are known.
    std::vector<std::string> names(given_.size());
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < given_.size(); ++i) places.emplace(given_[i], i);
    GivenNames final_names = reserved_;
    for (const std::size_t id : plan_.order) {
      const auto found = types_[id] ? places.find(*types_[id]) : places.end();
      if (found == places.end()) continue;
      std::string& name = names[found->second];
      if (name.empty()) name = final_names.give(type_name_of(id));
    }
    final_ = std::move(names);
    find_types();
  }

  [[nodiscard]] std::string text(const std::string& made_from) {
    std::string text = "// Restores from " + made_from + ":\n//\n";
    const std::string full = (name_space_.empty() ? "" : name_space_ + "::") + root_;
    text += "//   " + full + " state;\n//   cairn::Checkpoint{state}." + (plan_.has_save_counter ? "restore" : "read") +
            "(path)." + (is_partial_ ? "expect_partial();      // not all of it, see below\n" : "assert_consumed();\n");
    text +=
        "#pragma"
        " once\n\n#include <cairn/cairn.hpp>\n\n#include <complex>\n#include <cstdint>\n#include "
        "<map>\n#include "
        "<memory>\n#include <string>\n#include <string_view>\n#include <tuple>\n#include <vector>\n\n";
    if (!name_space_.empty()) text += "namespace " + name_space_ + " {\n\n";
    if (!forward_.empty()) text += forward_ + "\n";
    text += structs_;
    if (!name_space_.empty()) text += "}  // namespace " + name_space_ + "\n";
    if (!renames_.empty()) text += "\n" + renames_;
    return text;
  }

 private:
  void find_types() {
    given_.clear();
    same_.clear();
    forward_ = structs_ = renames_ = "";
    types_.assign(plan_.nodes.size(), std::nullopt);
    reserved_ = {};
    for (const std::size_t id : plan_.order)
      for (const PrintedEdge& edge : plan_.nodes[id].edges) reserved_.take(member_name_like(edge.name));
    for (const std::string& name : {name_space_, root_}) reserved_.take(name);
    for (const std::size_t id : plan_.order)
      if (id != 0 && plan_.nodes[id].is_shared() && is_struct(id)) {
        types_[id] = give_name();
        forward_ += "struct " + *types_[id] + ";\n";
      }
    for (auto id = plan_.order.rbegin(); id != plan_.order.rend(); ++id)
      if (*id == 0 || (plan_.nodes[*id].is_shared() && is_struct(*id)))
        define(*id, *id == 0 ? root_ : *types_[*id]);
      else
        static_cast<void>(type_of(*id));
  }
  // The name of a struct in the second round; a number in the first one.
  [[nodiscard]] std::string give_name() {
    const std::size_t index = given_.size();
    return given_.emplace_back(final_.empty() ? "#" + std::to_string(index) : final_[index]);
  }

  [[nodiscard]] const PrintedNode& node(std::size_t id) const { return plan_.nodes[id]; }

  [[nodiscard]] bool is_list(std::size_t id) const {
    return id != 0 && node(id).slots.empty() && node(id).value.kind == NodeValue::Kind::none && node(id).has_indices;
  }
  // True for an object that is no list and has too many children for a struct.
  [[nodiscard]] bool is_dict(std::size_t id) const { return !is_list(id) && node(id).edges.size() > max_members; }
  [[nodiscard]] bool is_struct(std::size_t id) const {
    return node(id).value.kind == NodeValue::Kind::several ||
           (node(id).value.kind == NodeValue::Kind::none && !is_list(id) && !is_dict(id));
  }

  [[nodiscard]] std::string type_name_of(std::size_t id) const {
    const PrintedNode& it = node(id);
    const bool is_element = !it.name.empty() && std::all_of(it.name.begin(), it.name.end(), is_digit_letter);
    return type_name_like(is_element && it.parent != 0 ? singular(node(it.parent).name) : it.name);
  }

  // The object's type; nullopt for a list that contains itself.
  [[nodiscard]] std::optional<std::string> type_of(std::size_t id) {
    if (types_[id]) return types_[id];
    if (std::find(open_.begin(), open_.end(), id) != open_.end()) return std::nullopt;
    open_.push_back(id);
    std::optional<std::string> type;
    if (node(id).value.kind == NodeValue::Kind::one)
      type = leaf_type(id);
    else if (is_struct(id))
      type = struct_of(id);
    else
      type = container_of(id);
    open_.pop_back();
    return types_[id] = std::move(type);
  }

  // The type of a value. It is a Variable and no plain number where the value is held twice or has slot variables,
  // because only Variables have slot variables; and in a list, because a list of plain numbers or strings would be
  // saved as one tensor.
  [[nodiscard]] std::string leaf_type(std::size_t id) const {
    const PrintedNode& it = node(id);
    const bool needs_variable = it.is_shared() || it.is_original || !is_struct(it.parent);
    return needs_variable ? variable_type(it.value.one.dtype, it.value.one.shape)
                          : plain_type(it.value.one.dtype, it.value.one.shape);
  }
  // The type of a member or an element that holds the object.
  [[nodiscard]] std::optional<std::string> held_type(const PrintedEdge& edge) {
    auto type = type_of(edge.node);
    if (!type) return std::nullopt;
    if (!node(edge.node).is_shared()) return type;
    return (edge.is_weak ? "std::weak_ptr<" : "std::shared_ptr<") + *type + ">";
  }

  // A std::tuple for a list whose elements differ in type; else a std::vector or std::map.
  [[nodiscard]] std::optional<std::string> container_of(std::size_t id) {
    const auto& edges = node(id).edges;
    std::vector<std::string> types;
    for (const PrintedEdge& edge : edges) {
      auto type = held_type(edge);
      if (!type) return std::nullopt;
      types.push_back(std::move(*type));
    }
    const bool are_equal =
        std::all_of(types.begin(), types.end(), [&](const std::string& type) { return type == types[0]; });
    if (!are_equal && is_list(id) && edges.size() <= max_members) {
      constexpr std::size_t long_line = 100;
      std::string line, lines;
      for (const std::string& type : types) {
        line += (&type == &types[0] ? "" : ", ") + type;
        lines += (&type == &types[0] ? "\n      " : ",\n      ") + type;
      }
      return "std::tuple<" + (line.size() > long_line ? lines : line) + ">";
    }
    const auto element = are_equal ? std::optional(types[0]) : common_variable(id);
    if (!element) return std::nullopt;
    return (is_list(id) ? "std::vector<" : "std::map<std::string, ") + *element + ">";
  }
  // The type of the elements where all are Variables of one dtype and rank; nullopt where they are not.
  [[nodiscard]] std::optional<std::string> common_variable(std::size_t id) const {
    const auto& edges = node(id).edges;
    const NodeValue& first = node(edges[0].node).value;
    for (const PrintedEdge& edge : edges) {
      const NodeValue& value = node(edge.node).value;
      if (node(edge.node).is_shared() || value.kind != NodeValue::Kind::one || value.one.dtype != first.one.dtype ||
          value.one.shape.rank() != first.one.shape.rank())
        return std::nullopt;
    }
    return variable_type(first.one.dtype, first.one.shape, true);
  }

  struct Body {
    std::string members;  // two structs are the same when their members and renames are equal
    std::string renames;
    std::string remarks;
  };

  [[nodiscard]] std::string struct_of(std::size_t id) {
    const Body body = body_of(id);
    std::string& known = same_[body.members + body.renames + body.remarks];
    if (known.empty()) {
      known = give_name();
      write(known, body);
    }
    return known;
  }
  void define(std::size_t id, const std::string& name) {
    if (node(id).value.kind == NodeValue::Kind::one) {
      structs_ += "using " + name + " = " + variable_type(node(id).value.one.dtype, node(id).value.one.shape) + ";\n";
      return;
    }
    if (is_dict(id)) {
      if (const auto type = container_of(id)) {
        structs_ += "using " + name + " = " + *type + ";\n";
        return;
      }
    }
    write(name, body_of(id));
  }
  void write(const std::string& name, const Body& body) {
    structs_ += "struct " + name + " {\n" + body.members + body.remarks + "};\n\n";
    if (body.renames.empty()) return;
    renames_ += "template <>\ninline constexpr auto cairn::members<" + (name_space_.empty() ? "" : name_space_ + "::") +
                name + "> =\n    cairn::describe(" + body.renames + ");\n";
  }

  [[nodiscard]] Body body_of(std::size_t id) {
    const PrintedNode& it = node(id);
    if (it.value.kind == NodeValue::Kind::several) return {tensors_of(it.value), "", ""};
    Body body;
    GivenNames names;  // names that need no change are given first
    for (const PrintedEdge& edge : it.edges)
      if (is_member_name(edge.name)) names.take(edge.name);
    const auto add = [&](const std::string& type, const std::string& name, const std::string& initializer,
                         bool is_given) {
      const std::string member = is_given ? name : names.give(member_name_like(name));
      body.members += "  " + type + " " + member + initializer + ";\n";
      if (member == name) return;
      body.renames += (body.renames.empty() ? "" : ",\n                    ") + ("cairn::rename<\"" + member) + "\">(" +
                      string_literal(name) + ")";
    };
    std::vector<std::string> remarks = it.remarks;
    if (it.value.kind == NodeValue::Kind::impossible) remarks.push_back("the root's own value: " + it.value.reason);
    std::size_t count = it.slots.size();
    for (const PrintedEdge& edge : it.edges) {
      const auto type = held_type(edge);
      if (!type)
        remarks.push_back(
            "\"" + edge.name + "\": " + std::to_string(node(edge.node).edges.size()) +
            " children of different types, more than a struct or a tuple can have, or a list within itself");
      else if (++count > max_members)
        remarks.push_back("\"" + edge.name + "\": a struct has at most " + std::to_string(max_members) + " members");
      else
        add(*type, edge.name, initializer_of(edge, *type), is_member_name(edge.name));
    }
    if (const std::string optimizer = keras_2_optimizer(it); !optimizer.empty())
      body.members += "  // Keras 2's legacy " + optimizer + " is cairn::keras::v2::legacy::" + optimizer +
                      "<Model>, which trains on, too\n";
    for (const std::string& slot : it.slots) add("cairn::SlotVariables", slot, "", false);
    for (const std::string& remark : remarks) {
      body.remarks += "  // left out: " + in_comment(remark) + "\n";
      is_partial_ = is_partial_ || !remark.ends_with("is the root itself");
    }
    if (!it.empty.empty()) {
      std::string line = "  // without values:";
      for (const std::string& name : it.empty) line += " " + in_comment(name);
      body.remarks += line.substr(0, 400) + "\n";
    }
    return body;
  }
  // The name of the legacy optimizer of Keras 2 whose slots and numbers the node has; empty where keras has no such
  // optimizer.
  [[nodiscard]] static std::string keras_2_optimizer(const PrintedNode& it) {
    const auto has = [&](std::string_view name) {
      return std::any_of(it.edges.begin(), it.edges.end(), [&](const PrintedEdge& edge) { return edge.name == name; });
    };
    const auto has_slot = [&](std::string_view name) {
      return std::find(it.slots.begin(), it.slots.end(), name) != it.slots.end();
    };
    if (!has("iter") || !has("decay") || has("momentum_cache")) return "";
    if (has("rho") && has_slot("rms")) return "RMSprop";
    if (has("momentum") && has_slot("momentum")) return "SGD";
    return has("beta_1") && has("beta_2") && has_slot("m") && has_slot("v") ? "Adam" : "";
  }
  [[nodiscard]] std::string initializer_of(const PrintedEdge& edge, const std::string& type) const {
    const PrintedNode& child = node(edge.node);
    if (child.is_shared()) return "";
    if (type.starts_with("std::vector<") && is_list(edge.node))
      return " = " + type + "(" + std::to_string(child.edges.size()) + ")";
    if (child.value.kind != NodeValue::Kind::one || child.value.one.dtype == DT_STRING ||
        type.starts_with("cairn::Variable"))
      return "";
    return type == "bool" ? " = false"
           : type == "float" || type == "double" || type.starts_with("std::int") || type.starts_with("std::uint")
               ? " = 0"
               : "{}";
  }

  // The text of a class that is several tensors of one node.
  [[nodiscard]] static std::string tensors_of(const NodeValue& value) {
    std::string members, add, get;
    GivenNames names;
    for (const auto& [name, tensor] : value.several) {
      const std::string member = names.give(member_name_like(name));
      const bool has_type = !element_type(tensor.dtype).empty();
      members += "  " + (has_type ? variable_type(tensor.dtype, tensor.shape) : std::string("cairn::AnyTensor")) + " " +
                 member;
      if (!has_type)
        members += "{*cairn::dtype_from_name(" + string_literal(cairn::name(tensor.dtype)) + "), cairn::Shape{" +
                   (tensor.shape.empty() ? "" : extents_text(tensor.shape).substr(2)) + "}}";
      members += ";\n";
      add += "    tensors.add(" + string_literal(name) + ", " + member + ");\n";
      get += "    " +
             (has_type ? "tensors.get(" + string_literal(name) + ", " + member + ")"
                       : member + " = tensors.at(" + string_literal(name) + ")") +
             ";\n";
    }
    if (!value.saveable_name.empty())
      members += "  static constexpr std::string_view saveable_name = " + string_literal(value.saveable_name) + ";\n";
    return members + "\n  cairn::NamedTensors serialize_to_tensors() const {\n    cairn::NamedTensors tensors;\n" +
           add + "    return tensors;\n  }\n  void restore_from_tensors(const cairn::NamedTensors& tensors) {\n" + get +
           "  }\n";
  }

  const PrintPlan& plan_;
  std::string root_, name_space_;
  std::vector<std::optional<std::string>> types_;  // by node
  std::vector<std::size_t> open_;                  // nodes whose types are being found
  GivenNames reserved_;                            // the names of members, and the given names of structs
  std::vector<std::string> given_, final_;
  std::map<std::string, std::string> same_;  // names of structs by their bodies
  std::string forward_, structs_, renames_;
  bool is_partial_ = false;
};

}  // namespace CAIRN_NAMESPACE::schema::detail
