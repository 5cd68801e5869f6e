// cairn tree: the object graph.
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/bundle/entry_reader.hpp>
#include <cairn/bundle/object_graph.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/core/detail/keys.hpp>
#include <cairn/edit/detail/graph_outline.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <functional>
#include <unordered_map>
#include <utility>

namespace tool {

namespace {

using cairn::bundle::Entry;
using cairn::edit::detail::GraphOutline;
using cairn::edit::detail::GraphWindow;
using cairn::edit::detail::NodeFields;

struct Type {
  cairn::DType dtype;
  cairn::Shape shape;
  std::string text;  // "float32 [2]"
};
[[nodiscard]] std::string type_of(const Entry& entry) {
  return cairn::to_string(entry.dtype) + " " + entry.shape.to_string();
}

// The dtypes and shapes of all tensors, sixteen bytes of memory for each. The hashes of two of ten million keys are the
// same with a chance of less than one to 10^5.
class Types {
 public:
  explicit Types(const cairn::bundle::Reader& reader) : reader_(reader) {
    std::unordered_map<std::string, std::uint32_t> numbers;
    for (cairn::bundle::EntryReader each(reader); each.next();) {
      const Entry& entry = each.entry();
      if (types_.empty() || types_[places_.back().type].dtype != entry.dtype ||
          types_[places_.back().type].shape != entry.shape) {
        std::string text = type_of(entry);
        const auto [known, is_new] = numbers.emplace(text, static_cast<std::uint32_t>(types_.size()));
        if (is_new) types_.push_back({entry.dtype, entry.shape, std::move(text)});
        places_.push_back({hash(each.key()), known->second});
      } else {
        places_.push_back({hash(each.key()), places_.back().type});
      }
    }
    std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.hash < b.hash; });
  }

  // That of the tensor of a key; null where there is none.
  [[nodiscard]] const Type* find(std::string_view key) const {
    const auto found = std::lower_bound(places_.begin(), places_.end(), hash(key),
                                        [](const Place& place, std::size_t wanted) { return place.hash < wanted; });
    return found == places_.end() || found->hash != hash(key) ? nullptr : &types_[found->type];
  }
  // Some objects name only the beginning of their keys: "table" for "table-keys" and "table-values". Their ends, and
  // the types. The whole index is decoded for them.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> that_begin(std::string_view key) const {
    std::vector<std::pair<std::string, std::string>> found;
    const auto& entries = reader_.entries();
    auto at = std::lower_bound(entries.begin(), entries.end(), key,
                               [](const auto& item, std::string_view wanted) { return item.first < wanted; });
    for (; at != entries.end() && at->first.starts_with(key); ++at)
      if (at->first[key.size()] == '-' || at->first[key.size()] == '_')
        found.emplace_back(at->first.substr(key.size()), type_of(at->second));
    return found;
  }

 private:
  struct Place {
    std::size_t hash;
    std::uint32_t type;
  };
  [[nodiscard]] static std::size_t hash(std::string_view key) { return std::hash<std::string_view>{}(key); }

  const cairn::bundle::Reader& reader_;
  std::deque<Place> places_;  // which grows without being copied
  std::vector<Type> types_;
};

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

  // A line and what is below it.
  struct Child {
    std::string line;
    std::int64_t node = -1;  // -1 where nothing is below
  };
  // children_of(node) returns a function object that gives one child after the other, and nullopt at the end.
  template <class ChildrenOf>
  void print_below(std::int64_t root, ChildrenOf children_of) {
    struct Open {
      decltype(children_of(root)) children;
      std::optional<Child> next;  // it is known whether a line is the last one before it is printed
    };
    std::vector<Open> open;
    const auto enter = [&](std::int64_t node) {
      open.push_back({children_of(node), {}});
      open.back().next = open.back().children();
    };
    enter(root);
    std::vector<std::string> indents{""};
    while (!open.empty()) {
      if (!open.back().next) {
        open.pop_back();
        indents.pop_back();
        continue;
      }
      const Child child = *std::exchange(open.back().next, open.back().children());
      const bool is_last = !open.back().next;
      const bool is_cut = child.node >= 0 && open.size() >= max_depth_;
      print(indents.back() + (is_last ? lines().last_child : lines().child) + child.line + (is_cut ? " ..." : "") +
            "\n");
      if (child.node < 0 || is_cut) continue;
      indents.push_back(indents.back() + (is_last ? lines().below_last : lines().below));
      enter(child.node);
    }
  }

 private:
  std::size_t max_depth_;
};

class GraphTree {
 public:
  GraphTree(GraphOutline& outline, const Types& types)
      : outline_(outline), types_(types), lists_(outline.graph()), nodes_(outline.graph()) {}

  // The lines below an object: its values, objects, empty members and slot variables.
  class Children {
   public:
    Children(GraphTree& tree, std::int32_t id)
        : tree_(&tree), id_(id), kind_(tree.look(id).is_plain ? 1 : 0), fields_(tree.lists_, id) {}
    [[nodiscard]] std::optional<TreePrinter::Child> operator()() {
      static constexpr std::array<std::uint32_t, 4> kinds{
          NodeFields::attribute, NodeFields::child, cairn::format::empty_children_field, NodeFields::slot_variable};
      for (; kind_ < kinds.size(); ++kind_, fields_ = NodeFields(tree_->lists_, id_))
        while (fields_.next())
          if (fields_.number() == kinds[kind_]) return tree_->line_of(id_, fields_);
      return std::nullopt;
    }

   private:
    GraphTree* tree_;
    std::int32_t id_;
    std::size_t kind_;
    NodeFields fields_;
  };
  [[nodiscard]] Children children_of(std::int64_t node) { return {*this, static_cast<std::int32_t>(node)}; }

  // Objects that nobody holds: nothing but a program of one's own writes such.
  [[nodiscard]] std::size_t unreached() const {
    std::size_t count = 0;
    for (std::size_t id = 1; id < outline_.graph().size(); ++id)
      if (outline_.parent(static_cast<std::int32_t>(id)) < 0 &&
          !outline_.is_slot_variable(static_cast<std::int32_t>(id)))
        ++count;
    return count;
  }

 private:
  // What a node's own line has to say.
  struct Look {
    bool is_plain = false;  // a variable and nothing else: its value stands in the node's own line
    bool has_children = false, has_lines = false;
    std::string value;
  };
  [[nodiscard]] Look look(std::int32_t id) {
    Look look;
    std::size_t attributes = 0;
    std::string saver, key;
    for (NodeFields fields(nodes_, id); fields.next();) {
      switch (fields.number()) {
        case NodeFields::attribute:
          if (const cairn::SerializedTensor tensor = fields.tensor(); attributes++ == 0) {
            look.is_plain = tensor.name == cairn::core::detail::variable_value;
            key = tensor.checkpoint_key;
          }
          break;
        case NodeFields::child:
          look.has_children = look.has_lines = true;
          break;
        case NodeFields::registered_saver:
          saver = dim("  saved by " + shown(fields.name()));
          break;
        case NodeFields::slot_variable:
        case cairn::format::empty_children_field:
          look.has_lines = true;
          break;
        default:
          break;
      }
    }
    look.is_plain = look.is_plain && attributes == 1;
    look.has_lines = look.has_lines || (attributes != 0 && !look.is_plain);
    look.value = std::move(saver);
    if (!look.is_plain) return look;
    if (const Type* const type = types_.find(key))
      look.value += "  " + type->text;
    else if (const auto parts = types_.that_begin(key); !parts.empty())
      look.value += "  " + parts[0].second;
    else
      look.value += "  (no tensor)";
    return look;
  }

  [[nodiscard]] TreePrinter::Child line_of(std::int32_t id, const NodeFields& field) {
    if (field.number() == NodeFields::attribute) {
      const cairn::SerializedTensor attribute = field.tensor();
      std::string line = dim(shown(attribute.name));
      if (const Type* const type = types_.find(attribute.checkpoint_key)) {
        line += "  " + type->text;
      } else {
        const auto parts = types_.that_begin(attribute.checkpoint_key);
        if (parts.empty()) line += "  (no tensor)";
        for (const auto& [end, text] : parts) line += "  " + shown(end) + " " + text;
      }
      return {std::move(line)};
    }
    if (field.number() == NodeFields::child) {
      const cairn::ObjectReference child = field.reference();
      const Look look = this->look(child.node_id);
      std::string line = look.has_children ? bold(shown(child.local_name)) : shown(child.local_name);
      // Shown where the shortest way leads, and nowhere else.
      if (child.node_id != 0 && outline_.parent(child.node_id) == id &&
          outline_.is_first_edge(child.node_id, field.place()))
        return {line + look.value, look.has_lines ? child.node_id : -1};
      return {line + " -> " + dim(child.node_id == 0 ? std::string("the root") : shown(outline_.path(child.node_id)))};
    }
    if (field.number() == NodeFields::slot_variable) {
      const cairn::SlotVariableReference slot = field.slot();
      return {dim("slot ") + shown(slot.slot_name) + dim(" of ") +
              shown(outline_.path(slot.original_variable_node_id)) + look(slot.slot_variable_node_id).value};
    }
    return {shown(field.name()) + dim("  (empty)")};
  }

  GraphOutline& outline_;
  const Types& types_;
  GraphWindow lists_, nodes_;  // of the objects whose lines are printed, and of those that the lines are about
};

// A checkpoint without a graph: the names' own scopes. Names are sorted, so that all that begin with a scope's name and a
// slash stand together, and a scope ends when the next name leaves it. Whether another one follows at its place is known
// then only: a first walk over the names tells it with a bit for each.
class NameTree {
 public:
  explicit NameTree(const cairn::bundle::Reader& reader) : reader_(reader) {
    walk([&](const Line& line) {
      if (line.before) is_followed_[*line.before] = true;
      is_followed_.push_back(false);
    });
  }

  void print_below(std::size_t max_depth) const {
    std::vector<std::string> indents{""};
    walk([&](const Line& line) {
      if (line.depth >= max_depth) return;
      const bool is_last = !is_followed_[line.number], is_cut = line.has_children && line.depth + 1 >= max_depth;
      indents.resize(line.depth + 1);
      std::string text = indents.back() + (is_last ? lines().last_child : lines().child);
      text += line.has_children ? bold(shown(line.name)) : shown(line.name);
      if (line.entry != nullptr) text += "  " + type_of(*line.entry);
      print(text + (is_cut ? " ..." : "") + "\n");
      indents.push_back(indents.back() + (is_last ? lines().below_last : lines().below));
    });
  }

 private:
  struct Line {
    std::size_t number = 0, depth = 0;
    std::optional<std::size_t> before;  // the number of the one before it at its place
    std::string_view name;
    bool has_children = false;
    const Entry* entry = nullptr;  // where there is a tensor of that name
  };
  struct Scope {
    std::string name;
    std::size_t number;
  };

  // Calls use(line) for each scope and tensor, from top to bottom.
  template <class Use>
  void walk(const Use& use) const {
    cairn::bundle::EntryReader each(reader_);
    std::vector<Scope> path;
    std::size_t count = 0;
    bool is_there = each.next();
    while (is_there) {
      const std::string key(each.key());
      const Entry entry = each.entry();
      is_there = each.next();
      const bool goes_on = is_there && each.key().starts_with(key + '/');
      std::size_t depth = 0;
      bool is_known = true;  // as far as the path before goes
      for (std::size_t begin = 0, end = 0; begin <= key.size(); begin = end + 1, ++depth) {
        end = std::min(key.find('/', begin), key.size());
        const bool is_tensor = end == key.size();
        const std::string_view name = std::string_view(key).substr(begin, end - begin);
        is_known = is_known && depth < path.size() && path[depth].name == name;
        if (is_known && !is_tensor) continue;
        Line line{count, depth, {}, name, !is_tensor || goes_on, is_tensor ? &entry : nullptr};
        if (depth < path.size()) line.before = path[depth].number;
        use(line);
        path.resize(depth);
        path.push_back({std::string(name), count++});
        is_known = false;
      }
    }
  }

  const cairn::bundle::Reader& reader_;
  std::vector<bool> is_followed_;  // by another one at its place
};

void print_json(GraphOutline& outline, const Types& types) {
  GraphWindow window(outline.graph());
  Json json;
  json.begin('[');
  for (std::size_t i = 0; i < outline.graph().size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    const auto for_each = [&](std::uint32_t number, const auto& use) {
      for (NodeFields fields(window, id); fields.next();)
        if (fields.number() == number) use(fields);
    };
    json.begin('{').key("id").value(id).key("path").value(outline.path(id)).key("children").begin('[');
    for_each(NodeFields::child, [&](const NodeFields& field) {
      const cairn::ObjectReference child = field.reference();
      json.begin('{').key("name").value(child.local_name).key("id").value(child.node_id).end('}');
      print(json.take());  // one object may hold a million
    });
    json.end(']').key("attributes").begin('[');
    for_each(NodeFields::attribute, [&](const NodeFields& field) {
      const cairn::SerializedTensor attribute = field.tensor();
      json.begin('{').key("name").value(attribute.name).key("full_name").value(attribute.full_name);
      json.key("key").value(attribute.checkpoint_key);
      if (const Type* const type = types.find(attribute.checkpoint_key))
        json.key("dtype").value(cairn::name(type->dtype)).key("shape").list(type->shape);
      json.end('}');
    });
    json.end(']').key("slot_variables").begin('[');
    for_each(NodeFields::slot_variable, [&](const NodeFields& field) {
      const cairn::SlotVariableReference slot = field.slot();
      json.begin('{').key("name").value(slot.slot_name).key("of").value(slot.original_variable_node_id);
      json.key("id").value(slot.slot_variable_node_id).end('}');
    });
    json.end(']').end('}');
    print(json.take());
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
  arguments.positional("PATH", path, "the checkpoint, or a file of Keras");
  arguments.option("--depth", "N", depth, "show only so many levels (100)");
  arguments.parse();

  if (depth && *depth < 1) throw WrongUsage{"--depth wants at least 1"};
  FilesWithKeras files;
  const std::string prefix = files.find(path, FilesWithKeras::Values::left_out);
  const cairn::bundle::Reader reader(prefix, files);
  TreePrinter printer(depth ? static_cast<std::size_t>(*depth) : 100);
  if (!cairn::bundle::has_object_graph(reader)) {
    if (arguments.json()) {
      print(Json().begin('[').end(']').text());
      return done;
    }
    print(shown(prefix) + "\n");
    NameTree(reader).print_below(depth ? static_cast<std::size_t>(*depth) : 100);
    return done;
  }
  const cairn::edit::detail::GraphText text(reader);
  GraphOutline outline(text);
  const Types types(reader);
  if (arguments.json()) {
    print_json(outline, types);
    return done;
  }
  print(shown(prefix) + "\n");
  GraphTree objects(outline, types);
  printer.print_below(0, [&](std::int64_t id) { return objects.children_of(id); });
  if (const std::size_t count = objects.unreached(); count > 0)
    print("and " + count_of(count, "object") + " that nobody holds\n");
  return done;
}

}  // namespace tool
