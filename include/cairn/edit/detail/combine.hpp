// Several checkpoints made one: their union, and their mean.
#pragma once

#include "../../bundle/detail/compare_strings.hpp"
#include "../../core/detail/keys.hpp"
#include "../../core/error.hpp"
#include "../../core/path_argument.hpp"
#include "edited_checkpoint.hpp"
#include "edited_value.hpp"
#include "merged_graph.hpp"
#include "value_names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

[[nodiscard]] inline bool is_save_counter(const ObjectGraph& graph, const std::string& key) {
  const auto counter = key_of_path(graph, core::detail::save_counter_name);
  return counter && *counter == key;
}

// By path: this one's keys, and those of the same values in the other.
[[nodiscard]] inline std::map<std::string, std::string> keys_in(const EditedCheckpoint& checkpoint,
                                                                const EditedCheckpoint& other) {
  std::map<std::string, std::string> keys;
  if (checkpoint.graph() == nullptr || other.graph() == nullptr) return keys;
  const std::vector<std::int32_t> matched = match_graphs(*checkpoint.graph(), *other.graph());
  for (std::size_t id = 0; id < matched.size(); ++id) {
    if (matched[id] < 0) continue;
    for (const SerializedTensor ours : (*checkpoint.graph())[static_cast<std::int32_t>(id)].attributes)
      for (const SerializedTensor theirs : (*other.graph())[matched[id]].attributes)
        if (ours.name == theirs.name)
          for (const std::string& key : checkpoint.keys_of(ours.checkpoint_key))
            keys.emplace(key, std::string(theirs.checkpoint_key) + key.substr(ours.checkpoint_key.size()));
  }
  return keys;
}

inline void require_alike(const EditedCheckpoint& checkpoint, const std::string& key, const EditedValue& value,
                          const EditedCheckpoint& other, const EditedValue& theirs) {
  if (value.dtype == theirs.dtype && value.shape == theirs.shape) return;
  const std::string expected = cairn::to_string(value.dtype) + " " + value.shape.to_string();
  const std::string found = cairn::to_string(theirs.dtype) + " " + theirs.shape.to_string();
  throw Error(ErrorCode::invalid_argument, key + " is " + expected + " in " + checkpoint.prefix() + ", and " + found +
                                               " in " + other.prefix() +
                                               "; only checkpoints of the same state can be averaged")
      .in_file(other.prefix())
      .at_key(key)
      .expecting(expected, found);
}

inline void require_same(const EditedCheckpoint& checkpoint, const EditedValues::value_type& known,
                         const EditedCheckpoint& other, std::string_view there) {
  const EditedValue& theirs = other.values().find(there)->second;
  const auto& [key, value] = known;
  bool is_same = value.dtype == theirs.dtype && value.shape == theirs.shape;
  if (is_same && value.dtype == DT_STRING && value.is_stored()) {
    const bundle::Reader &ours = *value.stored.reader, &others = *theirs.stored.reader;
    is_same = bundle::detail::different_strings(ours, value.stored.key, ours.lookup(value.stored.key), others, there,
                                                others.lookup(there)) == 0;
  } else if (is_same && (size_of(value.dtype) != 0 || value.dtype == DT_STRING))
    is_same = checkpoint.get(key) == other.get(std::string(there));
  else if (is_same)
    is_same = value.is_stored() &&
              value.stored.reader->read_stored(value.stored.key) == theirs.stored.reader->read_stored(there);
  if (is_same) return;
  throw Error(ErrorCode::already_exists, "the checkpoints " + checkpoint.prefix() + " and " + other.prefix() +
                                             " both have " + key +
                                             ", and not the same value; erase or rename one of them first")
      .in_file(other.prefix())
      .at_key(key);
}

inline void merge(EditedCheckpoint& checkpoint, const PathArgument& path) {
  const OpenCheckpoint other(path, checkpoint.files());
  const EditedCheckpoint source(other, checkpoint.files());
  if ((checkpoint.graph() == nullptr) != (other.graph == nullptr))
    throw Error(ErrorCode::invalid_argument,
                "the checkpoints " + checkpoint.prefix() + " and " + source.prefix() +
                    " cannot be merged: one has an object graph, the other is name-based, as tf.compat.v1.train.Saver "
                    "writes them; copy single values over instead")
        .in_file(source.prefix());
  struct Key {
    std::string here;
    std::string_view there;  // the source's own
  };
  std::vector<Key> keys;
  std::vector<std::string_view> in_graph;
  EditedGraph edited;
  if (checkpoint.graph() != nullptr) {
    MergedGraph both = merged(GraphEdit(checkpoint.graph()), *other.graph, {{0, 0}});
    for (MergedGraph::Value& value : both.values)
      for (const std::string& name : source.keys_of(value.other_key)) {
        const std::string_view key = source.values().find(name)->first;
        in_graph.push_back(key);
        std::string here = value.key + name.substr(value.other_key.size());
        if (value.is_new || !is_save_counter(*both.edited.graph, value.key)) keys.push_back({std::move(here), key});
      }
    edited = std::move(both.edited);
  }
  std::ranges::sort(in_graph);
  for (const auto& item : source.values())
    if (!std::ranges::binary_search(in_graph, item.first)) keys.push_back({item.first, item.first});
  std::ranges::stable_sort(keys, {}, &Key::here);
  keys.erase(std::unique(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.here == b.here; }),
             keys.end());  // the first of each counts
  for (const auto& [here, there] : keys)
    if (const auto known = checkpoint.values().find(here); known != checkpoint.values().end())
      require_same(checkpoint, *known, source, there);
  if (checkpoint.graph() != nullptr) checkpoint.apply(std::move(edited));
  for (const auto& [here, there] : keys)
    if (!checkpoint.values().contains(here)) checkpoint.put(here, source.values().find(there)->second);
}

inline void average(EditedCheckpoint& checkpoint, const std::vector<std::string>& others) {
  std::map<std::string, std::vector<StoredValue>> found;
  for (const std::string& path : others) {
    const OpenCheckpoint other(path, checkpoint.files());
    const EditedCheckpoint source(other, checkpoint.files());
    if (source.prefix() == checkpoint.prefix()) continue;
    const std::map<std::string, std::string> counterparts = keys_in(checkpoint, source);
    for (const auto& [key, value] : checkpoint.values()) {
      if (!is_floating(value.dtype)) continue;
      const auto counterpart = counterparts.find(key);
      const std::string there = counterpart != counterparts.end() ? counterpart->second : key;
      const auto theirs = source.values().find(there);
      if (theirs == source.values().end())
        throw Error(ErrorCode::not_found, "the checkpoint " + source.prefix() + " has no " + key + ", which " +
                                              checkpoint.prefix() +
                                              " has; only checkpoints of the same state can be averaged")
            .in_file(source.prefix())
            .at_key(key);
      require_alike(checkpoint, key, value, source, theirs->second);
      found[key].push_back(theirs->second.stored);
    }
  }
  for (auto& [key, stored] : found) {
    EditedValue& value = checkpoint.values().find(key)->second;
    if (value.cast != DT_INVALID || !value.averaged_with.empty()) checkpoint.give(key, computed(value, key));
    value.averaged_with = std::move(stored);
  }
}

}  // namespace CAIRN_NAMESPACE::edit::detail
