// A restore from a checkpoint without an object graph, as tf.compat.v1.train.Saver writes them: each variable is found
// by its name (TensorFlow's NameBasedSaverStatus).
//
//   struct Model { cairn::Variable<float, 4, 2> kernel{{.name = "dense/kernel"}}; std::int64_t global_step; };
//
// takes "dense/kernel" and "global_step": a Variable that was given a name goes by it, everything else by its path in
// the program, with "/" between the names. {.prefix = "scope"} looks for "scope/dense/kernel" instead.
#pragma once

#include "../../../core/detail/keys.hpp"
#include "../../../core/detail/own.hpp"
#include "../../../core/detail/sort.hpp"
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

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::checkpoint::detail {

// A name that a program may use for a tensor of the checkpoint, and the place of the tensor in the reader's entries.
struct NamedEntry {
  std::string_view name;
  std::size_t entry;
};

// The names in their order, each once: texts of the reader's index, and those that a rule gave. There may be very many.
struct EntriesByName {
  // Null when there is no such name.
  [[nodiscard]] const NamedEntry* find(std::string_view name) const noexcept {
    std::size_t first = 0, last = names.size();
    while (first < last) {
      const std::size_t middle = first + (last - first) / 2;
      if (names[middle].name < name)
        first = middle + 1;
      else
        last = middle;
    }
    return first < names.size() && names[first].name == name ? &names[first] : nullptr;
  }

  core::detail::Vec<NamedEntry> names;
  core::detail::Vec<core::detail::Own<const std::string>> given;
};

// True for the end of the key itself, and false for a name that a rule gave.
[[nodiscard]] inline bool is_its_own(std::string_view name, std::string_view key) noexcept {
  return name.data() + name.size() == key.data() + key.size();
}

// Refers to the reader's entries. Throws Error (invalid_argument) for a prefix or a rename that fits nothing, and for
// two keys of one name.
[[nodiscard]] inline EntriesByName entries_by_name(const bundle::Reader& reader, const RestoreOptions& options) {
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
  EntriesByName by_name;
  core::detail::Vec<NamedEntry>& names = by_name.names;
  core::detail::Vec<NamedEntry> plain;  // names that no rule gave
  const auto& entries = reader.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& key = entries[i].first;
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
      by_name.given.push_back(core::detail::make_own<const std::string>(std::move(*to)));
      names.push_back({*by_name.given.back(), i});
    }
    if (decided == nullptr) plain.push_back({name, i});
  }
  names.insert(names.end(), plain.begin(), plain.end());
  core::detail::sort(names, [](const NamedEntry& a, const NamedEntry& b) { return a.name < b.name; });
  std::size_t count = 0;
  for (const NamedEntry& each : names) {
    const NamedEntry* const before = count == 0 ? nullptr : &names[count - 1];
    const std::string& key = entries[each.entry].first;
    if (before == nullptr || before->name != each.name) {
      names[count++] = each;
    } else if (before->entry != each.entry && !is_its_own(each.name, key)) {  // where a rule gave the name, it counts
      std::string problem = "the renames give \"";
      ((problem += entries[before->entry].first) += "\" and \"") += key;
      problem += "\" of the name-based checkpoint " + reader.prefix() + " the same name, \"";
      (problem += each.name) += "\"; rename one of them to another name";
      throw refuse(problem);
    }
  }
  names.erase(names.begin() + count, names.end());
  if (names.empty() && !scope.empty())
    throw refuse("the name-based checkpoint " + reader.prefix() + " has no variable below \"" + scope + "\"" +
                 nearest_key(scope));
  for (std::size_t rule = 0; rule < used.size(); ++rule)
    if (!used[rule])
      throw refuse("the rename of \"" + options.rename[rule].from + "\" fits nothing in the name-based checkpoint " +
                   reader.prefix() + " that an earlier one does not rename" + nearest_key(options.rename[rule].from));
  return by_name;
}

class NameRestoration final : public Restoration {
 public:
  NameRestoration(bundle::Reader reader, const std::string& path, const RestoreOptions& options)
      : Restoration(path),
        source_(std::move(reader)),
        by_name_(entries_by_name(source_.reader(), options)),
        on_mismatch_(options.on_mismatch, options.on_mismatch_at),
        cast_(options.cast),
        is_unclaimed_(source_.reader().entries().size()) {
    for (const NamedEntry& each : by_name_.names) {
      if (!is_unclaimed_[each.entry]) ++unclaimed_;
      is_unclaimed_[each.entry] = true;
    }
  }

  void check(const graph::detail::Root& root) override {
    matching_ = core::detail::make_own<Matching>(*this, root);
    matching_->matcher.match(root);
    matching_->matcher.plan().check(source_);
    const graph::detail::Matcher& matcher = matching_->matcher;
    next_ = {};
    next_.name_based = true;
    next_.matched.add_all(record().matched);
    next_.matched.add_all(matcher.matched());
    append(next_.mismatched, record().mismatched);
    append(next_.mismatched, matcher.mismatched());
    append(next_.only_in_program, record().only_in_program);
    append(next_.only_in_program, matcher.only_in_program());
    for (const auto& [name, entry] : by_name_.names) {
      if (!is_unclaimed_[entry] || matching_->is_claimed[entry]) continue;
      const std::string& key = source_.reader().entries()[entry].first;
      next_.only_in_checkpoint.push_back(key);
      if (!is_its_own(name, key)) ((next_.only_in_checkpoint.back() += " (renamed to ") += name) += ")";
    }
    next_.nontrivial = !next_.matched.empty();
    excuse_save_counter(next_);
  }
  void commit() override {
    matching_->matcher.plan().commit(source_);
    for (std::size_t i = 0; i < is_unclaimed_.size(); ++i) {
      if (!is_unclaimed_[i] || !matching_->is_claimed[i]) continue;
      is_unclaimed_[i] = false;
      --unclaimed_;
    }
    matching_.reset();
    publish();
  }

  bool restore_child(const graph::detail::Root& /*root*/, std::string_view name, graph::detail::Slot slot) override {
    try {
      check(graph::detail::Root{.object = {}, .children = {{std::string(name), slot}}});
      const bool found = matching_->has_claimed;
      commit();
      return found;
    } catch (...) {
      matching_.reset();
      throw;
    }
  }

  [[nodiscard]] bool is_pending() const override { return unclaimed_ != 0; }
  [[nodiscard]] bool is_superseded_by(const Restoration& newer) const override {
    const auto* const other = dynamic_cast<const NameRestoration*>(&newer);
    if (other == nullptr) return false;
    for (const auto& [name, entry] : by_name_.names)
      if (is_unclaimed_[entry] && other->by_name_.find(name) == nullptr) return false;
    return true;
  }

 private:
  // The program's own graph, as if the checkpoint held it: each value under the key that its name means.
  struct Matching {
    Matching(const NameRestoration& restoration, const graph::detail::Root& root)
        : is_claimed(restoration.is_unclaimed_.size()),
          saved(restoration.graph_of(root, *this), restoration.source_.name(), true),
          matcher(saved, restoration.source_, restoration.on_mismatch_, restoration.cast_) {}
    core::detail::Vec<bool> is_claimed;  // by entry
    bool has_claimed = false;
    graph::detail::SavedGraph saved;
    graph::detail::Matcher matcher;
  };

  [[nodiscard]] TrackableObjectGraph graph_of(const graph::detail::Root& root, Matching& matching) const {
    TrackableObjectGraph graph = graph::detail::walk(root).graph.structs();
    for (TrackableObject& node : graph.nodes) {
      node.registered_saver = {};
      if (node.attributes.empty()) continue;
      if (node.attributes[0].name != core::detail::variable_value) {  // several tensors have no names there
        node.attributes.clear();
        continue;
      }
      SerializedTensor& attribute = node.attributes[0];
      const NamedEntry* const found =
          by_name_.find(attribute.full_name == unnamed ? path_of_key(attribute.checkpoint_key) : attribute.full_name);
      if (found == nullptr) {
        node.attributes.clear();
        continue;
      }
      attribute.checkpoint_key = source_.reader().entries()[found->entry].first;
      matching.is_claimed[found->entry] = matching.has_claimed = true;
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
  EntriesByName by_name_;
  graph::detail::MismatchPolicy on_mismatch_;
  Cast cast_;
  core::detail::Vec<bool> is_unclaimed_;  // by entry: it has a name, and no object has taken it yet
  std::size_t unclaimed_ = 0;             // the number of those
  core::detail::Own<Matching> matching_;
};

}  // namespace cairn::checkpoint::detail
