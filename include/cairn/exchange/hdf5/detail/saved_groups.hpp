// SavedGroups: the values of a file by the layers that they belong to, in either of Keras' two formats.
//
//   Keras 3   /layers/dense/vars/0, 1           group "layers/dense": its variables by number
//   legacy    layer_names, and in each of those weight_names    group "dense": its weights in that order
//
// Both may have the variables of an optimizer: group "optimizer".
#pragma once

#include "../../../core/error.hpp"
#include "../../../io/file_system.hpp"
#include "hdf5_file.hpp"
#include "legacy_config.hpp"
#include "shards.hpp"
#include "weights_file.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

struct SavedGroup {
  std::string path;                        // with "/"; changes where the group is renamed
  std::vector<const Hdf5Dataset*> values;  // in the order of the layer's variables
  std::vector<std::string> names = {};     // of the values, in legacy files: "dense/kernel:0"
  bool is_by_layer = false;                // the weights of a layer within it stand together, though some are frozen
  bool is_numbered = true;                 // false where Keras 3 would not find its variables by number
  bool is_renamed = false;
  bool is_taken = false;
  bool is_optimizer = false;
};

class SavedGroups {
 public:
  // Opens a file, or all of which a list, .weights.json, says that they are one. Throws Error with ErrorCode::not_found;
  // ErrorCode::data_loss for a damaged file, and for one whose lists name what is not there;
  // ErrorCode::unimplemented as Hdf5File::datasets().
  SavedGroups(const std::string& path, io::FileSystem& files) {
    if (is_list_of_shards(path))
      add_shards(path, files);
    else
      add_file(path, files);
    for (const std::string root : {"", "/model_weights"}) {
      const std::vector<std::string> layers = files_.front()->names(root.empty() ? "/" : root, "layer_names");
      is_legacy_ = is_legacy_ || !layers.empty();
      if (!layers.empty()) list_legacy(*files_.front(), root, layers, path);
    }
    if (!is_legacy_) list_keras_3();
  }
  SavedGroups(const SavedGroups&) = delete;
  SavedGroups& operator=(const SavedGroups&) = delete;

  [[nodiscard]] bool is_legacy() const noexcept { return is_legacy_; }
  // False for tf-keras, and for Keras 3.0, which do not write the layers' names.
  [[nodiscard]] bool has_names() const { return !files_.front()->names("/vars", "name").empty(); }
  // The variables of an optimizer; null where there are none. A layer may have the name "optimizer", too.
  [[nodiscard]] SavedGroup* optimizer() noexcept {
    for (SavedGroup& group : groups_)
      if (group.is_optimizer) return &group;
    return nullptr;
  }
  // What the optimizer is called whose state the file has: "adam"; empty where that is not said.
  [[nodiscard]] std::string optimizer_name() const {
    for (const SavedGroup& group : groups_) {
      if (!is_legacy_ || !group.is_optimizer) continue;
      for (std::string_view name : group.names) {  // "Adam/iter:0", or "iteration:0" and then "Adam/m/..."
        constexpr std::string_view scope = "training/";
        if (name.starts_with(scope)) name.remove_prefix(scope.size());
        if (const std::size_t end = name.find('/'); end != name.npos) return std::string(name.substr(0, end));
      }
    }
    for (const std::shared_ptr<const Hdf5File>& file : files_)
      if (const std::vector<std::string> names = file->names("/optimizer/vars", "name"); !names.empty())
        return names.front();
    return {};
  }
  // Returns the elements of one of the values. Throws Error with ErrorCode::data_loss for damaged bytes.
  [[nodiscard]] std::vector<std::byte> read(const Hdf5Dataset& value) const {
    return file_of_.at(value.path)->read(value);
  }
  // In the order of the file. Two have one path where one of them was renamed.
  [[nodiscard]] std::vector<SavedGroup>& groups() noexcept { return groups_; }
  [[nodiscard]] SavedGroup* find(std::string_view path) noexcept {
    SavedGroup* found = nullptr;
    for (SavedGroup& group : groups_)
      if (group.path == path && (found == nullptr || group.is_renamed)) found = &group;
    return found;
  }

 private:
  void add_file(const std::string& path, io::FileSystem& files) {
    const Hdf5File& file = *files_.emplace_back(weights_file(path, files));
    for (Hdf5Dataset& dataset : file.datasets()) {
      file_of_.emplace(dataset.path, &file);
      datasets_.push_back(std::move(dataset));
    }
  }
  void add_shards(const std::string& path, io::FileSystem& files) {
    for (const WeightsShard& shard : read_shards(path, files)) {
      const std::size_t first = datasets_.size();
      add_file(shard.path, files);
      std::vector<std::string> paths;
      for (std::size_t i = first; i < datasets_.size(); ++i) paths.push_back(datasets_[i].path);
      require_groups(shard, std::move(paths));
    }
    std::sort(datasets_.begin(), datasets_.end(), [](const Hdf5Dataset& a, const Hdf5Dataset& b) {
      return is_before_in_keras(a.path.substr(1), b.path.substr(1));
    });
  }

  void list_keras_3() {
    std::unordered_map<std::string, std::size_t> places;
    for (const Hdf5Dataset& dataset : datasets_) {
      std::string path = dataset.path.substr(1);
      const std::size_t name = path.rfind('/');
      const std::string_view above = name == path.npos ? std::string_view() : std::string_view(path).substr(0, name);
      std::string group(above == "vars"            ? ""
                        : above.ends_with("/vars") ? above.substr(0, above.size() - 5)
                                                   : std::string_view(path));
      // What Keras 2.12 called the layers.
      constexpr std::string_view former = "_layer_checkpoint_dependencies";
      for (std::size_t at = group.find(former); at != group.npos; at = group.find(former))
        group.replace(at, former.size(), "layers");
      const auto [place, is_new] = places.try_emplace(group, groups_.size());
      if (is_new) groups_.push_back({.path = group, .values = {}, .is_optimizer = group == "optimizer"});
      SavedGroup& values = groups_[place->second];
      values.is_numbered = values.is_numbered && path.substr(name + 1) == std::to_string(values.values.size());
      values.values.push_back(&dataset);
    }
  }

  void list_legacy(const Hdf5File& file, const std::string& root, const std::vector<std::string>& layers,
                   const std::string& shown) {
    std::unordered_map<std::string_view, const Hdf5Dataset*> by_path;
    for (const Hdf5Dataset& dataset : datasets_) by_path.emplace(dataset.path, &dataset);
    const std::vector<std::string> config = file.names("/", "model_config");
    const InnerLayers inner = config.empty() ? InnerLayers() : InnerLayersReader::read(config.front(), shown);
    const auto add = [&](const std::string& group, std::string path) {
      SavedGroup found{.path = std::move(path), .values = {}};
      for (const std::string& name : file.names(group, "weight_names")) {
        const auto place = by_path.find(group + "/" + name);
        if (place == by_path.end())
          throw Error(ErrorCode::data_loss, "\"" + shown + "\" is damaged: it lists \"" + group + "/" + name +
                                                "\" among its weights, which is not there")
              .in_file(shown);
        found.values.push_back(place->second);
        found.names.push_back(name);
      }
      if (const auto within = inner.find(found.path); within != inner.end()) put_together(found, within->second);
      if (!found.values.empty()) groups_.push_back(std::move(found));
    };
    for (const std::string& layer : layers) add(root + "/" + layer, layer);
    add(root + "/top_level_model_weights", "");
    const std::size_t layers_end = groups_.size();
    add("/optimizer_weights", "optimizer_weights");
    if (groups_.size() > layers_end) groups_.back().is_optimizer = true;
  }

  static void put_together(SavedGroup& group, const std::vector<std::string>& layers) {
    std::vector<std::pair<std::size_t, std::size_t>> order;  // of a weight: its layer, its place now
    for (const std::string& name : group.names) {
      const std::optional<std::size_t> layer = layer_of_weight(name, layers);
      if (!layer) return;
      order.emplace_back(*layer, order.size());
    }
    std::sort(order.begin(), order.end());
    SavedGroup sorted{.path = group.path, .values = {}, .is_by_layer = true};
    for (const auto& [layer, place] : order) {
      sorted.values.push_back(group.values[place]);
      sorted.names.push_back(group.names[place]);
    }
    group = std::move(sorted);
  }

  std::vector<std::shared_ptr<const Hdf5File>> files_;
  std::unordered_map<std::string, const Hdf5File*> file_of_;  // by a dataset's path
  std::vector<Hdf5Dataset> datasets_;
  std::vector<SavedGroup> groups_;
  bool is_legacy_ = false;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
