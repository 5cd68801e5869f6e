// Random edits of every small checkpoint there is, against a plain model of what an edit means: objects with names for
// each other, without ids and keys. CAIRN_RANDOM_EDITS is how many there are of each checkpoint; those of CAIRN_TEST_DATA
// take part where it is set.
#include <cairn/edit/checkpoint_editor.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/verify.hpp>
#include <cairn/core/detail/keys.hpp>
#include <cairn/edit/detail/value_names.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"
#include "support/data.hpp"
#include "support/slowness.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using cairn::CheckpointEditor;
using cairn::Error;
using cairn::ErrorCode;

namespace {

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }
std::string_view behind_character(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && is_inside_character(text[end])) ++end;
  return text.substr(end);
}

// The shell's patterns, without any thought of time.
bool fits(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') return fits(pattern.substr(1), text) || (!text.empty() && fits(pattern, text.substr(1)));
  if (text.empty()) return false;
  const std::size_t close = pattern[0] == '[' ? pattern.find(']', 2) : pattern.npos;
  if (close == pattern.npos)
    return pattern[0] == '?' ? fits(pattern.substr(1), behind_character(text))
                             : pattern[0] == text[0] && fits(pattern.substr(1), text.substr(1));
  const bool is_negated = pattern[1] == '!';
  const std::string_view set = pattern.substr(is_negated ? 2 : 1, close - (is_negated ? 2 : 1));
  return (set.find(text[0]) != set.npos) != is_negated && fits(pattern.substr(close + 1), behind_character(text));
}
bool is_pattern(std::string_view name) { return name.find_first_of("*?[") != name.npos; }

using Names = std::vector<std::string>;
enum class Spelling { dots, slashes };
std::string spelled(const Names& names, Spelling spelling) {
  std::string path;
  for (const std::string& name : names)
    (path += path.empty()                 ? ""
             : spelling == Spelling::dots ? "."
                                          : "/") +=
        spelling == Spelling::dots ? name : cairn::core::detail::escape_local_name(name);
  return path;
}

struct Value {
  cairn::DType dtype;
  std::string content;  // shape and bytes; empty for any
};
struct Attribute {
  std::string name, key;
  Value value;
};
struct Child {
  std::string name;
  std::size_t object;
};
struct Slot {
  std::string name;
  std::size_t variable, object;
};
struct Object {
  std::vector<Child> children;
  std::vector<Attribute> attributes;
  std::vector<Slot> slots;
};
using Edge = std::pair<std::size_t, std::size_t>;  // an object and the number of a child or slot
struct Walk {
  Names names;
  std::vector<Edge> edges;
  std::size_t object = 0;
};

// A checkpoint as the editor has it. One without a graph is a root with an attribute of each name.
struct Model {
  std::vector<Object> objects;
  bool has_graph = false;

  explicit Model(const CheckpointEditor& editor) {
    const auto value_of = [&](const std::string& key) -> std::optional<Value> {
      const auto values = editor.values();
      const auto known = values.find(key);
      if (known == values.end()) return std::nullopt;
      const cairn::AnyTensor tensor = editor.get(key);
      std::string content = tensor.shape().to_string();
      if (tensor.dtype() == cairn::DT_STRING)
        for (const std::string& text : tensor.strings()) content += "\"" + text;
      else
        content.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
      return Value{tensor.dtype(), std::move(content)};
    };
    const cairn::ObjectGraph graph = editor.object_graph();
    has_graph = !graph.empty();
    objects.resize(std::max<std::size_t>(graph.size(), 1));
    for (std::size_t id = 0; id < graph.size(); ++id) {
      for (const auto child : graph[id].children)
        objects[id].children.push_back({std::string(child.local_name), static_cast<std::size_t>(child.node_id)});
      for (const auto attribute : graph[id].attributes)
        if (auto value = value_of(std::string(attribute.checkpoint_key)))
          objects[id].attributes.push_back(
              {std::string(attribute.name), std::string(attribute.checkpoint_key), std::move(*value)});
      for (const auto slot : graph[id].slot_variables)
        objects[id].slots.push_back({std::string(slot.slot_name),
                                     static_cast<std::size_t>(slot.original_variable_node_id),
                                     static_cast<std::size_t>(slot.slot_variable_node_id)});
    }
    if (!has_graph)
      for (const auto& item : editor.values())
        objects[0].attributes.push_back({item.first, item.first, *value_of(item.first)});
  }

  // All ways from the root that come to no object twice; `visit` says whether to go on.
  void walk(const std::function<bool(const Walk&)>& visit) const {
    Walk at;
    std::vector<bool> is_on(objects.size());
    const std::function<void()> go = [&] {
      if (!visit(at)) return;
      const std::size_t from = at.object;
      is_on[from] = true;
      for (std::size_t i = 0; i < objects[from].children.size(); ++i) {
        const auto& [name, object] = objects[from].children[i];
        if (is_on[object]) continue;
        at.names.push_back(name);
        at.edges.emplace_back(from, i);
        at.object = object;
        go();
        at.names.pop_back();
        at.edges.pop_back();
        at.object = from;
      }
      is_on[from] = false;
    };
    go();
  }
  [[nodiscard]] std::vector<Walk> walks() const {
    std::vector<Walk> all;
    walk([&](const Walk& at) {
      all.push_back(at);
      return true;
    });
    return all;
  }

  // By path: what a program sees.
  [[nodiscard]] std::map<std::string, Value> seen() const {
    std::map<std::string, Value> values;
    const std::vector<Walk> all = walks();
    const auto add = [&](const std::string& path, std::size_t object) {
      for (const Attribute& attribute : objects[object].attributes)
        values.emplace(path + " # " + attribute.name, attribute.value);
    };
    for (const Walk& at : all) {
      add(spelled(at.names, Spelling::slashes), at.object);
      for (const Slot& slot : objects[at.object].slots)
        for (const Walk& variable : all)
          if (variable.object == slot.variable)
            add(spelled(at.names, Spelling::slashes) + " : " + slot.name + " : " +
                    spelled(variable.names, Spelling::slashes),
                slot.object);
    }
    return values;
  }
  [[nodiscard]] Attribute* find_key(std::string_view key) {
    for (Object& object : objects)
      for (Attribute& attribute : object.attributes)
        if (attribute.key == key) return &attribute;
    return nullptr;
  }
  void remove(const std::set<Edge>& edges, const std::set<Edge>& slots, const std::set<std::string>& keys) {
    for (auto edge = edges.rbegin(); edge != edges.rend(); ++edge)
      objects[edge->first].children.erase(objects[edge->first].children.begin() +
                                          static_cast<std::ptrdiff_t>(edge->second));
    for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot)
      objects[slot->first].slots.erase(objects[slot->first].slots.begin() + static_cast<std::ptrdiff_t>(slot->second));
    for (Object& object : objects)
      std::erase_if(object.attributes, [&](const Attribute& attribute) { return keys.contains(attribute.key); });
  }
};

// What a name means in a model.
struct Found {
  std::map<Edge, std::set<std::string>> edges;  // with the paths that fit
  std::set<Edge> slots;
  std::set<std::string> keys;

  [[nodiscard]] bool empty() const { return edges.empty() && slots.empty() && keys.empty(); }
};

std::set<std::size_t> objects_of(const Model& model, const Found& found) {
  std::set<std::size_t> all;
  std::vector<std::size_t> open;
  for (const auto& [edge, paths] : found.edges) open.push_back(model.objects[edge.first].children[edge.second].object);
  for (const Edge& slot : found.slots) open.push_back(model.objects[slot.first].slots[slot.second].object);
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (!all.insert(at).second) continue;
    for (const Child& child : model.objects[at].children)
      if (child.object != 0) open.push_back(child.object);
    for (const Slot& slot : model.objects[at].slots) open.push_back(slot.object);
  }
  return all;
}

Found find_in_graph(Model& model, std::string name, std::vector<Spelling> spellings) {
  Found found;
  if (model.find_key(name) != nullptr) {
    found.keys.insert(name);
    return found;
  }
  std::string path = name;
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const std::vector<Walk> all = model.walks();
  const auto each_slot = [&](const Walk& at, Spelling spelling, const std::function<bool(const std::string&)>& is_it) {
    for (std::size_t i = 0; i < model.objects[at.object].slots.size(); ++i)
      for (const Walk& variable : all) {
        Names names = at.names;
        names.push_back(model.objects[at.object].slots[i].name);
        names.insert(names.end(), variable.names.begin(), variable.names.end());
        if (variable.object == model.objects[at.object].slots[i].variable && is_it(spelled(names, spelling)))
          found.slots.emplace(at.object, i);
      }
  };
  const std::vector<Spelling> both{Spelling::dots, Spelling::slashes};
  for (const Spelling spelling : both) {
    for (const Walk& at : all)
      if (!at.edges.empty() && spelled(at.names, spelling) == path) found.edges[at.edges.back()].insert(path);
    if (!found.empty()) return found;
  }
  for (const Spelling spelling : both)
    for (const Walk& at : all) each_slot(at, spelling, [&](const std::string& each) { return each == path; });
  if (!found.empty() || !is_pattern(path)) return found;
  for (const Spelling spelling : spellings)
    model.walk([&](const Walk& at) {
      if (!at.edges.empty() && fits(path, spelled(at.names, spelling))) {
        found.edges[at.edges.back()].insert(spelled(at.names, spelling));
        return false;
      }
      // Edges that lead back to what is on the walk.
      for (std::size_t i = 0; i < model.objects[at.object].children.size(); ++i) {
        const Child& child = model.objects[at.object].children[i];
        bool is_back = child.object == at.object;
        for (const Edge& edge : at.edges) is_back = is_back || (edge.first == child.object && edge.first != 0);
        Names names = at.names;
        names.push_back(child.name);
        if (is_back && child.object != 0 && fits(path, spelled(names, spelling)))
          found.edges[{at.object, i}].insert(spelled(names, spelling));
      }
      each_slot(at, spelling, [&](const std::string& each) { return fits(path, each); });
      return true;
    });
  if (spellings.size() == 1) return found;
  const std::set<std::size_t> below = objects_of(model, found);
  for (std::size_t id = 0; id < model.objects.size(); ++id)
    for (const Attribute& attribute : model.objects[id].attributes)
      if (!below.contains(id) && fits(name, attribute.key)) found.keys.insert(attribute.key);
  return found;
}

// Keys without a graph, each with the part of it that fits.
std::map<std::string, std::string> find_names(const Model& model, const std::string& name) {
  std::map<std::string, std::string> found;
  std::set<std::string> all;
  for (const Attribute& attribute : model.objects[0].attributes) all.insert(attribute.key);
  if (all.contains(name)) return {{name, name}};
  const bool is_scope = name.ends_with('/') && name.size() > 1;
  const std::string plain = is_scope ? name.substr(0, name.size() - 1) : name;
  for (const std::string& key : all)
    for (std::size_t end = 1; end <= key.size(); ++end) {
      if (end < key.size() && key[end] != '/') continue;
      const std::string part = key.substr(0, end);
      if (part == key ? is_scope : !is_scope && all.contains(part)) continue;
      if (!(plain == part || fits(plain, part))) continue;
      found.emplace(key, part);
      break;
    }
  return found;
}

Found find(Model& model, const std::string& name) {
  if (model.has_graph) return find_in_graph(model, name, {Spelling::dots, Spelling::slashes});
  Found found;
  for (const auto& item : find_names(model, name)) found.keys.insert(item.first);
  return found;
}

// Does the edit on the model; false where nothing has the name.
bool erase(Model& model, const std::string& name) {
  const Found found = find(model, name);
  std::set<Edge> edges;
  for (const auto& item : found.edges) edges.insert(item.first);
  model.remove(edges, found.slots, found.keys);
  return !found.empty();
}

bool cast(Model& model, const std::string& name, cairn::DType dtype) {
  const Found found = find(model, name);
  if (found.empty()) return false;
  const std::set<std::size_t> below = objects_of(model, found);
  for (std::size_t id = 0; id < model.objects.size(); ++id)
    for (Attribute& attribute : model.objects[id].attributes)
      if ((below.contains(id) || found.keys.contains(attribute.key)) &&
          cairn::edit::detail::is_floating(attribute.value.dtype) && attribute.value.dtype != dtype)
        attribute.value = {dtype, ""};
  return true;
}

// Of one star, or none: what it stands for goes where `to` has one.
std::string renamed(const std::string& from, const std::string& to, const std::string& path) {
  const std::size_t star = from.find('*'), place = to.find('*');
  if (star == from.npos || place == to.npos) return to;
  return to.substr(0, place) + path.substr(star, path.size() - (from.size() - 1)) + to.substr(place + 1);
}

Names names_of(std::string path, char separator) {
  Names names;
  for (std::size_t end; (end = path.find(separator)) != path.npos; path.erase(0, end + 1))
    names.push_back(path.substr(0, end));
  names.push_back(path);
  return names;
}

enum class Outcome { done, nothing_there, taken, no_path, not_said };

Outcome rename(Model& model, std::string from, std::string to) {
  const bool is_scope = from.size() > 1 && from.ends_with('/');
  for (std::string* const side : {&from, &to})
    if (side->size() > 1 && side->ends_with('/')) side->pop_back();
  if (from.empty() || to.empty() || (from + to).find("/.ATTRIBUTES/") != from.npos) return Outcome::not_said;
  if (!model.has_graph) {
    const auto found = find_names(model, is_scope ? from + "/" : from);
    std::set<std::string> taken;
    bool is_taken = false;
    for (const Attribute& attribute : model.objects[0].attributes)
      if (!found.contains(attribute.key)) taken.insert(attribute.key);
    for (Attribute& attribute : model.objects[0].attributes)
      if (const auto part = found.find(attribute.key); part != found.end()) {
        attribute.key = renamed(from, to, part->second) + attribute.key.substr(part->second.size());
        attribute.name = attribute.key;
        if (attribute.key.empty()) return Outcome::no_path;
        is_taken = !taken.insert(attribute.key).second || is_taken;
      }
    if (is_taken) return Outcome::taken;
    return found.empty() ? Outcome::nothing_there : Outcome::done;
  }
  const bool has_slashes = from.find('/') != from.npos || to.find('/') != to.npos;
  if (model.find_key(from) != nullptr) return Outcome::not_said;
  Found found = find_in_graph(model, from, {has_slashes ? Spelling::slashes : Spelling::dots});
  if (is_pattern(from))
    std::erase_if(found.edges, [&](const auto& item) {
      return item.first.first == 0 && model.objects[0].children[item.first.second].name == "save_counter";
    });
  if (!found.slots.empty()) return Outcome::not_said;
  if (found.edges.empty()) return Outcome::nothing_there;
  std::vector<std::pair<std::string, std::size_t>> moves;
  std::set<Edge> edges;
  for (const auto& [edge, paths] : found.edges) {
    if (paths.size() != 1) return Outcome::not_said;
    edges.insert(edge);
    const std::string target = renamed(from, to, *paths.begin());
    if (target.find("..") != target.npos || target.find(".S") != target.npos ||
        (has_slashes && target.find('.') != target.npos))
      return Outcome::not_said;  // names with dots in them
    const Names names = names_of(target, has_slashes ? '/' : '.');
    if (std::find(names.begin(), names.end(), "") != names.end()) return Outcome::no_path;
    moves.emplace_back(target, model.objects[edge.first].children[edge.second].object);
  }
  for (const Edge& edge : edges)
    if (model.objects[edge.first].children[edge.second].name.find_first_of("./") != std::string::npos)
      return Outcome::not_said;
  model.remove(edges, {}, {});
  for (const auto& [path, object] : moves) {
    std::size_t at = 0;
    const Names names = names_of(path, has_slashes ? '/' : '.');
    for (std::size_t i = 0; i < names.size(); ++i) {
      auto& children = model.objects[at].children;
      const auto known =
          std::find_if(children.rbegin(), children.rend(), [&](const Child& each) { return each.name == names[i]; });
      if (i + 1 == names.size()) {
        if (known != children.rend()) return Outcome::taken;
        children.push_back({names[i], object});
      } else if (known != children.rend()) {
        at = known->object;
      } else {
        const std::size_t made = model.objects.size();
        children.push_back({names[i], made});
        model.objects.emplace_back();
        at = made;
      }
    }
  }
  return Outcome::done;
}

void check_same(const std::map<std::string, Value>& found, const std::map<std::string, Value>& expected) {
  for (const auto& item : expected) {
    const std::string& path = item.first;
    const Value& value = item.second;
    const auto known = found.find(path);
    CHECK_MESSAGE(known != found.end(), path << " is lost");
    if (known == found.end()) continue;
    CHECK_MESSAGE(known->second.dtype == value.dtype, path);
    CHECK_MESSAGE((value.content.empty() || known->second.content == value.content), path << " is another value");
  }
  for (const auto& item : found) CHECK_MESSAGE(expected.contains(item.first), item.first << " was not there");
}

class Randomness {
 public:
  explicit Randomness(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }

  // A name of something in the checkpoint, or a pattern made of one.
  std::string name(const Model& model) {
    Names names;
    for (const Object& object : model.objects)
      for (const Attribute& attribute : object.attributes) names.push_back(attribute.key);
    if (model.has_graph && (names.empty() || !one_in(4))) {
      names.clear();
      const Spelling spelling = one_in(2) ? Spelling::dots : Spelling::slashes;
      const std::vector<Walk> all = model.walks();
      for (const Walk& at : all) {
        if (!at.names.empty()) names.push_back(spelled(at.names, spelling));
        for (const Slot& slot : model.objects[at.object].slots)
          for (const Walk& variable : all)
            if (variable.object == slot.variable) {
              Names path = at.names;
              path.push_back(slot.name);
              path.insert(path.end(), variable.names.begin(), variable.names.end());
              names.push_back(spelled(path, spelling));
            }
      }
    }
    if (names.empty()) return "nothing";
    std::string name = names[below(names.size())];
    if (one_in(3)) return name;
    if (one_in(8) && !model.has_graph) return name.substr(0, name.find('/') + 1) + (one_in(2) ? "" : "*");
    for (std::size_t times = 1 + below(2); times-- > 0 && !name.empty();) {
      std::size_t begin = below(name.size()), end = begin + below(name.size() - begin + 1);
      while (begin > 0 && is_inside_character(name[begin])) --begin;
      while (end < name.size() && is_inside_character(name[end])) ++end;
      const std::string character = name.substr(begin, 1);
      if (one_in(4) && std::string_view("]!^-[").find(character) == std::string::npos &&
          static_cast<unsigned char>(character[0]) < 0x80)
        name.replace(begin, 1, one_in(2) ? "[" + character + "x]" : one_in(2) ? "[!" + character + "]" : "?");
      else
        name.replace(begin, end - begin, "*");
    }
    return name;
  }
  // A rename with one star at most.
  std::pair<std::string, std::string> rename(const Model& model) {
    std::string from = name(model);
    for (int tries = 0;
         tries < 20 && (std::count(from.begin(), from.end(), '*') > 1 || from.find_first_of("?[") != from.npos);
         ++tries)
      from = name(model);
    if (std::count(from.begin(), from.end(), '*') > 1 || from.find_first_of("?[") != from.npos) from = "*";
    const char separator = from.find('/') != from.npos || !model.has_graph ? '/' : '.';
    std::string to = one_in(2) ? "new" : one_in(2) ? std::string("new") + separator + "below" : name(model);
    if (is_pattern(to)) to = "other";
    if (from.find('*') != from.npos) (to += one_in(2) ? std::string(1, separator) : "") += "*";
    return {from, to};
  }

 private:
  std::mt19937 engine_;
};

bool is_plain(const CheckpointEditor& editor) {
  std::set<std::string> keys;
  const cairn::ObjectGraph graph = editor.object_graph();
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const cairn::ObjectGraph::Node node = graph[id];
    std::set<std::string> names;
    for (const auto child : node.children)
      if (!names.emplace(child.local_name).second || is_pattern(std::string(child.local_name)) ||
          child.local_name.empty())
        return false;
    for (const auto attribute : node.attributes) keys.emplace(attribute.checkpoint_key);
  }
  for (const auto& [key, value] : editor.values()) {
    if (value.first != cairn::DT_STRING && cairn::size_of(value.first) == 0) return false;
    if (is_pattern(key) || (!graph.empty() && !keys.contains(key))) return false;
  }
  return true;
}

// Copies a checkpoint into the memory; false for what is too large, or nothing for the model.
bool take(const std::string& prefix, cairn::testing::MemoryFileSystem& files) {
  constexpr std::uintmax_t most_bytes = 1 << 16;
  std::uintmax_t bytes = 0;
  const std::filesystem::path path(prefix);
  const std::string name = path.filename().string();
  std::vector<std::filesystem::path> all;
  for (const auto& file : std::filesystem::directory_iterator(path.parent_path()))
    if (const std::string each = file.path().filename().string();
        each == name + ".index" || each.starts_with(name + ".data-")) {
      bytes += file.file_size();
      all.push_back(file.path());
    }
  if (bytes > most_bytes) return false;
  for (const auto& file : all)
    cairn::test::write_file(files, "in" + file.filename().string().substr(name.size()),
                            cairn::test::read_file(cairn::io::native(), file.string()));
  try {
    const CheckpointEditor editor("in", files);
    constexpr std::size_t most_walks = 300;
    return is_plain(editor) && cairn::verify("in", files).empty() && Model(editor).walks().size() <= most_walks;
  } catch (const Error&) {
    return false;
  }
}

void edit_once(CheckpointEditor& editor, Randomness& random) {
  Model model(editor);
  const std::map<std::string, Value> before = model.seen();
  const std::size_t tensors = editor.values().size();
  const std::size_t kind = random.below(5);
  const std::pair<std::string, std::string> sides = random.rename(model);
  const std::string &from = sides.first, &to = sides.second;
  const std::string name = kind < 3 ? random.name(model) : from;
  INFO(std::string(kind < 3 ? "erase " : kind == 3 ? "rename " : "cast ") << name << " to " << to);
  std::optional<ErrorCode> code;
  try {
    if (kind < 3)
      editor.erase(name);
    else if (kind == 3)
      editor.rename(from, to);
    else
      editor.cast(name, cairn::DT_DOUBLE);
  } catch (const Error& error) {
    code = error.code();
  }
  const std::map<std::string, Value> after = Model(editor).seen();
  if (code) {
    check_same(after, before);
    CHECK(editor.values().size() == tensors);
  }
  if (kind < 3) {
    const bool is_there = erase(model, name);
    CHECK(is_there == !code);
    if (code) CHECK(*code == ErrorCode::not_found);
    if (!code) CHECK(editor.last_edit().tensors == tensors - editor.values().size());
  } else if (kind == 3) {
    const Outcome outcome = rename(model, from, to);
    if (outcome == Outcome::not_said) return;
    CHECK((outcome == Outcome::done) == !code);
    if (outcome == Outcome::nothing_there) CHECK(code == ErrorCode::not_found);
    if (outcome == Outcome::taken) CHECK(code == ErrorCode::already_exists);
    if (outcome == Outcome::no_path) CHECK(code == ErrorCode::invalid_argument);
  } else if (!code) {
    // A name of one tensor casts integers, too.
    if (editor.contains(name)) return;
    CHECK(cast(model, name, cairn::DT_DOUBLE));
  } else {
    CHECK((code == ErrorCode::not_found) == find(model, name).empty());
  }
  if (!code) check_same(after, model.seen());
}

}  // namespace

TEST_CASE("random edits do what a model of objects and names says, and leave a whole checkpoint") {
  const char* const wanted = std::getenv("CAIRN_RANDOM_EDITS");
  const std::size_t edits = wanted == nullptr ? (cairn::test::slowness > 1 ? 12 : 60)
                                              : static_cast<std::size_t>(std::strtoull(wanted, nullptr, 10));
  const std::filesystem::path root(CAIRN_SOURCE_ROOT);
  std::vector<std::filesystem::path> folders{root / "examples", root / "tests"};
  if (const auto data = cairn::test::data_directory()) folders.push_back(*data);
  std::vector<std::string> prefixes;
  for (const std::filesystem::path& folder : folders)
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder))
      if (const std::string path = file.path().string(); path.ends_with(".index"))
        prefixes.push_back(path.substr(0, path.size() - 6));
  std::sort(prefixes.begin(), prefixes.end());
  std::size_t checkpoints = 0;
  for (const std::string& prefix : prefixes) {
    cairn::testing::MemoryFileSystem files;
    if (!take(prefix, files)) continue;
    ++checkpoints;
    for (std::size_t done = 0, seed = 0; done < edits; ++seed) {
      INFO(prefix << " with the seed " << seed);
      Randomness random(static_cast<unsigned>(seed));
      CheckpointEditor editor("in", files);
      for (std::size_t left = 1 + random.below(3); left-- > 0; ++done) edit_once(editor, random);
      const std::map<std::string, Value> seen = Model(editor).seen();
      editor.write("out");
      for (const cairn::Finding& finding : cairn::verify("out", files)) FAIL_CHECK(finding.key << finding.problem);
      check_same(Model(CheckpointEditor("out", files)).seen(), seen);
    }
  }
  CHECK(checkpoints >= 10);
}
