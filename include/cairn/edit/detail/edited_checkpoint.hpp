// The state of a checkpoint under edit: its values by key and its object graph, which follow each other.
#pragma once

#include "../../bundle/detail/patch_bundle.hpp"
#include "../../bundle/detail/v1_files.hpp"
#include "../../bundle/detail/verify_graph.hpp"
#include "../../bundle/entry_reader.hpp"
#include "../../bundle/find_checkpoint.hpp"
#include "../../bundle/object_graph.hpp"
#include "../../core/error.hpp"
#include "../../core/path_argument.hpp"
#include "../../io/detail/watch.hpp"
#include "../checkpoint_change.hpp"
#include "../checkpoint_reader.hpp"
#include "edited_value.hpp"
#include "fitting.hpp"
#include "graph_moves.hpp"
#include "graph_text.hpp"
#include "value_names.hpp"
#include "write_edited.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

// A checkpoint on the disk with its graph, which is null for a checkpoint of TensorFlow 1.
struct OpenCheckpoint {
  std::shared_ptr<const bundle::Reader> reader;
  std::shared_ptr<const ObjectGraph> graph;

  OpenCheckpoint(const PathArgument& path, io::FileSystem& files)
      : OpenCheckpoint(std::make_shared<const bundle::Reader>(path, files)) {}
  explicit OpenCheckpoint(std::shared_ptr<const bundle::Reader> opened)
      : reader(std::move(opened)), graph(read_saved_graph(*reader)) {}
};

// The edits themselves are in detail/edits.hpp and detail/combine.hpp. A member that throws has changed nothing.
//
// As long as values only get other tensors, nothing is listed: a key is looked up in the index, a path in the bytes of
// the graph, and what is written is the input with these tensors in their places (bundle/detail/patch_bundle.hpp). All
// else makes a list of all values and decodes the graph.
class EditedCheckpoint {
 public:
  EditedCheckpoint(const PathArgument& path, io::FileSystem& files)
      : files_(&files), reader_(std::make_shared<const bundle::Reader>(path, files)) {}
  EditedCheckpoint(const OpenCheckpoint& input, io::FileSystem& files) : files_(&files), reader_(input.reader) {
    list_values(input);
  }

  [[nodiscard]] io::FileSystem& files() const noexcept { return *files_; }
  // Returns the object graph; null for a checkpoint of TensorFlow 1.
  [[nodiscard]] const std::shared_ptr<const ObjectGraph>& graph() const { return list_values(), graph_; }
  [[nodiscard]] const EditedValues& values() const { return list_values(), values_; }
  [[nodiscard]] EditedValues& values() { return list_values(), values_; }

  [[nodiscard]] std::optional<std::string> find_value(std::string_view name) const {
    if (contains(name)) return std::string(name);
    auto key =
        is_listed_ ? graph_ == nullptr ? std::nullopt : key_of_path(*graph_, name) : key_of_path(*reader_, text_, name);
    if (key && !contains(*key)) key.reset();
    return key;
  }
  [[nodiscard]] std::string require_value(std::string_view name) const {
    if (auto key = find_value(name)) return std::move(*key);
    const std::string instead = values_below(values(), graph().get(), name);
    if (instead.empty()) throw nothing_named(name);
    throw Error(ErrorCode::not_found,
                "the checkpoint " + prefix() + " has no value of the name \"" + std::string(name) + "\"" + instead)
        .in_file(prefix())
        .at_key(std::string(name));
  }

  // These take the key of a value.
  [[nodiscard]] AnyTensor get(const std::string& key) const {
    if (is_listed_) return computed(values_.at(key), key);
    const auto given = given_.find(key);
    return given != given_.end() ? *given->second : reader_->read(key);
  }
  [[nodiscard]] std::pair<DType, Shape> dtype_and_shape(const std::string& key) const {
    if (is_listed_) return {values_.at(key).dtype, values_.at(key).shape};
    if (const auto given = given_.find(key); given != given_.end())
      return {given->second->dtype(), given->second->shape()};
    const bundle::Entry& entry = *reader_->find(key);
    return {entry.dtype, entry.shape};
  }
  // The number of values.
  [[nodiscard]] std::size_t size() const {
    if (is_listed_) return values_.size();
    if (!count_) {
      count_ = 0;
      for (bundle::EntryReader each(*reader_); each.next();)
        *count_ += each.key() == bundle::object_graph_key ? 0u : 1u;
    }
    return *count_;
  }

  // Gives a value a tensor. The key must be that of a value, or of a node.
  void give(const std::string& key, AnyTensor tensor) {
    if (!is_listed_ && !contains(key)) list_values();
    auto given = std::make_shared<const AnyTensor>(std::move(tensor));
    if (!is_listed_)
      given_.insert_or_assign(key, std::move(given));
    else
      give(key, std::move(given));
  }

  // Returns the key of a new value and makes its node.
  [[nodiscard]] std::string add_key(std::string_view name) {
    list_values();
    if (name == bundle::object_graph_key) throw is_the_graph();
    if (values_.contains(name)) throw name_is_taken(name, prefix());
    if (graph_ == nullptr) {
      if (name.empty()) throw Error(ErrorCode::invalid_argument, "a value without a name cannot be added");
      return std::string(name);
    }
    AddedValue added = with_value(graph_, name, prefix());
    if (values_.contains(added.key)) throw name_is_taken(added.key, prefix());
    apply(std::move(added.edited));
    return added.key;
  }

  std::string write(const std::string& prefix, bundle::WriterOptions options) {
    if (prefix.empty() || prefix.ends_with('/') || files_->is_directory(prefix))
      throw Error(ErrorCode::invalid_argument, "\"" + prefix +
                                                   "\" is no path for a checkpoint; give a directory and a "
                                                   "name, such as " +
                                                   io::join_path(prefix.empty() ? "." : prefix, "ckpt"))
          .in_file(prefix);
    if (!bundle::detail::has_index(prefix, *files_) && bundle::detail::find_v1(prefix, *files_))
      throw Error(ErrorCode::invalid_argument, "the checkpoint \"" + prefix +
                                                   "\" is in TensorFlow's old format V1, which is read and not "
                                                   "written; write to another path")
          .in_file(prefix);
    const io::detail::Watch watch(options.progress, options.stop, *files_, "writing", prefix,
                                  io::detail::Watch::writing);
    if (is_listed_ || !write_patched(prefix, options, watch.files())) write_listed(prefix, options, watch.files());
    watch.finish();
    if (is_listed_ && prefix == this->prefix()) *this = EditedCheckpoint(prefix, *files_);
    return prefix;
  }

  [[nodiscard]] std::map<std::string, std::pair<DType, Shape>> list() const {
    std::map<std::string, std::pair<DType, Shape>> list;
    for (const auto& [key, value] : values()) list.emplace_hint(list.end(), key, std::pair(value.dtype, value.shape));
    return list;
  }
  [[nodiscard]] ObjectGraph object_graph() const { return graph() == nullptr ? ObjectGraph() : *graph_; }

  // Calls use(CheckpointChange) for each change: first for values that are removed, then for the others by key.
  template <class Use>
  void for_each_change(const Use& use) const {
    if (!is_listed_) {
      for (const auto& [key, given] : given_)
        use(CheckpointChange{CheckpointChange::Kind::change, key, {}, given->dtype(), given->shape()});
      return;
    }
    std::set<std::string_view> places;
    for (const auto& item : values_) places.insert(item.second.place);
    for (const auto& [key, entry] : reader_->entries())
      if (key != bundle::object_graph_key && !places.contains(key))
        use(CheckpointChange{CheckpointChange::Kind::erase, key, {}, entry.dtype, entry.shape});
    const auto add = [&](CheckpointChange::Kind kind, const EditedValues::value_type& item) {
      const EditedValue& value = item.second;
      const std::string from = kind == CheckpointChange::Kind::rename ? std::string(value.place) : std::string();
      use(CheckpointChange{kind, item.first, from, value.dtype, value.shape});
    };
    for (const auto& item : values_) {
      const auto& [key, value] = item;
      if (!value.place.empty() && value.place != key) add(CheckpointChange::Kind::rename, item);
      if (value.place.empty())
        add(CheckpointChange::Kind::add, item);
      else if (!value.is_stored() || value.stored.reader != reader_ || value.stored.key != value.place)
        add(CheckpointChange::Kind::change, item);
    }
  }

  [[nodiscard]] const std::string& prefix() const noexcept { return reader_->prefix(); }
  [[nodiscard]] Error nothing_named(std::string_view name) const {
    return Error(ErrorCode::not_found, "the checkpoint " + prefix() + " has nothing of the name \"" +
                                           std::string(name) + "\"" + nearest_name(values(), graph().get(), name))
        .in_file(prefix())
        .at_key(std::string(name));
  }
  [[nodiscard]] Error is_the_graph() const {
    return Error(ErrorCode::invalid_argument,
                 std::string(bundle::object_graph_key) + " is the object graph, which follows the edits by itself")
        .in_file(prefix())
        .at_key(std::string(bundle::object_graph_key));
  }

  // Returns the keys that an attribute's key stands for.
  [[nodiscard]] std::vector<std::string> keys_of(std::string_view attribute) const {
    list_values();
    if (values_.contains(attribute)) return {std::string(attribute)};
    std::vector<std::string> keys;
    for (auto at = values_.lower_bound(attribute); at != values_.end() && at->first.starts_with(attribute); ++at)
      if (bundle::detail::is_key_of(at->first, attribute)) keys.push_back(at->first);
    return keys;
  }

  // Takes over a new graph, and changes the keys of values as it says; `erased` values are removed, too.
  void apply(EditedGraph edited, const std::set<std::string>& erased = {}) {
    list_values();
    std::map<std::string, std::string> moved;
    std::set<std::string> gone;
    for (const std::string& key : erased)
      if (values_.contains(key)) gone.insert(key);
    while (!edited.renamed.empty()) {
      auto node = edited.renamed.extract(edited.renamed.begin());
      for (const std::string& key : keys_of(node.key()))
        if (!erased.contains(key)) moved.emplace(key, node.mapped() + key.substr(node.key().size()));
    }
    for (const std::string& attribute : edited.erased)
      for (std::string& key : keys_of(attribute))
        if (!moved.contains(key)) gone.insert(std::move(key));
    std::set<std::string_view> taken;
    for (const auto& [from, to] : moved)
      if (!taken.insert(to).second || (values_.contains(to) && !moved.contains(to) && !gone.contains(to)))
        throw name_is_taken(to, prefix());
    for (const std::string& key : gone) values_.erase(key);
    std::vector<EditedValues::node_type> nodes;
    for (auto& [from, to] : moved) {
      nodes.push_back(values_.extract(from));
      nodes.back().key() = std::move(to);
    }
    for (auto& node : nodes) values_.insert(std::move(node));
    graph_ = std::move(edited.graph);
  }

  void put(const std::string& key, const EditedValue& source) {
    list_values();
    EditedValue& value = values_[key];
    value = {.place = value.place, .dtype = source.dtype, .shape = source.shape, .stored = source.stored};
  }

  // Returns what a name or a pattern means. Throws Error with ErrorCode::not_found when that is nothing.
  [[nodiscard]] Fitting find(std::string_view name) const {
    list_values();
    Fitting fitting;
    if (graph_ == nullptr) {
      fitting.keys = find_keys(values_, name);
    } else if (values_.contains(name)) {
      fitting.keys.push_back({std::string(name), name.size()});
    } else {
      fitting = find_fitting(*graph_, without_slash(name));
      if (graph::detail::is_pattern(name)) {
        const std::set<std::string> known = keys_below(fitting);
        for (const auto& item : values_)
          if (!known.contains(item.first) && graph::detail::match_pattern(name, item.first))
            fitting.keys.push_back({item.first, item.first.size()});
      }
    }
    if (fitting.empty()) throw nothing_named(name);
    return fitting;
  }
  // Returns the keys of all values that a name or pattern means.
  [[nodiscard]] std::set<std::string> keys_of(const Fitting& fitting) const {
    std::set<std::string> keys = keys_below(fitting);
    for (const FittingKey& fits : fitting.keys) keys.insert(fits.key);
    return keys;
  }

 private:
  [[nodiscard]] std::set<std::string> keys_below(const Fitting& fitting) const {
    std::set<std::string> keys;
    if (fitting.edges.empty() && fitting.slots.empty()) return keys;
    const std::vector<bool> is_in = nodes_of(*graph_, fitting);
    for (std::size_t id = 0; id < is_in.size(); ++id)
      if (is_in[id])
        for (const SerializedTensor attribute : (*graph_)[static_cast<std::int32_t>(id)].attributes)
          for (std::string& key : keys_of(attribute.checkpoint_key)) keys.insert(std::move(key));
    return keys;
  }

  [[nodiscard]] bool contains(std::string_view key) const {
    if (is_listed_) return values_.contains(key);
    return key != bundle::object_graph_key && reader_->contains(key);
  }
  // Lists all values and decodes the graph, once.
  void list_values() const {
    if (!is_listed_) list_values(OpenCheckpoint(reader_));
  }
  void list_values(const OpenCheckpoint& input) const {
    values_.clear();
    for (const auto& item : reader_->entries()) {
      if (item.first == bundle::object_graph_key) continue;
      EditedValue value = stored_value(reader_, item);
      value.place = item.first;
      values_.emplace_hint(values_.end(), item.first, std::move(value));
    }
    graph_ = saved_graph_ = input.graph;
    is_listed_ = true;
    for (auto& [key, given] : given_) give(key, std::move(given));
    given_.clear();
    text_ = nullptr;
  }
  void give(const std::string& key, std::shared_ptr<const AnyTensor> given) const {
    EditedValue& value = values_[key];
    value = {.place = value.place, .dtype = given->dtype(), .shape = given->shape(), .stored = {}};
    value.given = std::move(given);
  }

  // Writes the input with other tensors in their places. False where that is not possible; nothing is written then.
  [[nodiscard]] bool write_patched(const std::string& prefix, const bundle::WriterOptions& options,
                                   io::FileSystem& files) const {
    if (options.shard_size != 0 || options.data_alignment != 1) return false;
    std::vector<bundle::detail::Patch> patches;
    for (const auto& [key, given] : given_) patches.push_back({key, given->view()});
    bundle::detail::PatchedBundle patched(*reader_, patches, files);
    return patched.prepare() && patched.write(prefix, options);
  }
  // Writes the list of all values.
  void write_listed(const std::string& prefix, const bundle::WriterOptions& options, io::FileSystem& files) const {
    list_values();
    const bool is_new_graph = graph_ != saved_graph_;
    const std::string bytes = is_new_graph ? bundle::encode_object_graph(*graph_) : std::string();
    write_edited(*reader_, values_, is_new_graph ? &bytes : nullptr, prefix, options, files);
  }

  io::FileSystem* files_;
  std::shared_ptr<const bundle::Reader> reader_;
  mutable std::map<std::string, std::shared_ptr<const AnyTensor>, std::less<>> given_;  // as long as nothing is listed
  // What is found out when it is asked for.
  mutable std::shared_ptr<const GraphText> text_;
  mutable std::optional<std::size_t> count_;
  mutable bool is_listed_ = false;
  mutable std::shared_ptr<const ObjectGraph> saved_graph_;
  mutable std::shared_ptr<const ObjectGraph> graph_;  // saved_graph_ as long as it is not edited
  mutable EditedValues values_;
};

}  // namespace CAIRN_NAMESPACE::edit::detail
