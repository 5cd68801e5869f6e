// The work of load_weights without the model's type: which saved value goes into which variable, and the restore of all of
// them at once, or of none.
//
//   groups of the file  --renamed-->  path  <--  layers of the model      Keras 3: by the path and the number of variables
//                                                                         legacy: by the order of layers that have some
//   the program's own object graph, each value under the path of its dataset  -->  RestorePlan
#pragma once

#include "../../../checkpoint/load_status.hpp"
#include "../../../core/detail/function_ref.hpp"
#include "../../../core/error.hpp"
#include "../../../core/object_graph.hpp"
#include "../../../graph/detail/match.hpp"
#include "../../../graph/detail/root.hpp"
#include "../../../graph/detail/walk.hpp"
#include "../../../graph/mismatch.hpp"
#include "../../../graph/rename.hpp"
#include "../../../io/file_system.hpp"
#include "../../../keras/built.hpp"
#include "../../../tensor/cast.hpp"
#include "class_name.hpp"
#include "legacy_order.hpp"
#include "legacy_slots.hpp"
#include "optimizer_variables.hpp"
#include "saveables.hpp"
#include "saved_groups.hpp"
#include "weights_source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

struct LoadOptions {
  const std::vector<Rename>& rename;
  OnMismatch on_mismatch;
  Cast cast;
};

// The variables of one layer of the program and the group of the file that they are restored from, if any.
struct LoadTarget {
  SavedPaths paths;
  std::vector<SavedVariable> variables;
  std::vector<const Hdf5Dataset*> values = {};  // of each variable; none without a group
  std::vector<SavedVariable> by_layer = {};     // in a legacy file the same variables, those of a layer together
  bool is_in_other_order = false;

  [[nodiscard]] bool is_found() const noexcept { return !values.empty(); }
};

class WeightsLoad {
  using Object = graph::detail::Object;

 public:
  WeightsLoad(std::string path, io::FileSystem& files, const LoadOptions& options)
      : path_(std::move(path)), options_(options), saved_(path_, files) {
    rename_groups();
  }

  // Throws the Errors of load_weights; nothing of the program's has changed then.
  [[nodiscard]] LoadStatus load(
      graph::detail::Slot model, const AnyOptimizer* optimizer = nullptr,
      core::detail::FunctionRef<void()> build = [] {}) {
    Saveables saveables(model.get());
    // Keras 3 writes the layers' names (3.0 did not yet), tf-keras never does. Without them the file may be of either.
    if (!saved_.is_legacy() && !saved_.has_names()) {
      Saveables of_tf_keras(model.get(), {}, Saveables::Form::tf_keras);
      if (count_found(of_tf_keras) > count_found(saveables)) saveables = std::move(of_tf_keras);
    }
    find_model(saveables);
    root_.children.push_back({"model", model});
    if (optimizer == nullptr) return restore(graph::detail::walk(root_));
    const keras::Built before = optimizer->built;
    try {
      find_optimizer(*optimizer, build, saveables);
      graph::detail::LiveGraph live = graph::detail::walk(root_);
      if (!targets_.back().is_found() || before) optimizer->built = before;
      return restore(std::move(live));
    } catch (...) {
      optimizer->built = before;
      throw;
    }
  }

 private:
  void rename_groups() {
    graph::detail::require_legal(options_.rename);
    for (const Rename& rule : options_.rename) {
      bool is_used = false;
      for (SavedGroup& group : saved_.groups()) {
        if (group.is_renamed) continue;
        auto to = graph::detail::renamed_from_beginning(rule, dotted(group.path), '.');
        if (!to) continue;
        std::replace(to->begin(), to->end(), '.', '/');
        group.path = std::move(*to);
        group.is_renamed = is_used = true;
      }
      if (!is_used)
        throw Error(ErrorCode::invalid_argument, "the rename of \"" + rule.from + "\" fits no layer in \"" + path_ +
                                                     "\" that an earlier one does not rename; the first is \"" +
                                                     first_group() + "\"")
            .in_file(path_);
    }
  }
  [[nodiscard]] std::string first_group() {
    return saved_.groups().empty() ? std::string() : dotted(saved_.groups().front().path);
  }

  // The number of layers whose variables the file has, with their shapes.
  [[nodiscard]] std::size_t count_found(const Saveables& saveables) {
    std::size_t count = 0;
    for (const Saveable& each : saveables.all())
      if (!each.variables.empty())
        for (const std::string& path : each.paths.saved)
          if (const SavedGroup* const group = saved_.find(path); group != nullptr && fits(*group, each.variables)) {
            ++count;
            break;
          }
    return count;
  }
  [[nodiscard]] static bool fits(const SavedGroup& group, const std::vector<SavedVariable>& variables) {
    bool fits = group.is_numbered && group.values.size() == variables.size();
    for (std::size_t i = 0; fits && i < variables.size(); ++i) {
      const Object& object = variables[i].object;
      fits = object.type->leaf()->accepts(object.address, group.values[i]->shape);
    }
    return fits;
  }

  void find_model(const Saveables& saveables) {
    const std::vector<Saveable>& all = saveables.all();
    if (!saved_.is_legacy()) {
      for (const Saveable& each : all)
        if (!each.variables.empty()) find_by_path(targets_.emplace_back(LoadTarget{each.paths, each.variables}));
      return;
    }
    std::vector<std::size_t> in_order;  // targets that no rename says
    for (const std::size_t layer : all.front().layers) {
      LoadTarget target{all[layer].paths, saveables.weights(layer), {}, saveables.weights_by_layer(layer)};
      if (target.variables.empty()) continue;
      if (!find_by_path(target, true)) in_order.push_back(targets_.size());
      targets_.push_back(std::move(target));
    }
    if (!all.front().variables.empty())
      find_by_path(targets_.emplace_back(LoadTarget{all.front().paths, all.front().variables}));
    std::vector<SavedGroup*> groups;
    for (SavedGroup& group : saved_.groups())
      if (!group.is_taken && !group.is_renamed && !group.path.empty() && !group.is_optimizer) groups.push_back(&group);
    if (groups.size() != in_order.size()) return;
    for (std::size_t i = 0; i < groups.size(); ++i) take(targets_[in_order[i]], *groups[i]);
  }

  // A group that a rename brought to one of the paths goes before those that are there by themselves.
  // With `only_renamed`, the latter are not looked at.
  bool find_by_path(LoadTarget& target, bool only_renamed = false) {
    const auto find = [&](bool is_renamed) {
      for (const std::vector<std::string>* const paths : {&target.paths.saved, &target.paths.others})
        for (const std::string& path : *paths) {
          SavedGroup* const group = saved_.find(path);
          if (group == nullptr || group->is_renamed != is_renamed) continue;
          take(target, *group);
          if (is_renamed && target.is_found()) return;
        }
    };
    find(true);
    if (!only_renamed && !target.is_found()) find(false);
    return target.is_found();
  }

  // Layers whose numbers of variables differ are different layers, as in Keras: nothing is guessed of their order.
  static void take(LoadTarget& target, SavedGroup& group) {
    if (group.is_taken || !group.is_numbered || group.values.size() != target.variables.size()) return;
    if (group.is_by_layer) target.variables = target.by_layer;
    if (!group.is_by_layer && !is_one_layer_each(target, group)) {
      target.is_in_other_order = true;
      return;
    }
    group.is_taken = true;
    if (!target.is_found()) target.values = group.values;
  }
  // In a legacy file weights of one layer of Keras have one name but for its end, and those of two have two. That is not
  // so where other layers were frozen when the file was made.
  [[nodiscard]] static bool is_one_layer_each(const LoadTarget& target, const SavedGroup& group) {
    std::unordered_map<std::string_view, std::size_t> layers;
    std::unordered_map<std::size_t, std::string_view> names;
    bool is_one = true;
    for (std::size_t i = 0; i < group.names.size() && i < target.by_layer.size(); ++i) {
      const std::string_view name = std::string_view(group.names[i]).substr(0, group.names[i].rfind('/'));
      if (group.names[i].find('/') == std::string::npos) return true;
      const std::size_t layer = target.variables[i].layer;
      if (layers.emplace(name, layer).first->second != layer || names.emplace(layer, name).first->second != name)
        is_one = false;
    }
    return is_one || names.size() < 2;  // a struct of Variables may be several layers in Python
  }

  // A file of Keras 2 has no learning rate, and one where a schedule gives it has none either. The optimizer is built
  // as it was when it was saved, for the walk.
  void find_optimizer(const AnyOptimizer& optimizer, core::detail::FunctionRef<void()> build, const Saveables& model) {
    SavedGroup* const group = saved_.optimizer();
    constexpr std::size_t most_without_slots = 2;  // iterations and learning rate
    const std::size_t count = group == nullptr ? 0 : group->values.size();
    const bool is_legacy = optimizer.dialect == keras::Dialect::keras_2_legacy;  // and nothing before it is built
    if ((count > most_without_slots || (count > 0 && is_legacy)) && !optimizer.built) build();
    if (count > 0 && count <= most_without_slots && !is_legacy) optimizer.built = {};
    const Object object = optimizer.slot.get();
    OptimizerVariables variables = optimizer_variables(optimizer, model);
    const bool is_its = count <= most_without_slots || is_its_state(*group, optimizer, variables);
    LoadTarget target{{.saved = {"optimizer"}}, std::move(variables.all)};
    bool has_rate = false;
    object.type->children(object.address, [&](const graph::detail::Child& child) {
      has_rate = has_rate || child.name == "_learning_rate";
    });
    LoadTarget rate{};
    const auto has_slot_second = [&] {  // where the learning rate would be
      const Object& slot = target.variables[2].object;
      return slot.type->leaf()->accepts(slot.address, group->values[1]->shape);
    };
    if (is_its && has_rate && group != nullptr && count + 1 == target.variables.size() &&
        (count < 2 || has_slot_second())) {
      rate = {target.paths, {target.variables[1]}};
      target.variables.erase(target.variables.begin() + 1);
    }
    SavedGroup without_rate;
    if (is_its && !has_rate && group != nullptr && count == target.variables.size() + 1 &&
        group->values[1]->shape.rank() == 0) {
      without_rate = {.path = group->path, .values = {group->values[1]}, .is_optimizer = true};
      group->values.erase(group->values.begin() + 1);
    }
    if (group != nullptr && is_its) take(target, *group);
    if (target.is_found()) root_.children.push_back({"optimizer", optimizer.slot});
    if (!rate.variables.empty()) targets_.push_back(std::move(rate));
    if (!without_rate.values.empty()) saved_.groups().push_back(std::move(without_rate));
    targets_.push_back(std::move(target));
  }

  // False where the state is that of an optimizer of another class, or in a legacy file has names that do not tell its
  // order. Otherwise the group is in the program's order then.
  [[nodiscard]] bool is_its_state(SavedGroup& group, const AnyOptimizer& optimizer,
                                  const OptimizerVariables& variables) {
    const std::string saved = saved_.optimizer_name(), type = class_name(optimizer.slot.get().type->name());
    if (is_another_optimizer(saved, type)) {
      no_optimizer_ = "; the file has the state of \"" + saved + "\", which is another optimizer's";
      return false;
    }
    if (!saved_.is_legacy()) return true;
    std::unordered_map<const Hdf5Dataset*, std::string> names;
    for (const SavedGroup& each : saved_.groups())
      for (std::size_t i = 0; i < each.values.size(); ++i) names.emplace(each.values[i], joined_name(each.names[i]));
    std::vector<NamedWeight> weights;
    for (const LoadTarget& target : targets_)
      for (std::size_t i = 0; i < target.values.size(); ++i)
        weights.emplace_back(names.at(target.values[i]), target.variables[i].object.address);
    if (put_slots_in_order(group, optimizer, variables, weights)) return true;
    no_optimizer_ = "; the names in the file, as \"" + group.names.back() + "\", do not tell which slot is which";
    return false;
  }

  [[nodiscard]] LoadStatus restore(graph::detail::LiveGraph live) {
    WeightsSource source(path_);
    std::unordered_map<Object, const Hdf5Dataset*, graph::detail::ObjectHash> datasets;
    std::unordered_map<std::string_view, std::string> shown;  // by key
    for (const LoadTarget& target : targets_)
      for (std::size_t i = 0; i < target.values.size(); ++i) {
        datasets.emplace(target.variables[i].object, target.values[i]);
        shown.emplace(target.values[i]->path, target.variables[i].name);
      }
    for (std::size_t id = 0; id < live.objects.size(); ++id) {
      const auto node = static_cast<std::int32_t>(id);
      const auto found = datasets.find(live.objects[id]);
      if (found == datasets.end())
        live.graph.erase_attributes(node, [](const SerializedTensor&) { return true; });
      else
        live.graph.set_key(node, 0, found->second->path);
    }
    for (const auto& [object, dataset] : datasets) source.add(*dataset, saved_.read(*dataset));
    graph::detail::RestorePlan plan(
        live.graph, source, {.on_mismatch = {options_.on_mismatch, {}}, .cast = options_.cast, .is_made_up = true});
    try {
      plan.match(root_);
    } catch (const Error& error) {
      throw with_shown_path(error, shown);
    }
    plan.check();
    core::detail::Shared<checkpoint::detail::RestoreRecord> record = make_record(plan.status().mismatched, shown);
    static_cast<void>(plan.read());
    plan.commit();
    return LoadStatus(record);
  }

  // The Error of a value that differs, which names it as the status does.
  [[nodiscard]] static Error with_shown_path(const Error& error,
                                             const std::unordered_map<std::string_view, std::string>& shown) {
    constexpr std::string_view before = " in the program (";
    std::string text = error.what();
    const auto name = shown.find(error.key());
    const std::size_t begin = text.find(before), end = text.find(')', begin);
    if (name == shown.end() || begin == text.npos || end == text.npos) return error;
    text.replace(begin + before.size(), end - begin - before.size(), name->second);
    return Error(error.code(), text)
        .in_file(error.file())
        .at_key(error.key())
        .expecting(error.expected(), error.found());
  }

  [[nodiscard]] core::detail::Shared<checkpoint::detail::RestoreRecord> make_record(
      std::vector<Mismatch> mismatched, const std::unordered_map<std::string_view, std::string>& shown) {
    auto record = core::detail::make_shared<checkpoint::detail::RestoreRecord>();
    record->path = path_;
    for (Mismatch& mismatch : mismatched)
      if (const auto place = shown.find(mismatch.key); place != shown.end()) mismatch.path = place->second;
    for (const LoadTarget& target : targets_) {
      for (std::size_t i = 0; i < target.variables.size(); ++i) {
        const std::string& name = target.variables[i].name;
        const bool differs =
            std::any_of(mismatched.begin(), mismatched.end(), [&](const Mismatch& each) { return each.path == name; });
        if (target.is_found() && !differs) record->matched.add(name);
        if (!target.is_found()) record->only_in_program.push_back(name + (i == 0 ? reason_for(target) : ""));
      }
    }
    for (const SavedGroup& group : saved_.groups()) {
      if (group.is_taken || is_no_weight(group.path)) continue;
      for (const Hdf5Dataset* const value : group.values)
        record->only_in_checkpoint.push_back(dotted(value->path.substr(1)));
    }
    record->mismatched = std::move(mismatched);
    record->nontrivial = !record->matched.empty();
    return record;
  }

  // The states of random generators and of metrics, which no layer in C++ has.
  [[nodiscard]] static bool is_no_weight(const std::string& path) {
    return path.starts_with("metrics/") || path.find("seed_generator") != path.npos;
  }

  [[nodiscard]] std::string reason_for(const LoadTarget& target) {
    if (target.is_in_other_order)
      return "; the file has the weights of its layers in another order, as where some of them were frozen: call "
             "set_trainable(false) for the same ones before load_weights";
    return target.paths.shown() == "optimizer" ? no_optimizer_ : proposal_for(target);
  }
  // The rename that would restore such a layer: of the first group that is left and has its shapes.
  [[nodiscard]] std::string proposal_for(const LoadTarget& target) {
    for (SavedGroup& group : saved_.groups()) {
      if (group.is_taken || group.is_optimizer || is_no_weight(group.path) || target.paths.shown().empty() ||
          !fits(group, target.variables) || !proposed_.emplace(group.path, true).second)
        continue;
      return "; " + dotted(group.path) + " has its shapes: rename {\"" + dotted(group.path) + "\", \"" +
             dotted(target.paths.shown()) + "\"}";
    }
    return {};
  }

  std::string path_;
  LoadOptions options_;
  SavedGroups saved_;
  std::vector<LoadTarget> targets_;
  std::unordered_map<std::string, bool> proposed_;
  std::string no_optimizer_;  // why its state is not restored, where that is not its number
  graph::detail::Root root_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
