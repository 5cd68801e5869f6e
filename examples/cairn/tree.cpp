// cairn tree: the object graph.
#include "command.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/bundle/reader.hpp>
#include <cairn/core/detail/keys.hpp>
#include <cairn/edit/checkpoint_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace tool {

namespace {

using cairn::bundle::Entry;
using cairn::bundle::EntryList;

// An attribute's tensors: that of its key; some objects name only the beginning, "table" for "table-keys" and
// "table-values".
[[nodiscard]] std::vector<const EntryList::value_type*> tensors_of(const EntryList& entries, std::string_view key) {
  std::vector<const EntryList::value_type*> found;
  auto at = std::lower_bound(entries.begin(), entries.end(), key,
                             [](const auto& item, std::string_view wanted) { return item.first < wanted; });
  if (at != entries.end() && at->first == key) return {&*at};
  for (; at != entries.end() && at->first.starts_with(key); ++at)
    if (at->first[key.size()] == '-' || at->first[key.size()] == '_') found.push_back(&*at);
  return found;
}

[[nodiscard]] std::string type_of(const Entry& entry) {
  return cairn::to_string(entry.dtype) + " " + entry.shape.to_string();
}

struct Lines {
  const char* child;
  const char* last_child;
  const char* below;
  const char* below_last;
};
// Lines where the locale says that the terminal shows them.
[[nodiscard]] const Lines& lines() {
  static constexpr Lines drawn{"├── ", "└── ", "│   ", "    "}, plain{"|-- ", "`-- ", "|   ", "    "};
  static const bool is_utf8 = [] {
    for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"})
      if (const char* const value = std::getenv(name); value != nullptr && *value != '\0') {
        const std::string_view locale(value);
        return locale.find("UTF-8") != locale.npos || locale.find("utf8") != locale.npos;
      }
    return false;
  }();
  return is_utf8 ? drawn : plain;
}

// Prints lines below each other, indented by depth; what is below `max_depth` is only counted.
class TreePrinter {
 public:
  explicit TreePrinter(std::size_t max_depth) : max_depth_(max_depth) {}

  // Children, in order; each is a line and what is below it, asked for when it is printed.
  struct Child {
    std::string line;
    std::int64_t node = -1;  // -1 where nothing is below
  };
  template <class ChildrenOf>
  void print_below(std::int64_t root, ChildrenOf children_of) {
    struct Open {
      std::vector<Child> children;
      std::size_t next = 0;
    };
    std::vector<Open> open;
    open.push_back({children_of(root), 0});
    std::vector<std::string> indents{""};
    while (!open.empty()) {
      if (open.back().next == open.back().children.size()) {
        open.pop_back();
        indents.pop_back();
        continue;
      }
      Child child = std::move(open.back().children[open.back().next++]);
      const bool is_last = open.back().next == open.back().children.size();
      std::vector<Child> below = child.node < 0 ? std::vector<Child>() : children_of(child.node);
      const bool is_cut = !below.empty() && open.size() >= max_depth_;
      print(indents.back() + (is_last ? lines().last_child : lines().child) + child.line + (is_cut ? " ..." : "") +
            "\n");
      if (below.empty() || is_cut) continue;
      indents.push_back(indents.back() + (is_last ? lines().below_last : lines().below));
      open.push_back({std::move(below), 0});
    }
  }

 private:
  std::size_t max_depth_;
};

class GraphTree {
 public:
  GraphTree(const cairn::ObjectGraph& graph, const EntryList& entries) : graph_(graph), entries_(entries) {}

  [[nodiscard]] std::vector<TreePrinter::Child> children_of(std::int64_t node) {
    const auto id = static_cast<std::int32_t>(node);
    std::vector<TreePrinter::Child> children;
    const cairn::ObjectGraph::Node object = graph_[id];
    for (const cairn::SerializedTensor attribute : object.attributes) {
      if (is_plain_variable(object)) break;  // it stands in the object's own line
      const auto tensors = tensors_of(entries_, attribute.checkpoint_key);
      std::string line = dim(shown(attribute.name));
      if (tensors.empty()) line += "  (no tensor)";
      for (const auto* const tensor : tensors) {
        const std::string part = tensor->first.substr(attribute.checkpoint_key.size());
        line += "  " + shown(part) + (part.empty() ? "" : " ") + type_of(tensor->second);
      }
      children.push_back({std::move(line)});
    }
    for (const cairn::ObjectReference child : object.children) {
      // Shown where the shortest way leads, and nowhere else.
      const bool is_here = child.node_id != 0 && graph_.parent(child.node_id) == id &&
                           graph_.local_name(child.node_id) == child.local_name && take(child.node_id);
      std::string line = bold_if(!graph_[child.node_id].children.empty(), shown(child.local_name));
      if (is_here)
        line += value_of(child.node_id);
      else
        line += " -> " + dim(child.node_id == 0 ? std::string("the root") : shown(graph_.path(child.node_id)));
      children.push_back({std::move(line), is_here ? child.node_id : -1});
    }
    for (const std::string_view name : object.empty_children) children.push_back({shown(name) + dim("  (empty)")});
    for (const cairn::SlotVariableReference slot : object.slot_variables) {
      std::string line = dim("slot ") + shown(slot.slot_name) + dim(" of ") +
                         shown(graph_.path(slot.original_variable_node_id)) + value_of(slot.slot_variable_node_id);
      children.push_back({std::move(line)});
      static_cast<void>(take(slot.slot_variable_node_id));
    }
    return children;
  }
  // Objects that nobody holds: nothing but a program of one's own writes such.
  [[nodiscard]] std::size_t unreached() const {
    std::size_t count = 0;
    for (std::size_t id = 1; id < graph_.size(); ++id)
      if (graph_.parent(static_cast<std::int32_t>(id)) < 0 && !graph_.is_slot_variable(static_cast<std::int32_t>(id)))
        ++count;
    return count;
  }

 private:
  [[nodiscard]] static std::string bold_if(bool is_bold, const std::string& text) {
    return is_bold ? bold(text) : text;
  }
  [[nodiscard]] static bool is_plain_variable(const cairn::ObjectGraph::Node object) {
    return object.attributes.size() == 1 && object.attributes[0].name == cairn::core::detail::variable_value;
  }
  [[nodiscard]] std::string value_of(std::int32_t id) const {
    std::string text;
    const cairn::ObjectGraph::Node object = graph_[id];
    if (object.registered_saver) text += dim("  saved by " + shown(object.registered_saver->name));
    if (!is_plain_variable(object)) return text;
    const auto tensors = tensors_of(entries_, object.attributes[0].checkpoint_key);
    return text + "  " + (tensors.empty() ? "(no tensor)" : type_of(tensors[0]->second));
  }
  [[nodiscard]] bool take(std::int32_t id) {
    if (taken_.empty()) taken_.resize(graph_.size());
    if (taken_[static_cast<std::size_t>(id)]) return false;
    taken_[static_cast<std::size_t>(id)] = true;
    return true;
  }

  const cairn::ObjectGraph& graph_;
  const EntryList& entries_;
  std::vector<bool> taken_;
};

// A checkpoint without a graph: the names' own scopes.
class NameTree {
 public:
  explicit NameTree(const EntryList& entries) {
    for (const auto& [key, entry] : entries) {
      std::size_t at = 0;
      for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('/', begin), key.size());
        at = child(at, key.substr(begin, end - begin));
        begin = end + 1;
        if (scopes_.size() > max_scopes) throw too_many();
      }
      scopes_[at].entry = &entry;
    }
  }
  [[nodiscard]] std::vector<TreePrinter::Child> children_of(std::int64_t node) const {
    std::vector<TreePrinter::Child> children;
    for (const std::size_t id : scopes_[static_cast<std::size_t>(node)].children) {
      const Scope& scope = scopes_[id];
      std::string line = scope.children.empty() ? shown(scope.name) : bold(shown(scope.name));
      if (scope.entry != nullptr) line += "  " + type_of(*scope.entry);
      children.push_back({std::move(line), static_cast<std::int64_t>(id)});
    }
    return children;
  }

 private:
  struct Scope {
    std::string name;
    const Entry* entry = nullptr;
    std::vector<std::size_t> children;
  };
  static constexpr std::size_t max_scopes = 10'000'000;
  [[nodiscard]] static cairn::Error too_many() {
    return {cairn::ErrorCode::resource_exhausted, "the names have more than ten million scopes"};
  }
  // Keys are sorted, so that a scope that was seen is the last child, or nearly so.
  [[nodiscard]] std::size_t child(std::size_t parent, std::string name) {
    for (auto id = scopes_[parent].children.rbegin(); id != scopes_[parent].children.rend(); ++id) {
      if (scopes_[*id].name == name) return *id;
      if (id - scopes_[parent].children.rbegin() > 8) break;
    }
    scopes_.push_back({std::move(name), nullptr, {}});
    scopes_[parent].children.push_back(scopes_.size() - 1);
    return scopes_.size() - 1;
  }
  std::vector<Scope> scopes_{1};
};

void print_json(const cairn::ObjectGraph* graph, const EntryList& entries) {
  Json json;
  json.begin('[');
  for (std::size_t i = 0; graph != nullptr && i < graph->size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    const cairn::ObjectGraph::Node object = (*graph)[id];
    json.begin('{').key("id").value(id).key("path").value(graph->path(id)).key("children").begin('[');
    for (const cairn::ObjectReference child : object.children)
      json.begin('{').key("name").value(child.local_name).key("id").value(child.node_id).end('}');
    json.end(']').key("attributes").begin('[');
    for (const cairn::SerializedTensor attribute : object.attributes) {
      json.begin('{').key("name").value(attribute.name).key("full_name").value(attribute.full_name);
      json.key("key").value(attribute.checkpoint_key);
      const auto tensors = tensors_of(entries, attribute.checkpoint_key);
      if (tensors.size() == 1 && tensors[0]->first == attribute.checkpoint_key)
        json.key("dtype").value(cairn::name(tensors[0]->second.dtype)).key("shape").list(tensors[0]->second.shape);
      json.end('}');
    }
    json.end(']').key("slot_variables").begin('[');
    for (const cairn::SlotVariableReference slot : object.slot_variables) {
      json.begin('{').key("name").value(slot.slot_name).key("of").value(slot.original_variable_node_id);
      json.key("id").value(slot.slot_variable_node_id).end('}');
    }
    json.end(']').end('}');
  }
  print(json.end(']').text());
}

}  // namespace

int tree(Arguments& arguments) {
  std::string path;
  std::optional<std::int64_t> depth;
  arguments.describe(
      "Prints the object graph of a checkpoint as a tree: who holds whom under which name, and the dtype and shape of "
      "each value. An object that several hold is shown where the shortest way from the root leads, and referred to "
      "with -> elsewhere; so are cycles. A checkpoint of TensorFlow 1, which has no object graph, is shown by the "
      "scopes "
      "of its names.");
  arguments.describe(
      "With --json: a list of all objects with id (0 is the root), path, children, attributes (name, full_name, key, "
      "dtype, "
      "shape) and slot_variables; empty for a checkpoint without object graph.");
  arguments.example("cairn tree training --depth 2");
  arguments.positional("PATH", path, "the checkpoint");
  arguments.option("--depth", "N", depth, "show only so many levels (100)");
  arguments.parse();

  if (depth && *depth < 1) throw WrongUsage{"--depth wants at least 1"};
  const std::string prefix = find_checkpoint(path);
  const cairn::bundle::Reader reader(prefix);
  const auto graph = cairn::edit::detail::read_saved_graph(reader);
  if (arguments.json()) {
    print_json(graph.get(), reader.entries());
    return done;
  }
  print(shown(prefix) + "\n");
  TreePrinter printer(depth ? static_cast<std::size_t>(*depth) : 100);
  if (graph == nullptr) {
    const NameTree names(reader.entries());
    printer.print_below(0, [&](std::int64_t id) { return names.children_of(id); });
    return done;
  }
  GraphTree objects(*graph, reader.entries());
  printer.print_below(0, [&](std::int64_t id) { return objects.children_of(id); });
  if (const std::size_t count = objects.unreached(); count > 0)
    print("and " + count_of(count, "object") + " that nobody holds\n");
  return done;
}

}  // namespace tool
