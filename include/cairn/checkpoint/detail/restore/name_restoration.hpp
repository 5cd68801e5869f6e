// A restore from a checkpoint without an object graph, as tf.compat.v1.train.Saver writes them: each variable is found
// by its name (TensorFlow's NameBasedSaverStatus).
//
//   struct Model { cairn::Variable<float, 4, 2> kernel{{.name = "dense/kernel"}}; std::int64_t global_step; };
//
// takes "dense/kernel" and "global_step": a Variable that was given a name goes by it, everything else by its path in
// the program, with "/" between the names. {.prefix = "scope"} looks for "scope/dense/kernel" instead.
#pragma once

#include "../../../core/detail/keys.hpp"
#include "../../../core/detail/vec.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/match.hpp"
#include "../../../graph/detail/saved_graph.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../graph/rename.hpp"
#include "../../../reflect/detail/nearest.hpp"
#include "../../options.hpp"
#include "restoration.hpp"
#include "source.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::checkpoint::detail {

// The names a program may use for a checkpoint's tensors, and the keys they mean: texts of the reader's index, and the
// names that a rule gave. There may be very many.
struct KeysByName {
  std::map<std::string_view, std::string_view> keys;
  std::deque<std::string> given;
};

// Refers to the reader's entries. Throws Error (invalid_argument) for a prefix or a rename that fits nothing, and for
// two keys of one name.
[[nodiscard]] inline KeysByName keys_by_name(const bundle::Reader& reader, const RestoreOptions& options) {
  const auto refuse = [&](const std::string& problem) -> Error {
    return Error(ErrorCode::invalid_argument, problem).in_file(reader.prefix());
  };
  const auto nearest_key = [&](std::string_view wrong) {
    if (wrong.ends_with('/')) wrong.remove_suffix(1);
    reflect::detail::Nearest search{.wrong = wrong};
    std::string nearest;
    for (const auto& [key, entry] : reader.entries()) reflect::detail::offer_with_scopes(search, key, nearest);
    return nearest.empty() ? "; no name in it is near" : "; the nearest name in it is \"" + nearest + "\"";
  };
  graph::detail::require_legal(options.rename);
  std::string scope = options.prefix;
  if (!scope.empty() && !scope.ends_with('/')) scope += '/';
  core::detail::Vec<bool> used(options.rename.size());
  KeysByName by_name;
  auto& keys = by_name.keys;
  std::map<std::string_view, std::string_view> plain;  // names that no rule gave
  const auto add = [&](std::string name, const std::string& key) {
    const auto [place, is_new] = keys.emplace(by_name.given.emplace_back(std::move(name)), key);
    if (is_new || place->second == key) return;
    std::string problem = "the renames give \"";
    ((problem += place->second) += "\" and \"") += key;
    problem += "\" of the name-based checkpoint " + reader.prefix() + " the same name, \"";
    (problem += place->first) += "\"; rename one of them to another name";
    throw refuse(problem);
  };
  for (const auto& [key, entry] : reader.entries()) {
    if (!key.starts_with(scope)) continue;
    const std::string_view name = std::string_view(key).substr(scope.size());
    const std::string* decided = nullptr;
    for (std::size_t rule = 0; rule < options.rename.size(); ++rule) {
      const Rename& rename = options.rename[rule];
      if (decided != nullptr && *decided != rename.from) continue;
      auto to = graph::detail::renamed_from_beginning(rename, name, '/');
      if (!to) continue;
      used[rule] = true;
      decided = &rename.from;
      add(std::move(*to), key);
    }
    if (decided == nullptr) plain.emplace(name, key);
  }
  if (plain.empty() && keys.empty() && !scope.empty())
    throw refuse("the name-based checkpoint " + reader.prefix() + " has no variable below \"" + scope + "\"" +
                 nearest_key(scope));
  for (std::size_t rule = 0; rule < used.size(); ++rule)
    if (!used[rule])
      throw refuse("the rename of \"" + options.rename[rule].from + "\" fits nothing in the name-based checkpoint " +
                   reader.prefix() + " that an earlier one does not rename" + nearest_key(options.rename[rule].from));
  keys.merge(plain);  // where a rule gave the name already, it counts
  return by_name;
}

class NameRestoration final : public Restoration {
 public:
  NameRestoration(bundle::Reader reader, const std::string& path, const RestoreOptions& options)
      : Restoration(path),
        source_(std::move(reader)),
        keys_(keys_by_name(source_.reader(), options)),
        on_mismatch_(options.on_mismatch, options.on_mismatch_at),
        cast_(options.cast) {
    for (const auto& [name, key] : keys_.keys) unclaimed_.insert(key);
  }

  void check(const graph::detail::Root& root) override {
    matching_.emplace(*this, root);
    matching_->matcher.match(root);
    matching_->matcher.plan().check(source_);
    const graph::detail::Matcher& matcher = matching_->matcher;
    const auto append = [](auto& all, const auto& more) { all.insert(all.end(), more.begin(), more.end()); };
    next_ = record();
    next_.name_based = true;
    next_.matched.add_all(matcher.matched());
    append(next_.mismatched, matcher.mismatched());
    append(next_.only_in_program, matcher.only_in_program());
    next_.only_in_checkpoint.clear();
    for (const auto& [name, key] : keys_.keys) {
      if (!unclaimed_.contains(key) || matching_->claimed.contains(key)) continue;
      std::string& listed = next_.only_in_checkpoint.emplace_back(key);
      const bool is_its_own = name.data() + name.size() == key.data() + key.size();  // and not one that a rule gave
      if (!is_its_own) ((listed += " (renamed to ") += name) += ")";
    }
    next_.nontrivial = !next_.matched.empty();
    excuse_save_counter(next_);
  }
  void commit() override {
    matching_->matcher.plan().commit(source_);
    for (const std::string_view key : matching_->claimed) unclaimed_.erase(key);
    matching_.reset();
    publish();
  }

  bool restore_child(const graph::detail::Root& /*root*/, std::string_view name, graph::detail::Slot slot) override {
    try {
      check(graph::detail::Root{.object = {}, .children = {{std::string(name), slot}}});
      const bool found = !matching_->claimed.empty();
      commit();
      return found;
    } catch (...) {
      matching_.reset();
      throw;
    }
  }

  [[nodiscard]] bool is_pending() const override { return !unclaimed_.empty(); }
  [[nodiscard]] bool is_superseded_by(const Restoration& newer) const override {
    const auto* const other = dynamic_cast<const NameRestoration*>(&newer);
    return other != nullptr && std::all_of(keys_.keys.begin(), keys_.keys.end(), [&](const auto& each) {
             return !unclaimed_.contains(each.second) || other->keys_.keys.contains(each.first);
           });
  }

 private:
  // The program's own graph, as if the checkpoint held it: each value under the key that its name means.
  struct Matching {
    Matching(const NameRestoration& restoration, const graph::detail::Root& root)
        : saved(restoration.graph_of(root, claimed), restoration.source_.name(), true),
          matcher(saved, restoration.source_, restoration.on_mismatch_, restoration.cast_) {}
    std::set<std::string_view> claimed = {};
    graph::detail::SavedGraph saved;
    graph::detail::Matcher matcher;
  };

  [[nodiscard]] TrackableObjectGraph graph_of(const graph::detail::Root& root,
                                              std::set<std::string_view>& claimed) const {
    TrackableObjectGraph graph = graph::detail::walk(root).graph.structs();
    for (TrackableObject& node : graph.nodes) {
      node.registered_saver = {};
      if (node.attributes.empty()) continue;
      if (node.attributes[0].name != core::detail::variable_value) {  // several tensors have no names there
        node.attributes.clear();
        continue;
      }
      SerializedTensor& attribute = node.attributes[0];
      const auto found =
          keys_.keys.find(attribute.full_name == unnamed ? path_of_key(attribute.checkpoint_key) : attribute.full_name);
      if (found == keys_.keys.end()) {
        node.attributes.clear();
        continue;
      }
      attribute.checkpoint_key = found->second;
      claimed.insert(found->second);
    }
    return graph;
  }

  static constexpr std::string_view unnamed = "Variable";  // what everything is called that was not given a name

  // "dense.S1/kernel/.ATTRIBUTES/VARIABLE_VALUE" is the key of what the program calls dense/1, kernel.
  [[nodiscard]] static std::string path_of_key(std::string_view key) {
    key.remove_suffix(core::detail::variable_value_suffix.size());
    return core::detail::unescape_local_name(key).value_or("");
  }

  BundleSource source_;
  KeysByName keys_;
  graph::detail::MismatchPolicy on_mismatch_;
  Cast cast_;
  std::set<std::string_view> unclaimed_;  // keys that no object has taken yet
  std::optional<Matching> matching_;
};

}  // namespace cairn::checkpoint::detail
