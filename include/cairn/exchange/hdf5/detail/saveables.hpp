// Saveables: the layers of a model as Keras walks them (keras/src/saving/saving_lib.py), with the places of their
// variables in a file.
//
//   Sequential, Functional   layers/<class>_<n>, counted within the model: layers/dense, layers/dense_1, layers/lstm
//   a struct of layers       <member>; in a list <member>/<class>_<n>; layers/<class>_<n> where Keras comes to "layers",
//                            the list of all of them, before it comes to the attribute, which it does by name
//   a recurrent layer        <layer>/cell
//   an optimizer             optimizer
//
// Each has its own variables below "vars": those that are trainable first. tf-keras comes to the attributes the other way
// round, and counts only those layers that are left when it comes to "layers".
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../core/dtype.hpp"
#include "../../../graph/detail/object.hpp"
#include "../../../graph/detail/object_set.hpp"
#include "../../../keras/detail/optimizer_type.hpp"
#include "../../../keras/detail/saved_sequential.hpp"
#include "../../../tensor/variable.hpp"
#include "class_name.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

struct SavedVariable {
  graph::detail::Object object;
  bool is_trainable = false;
  std::string name = {};  // as a status has it: "layers.dense.vars.0"
  std::size_t layer = 0;  // the Saveable whose it is
};

// Where Keras has the group of a layer. A struct inside of a model may be a keras.Model in Python or a
// keras.layers.Layer, which differ in that: a save writes all of `saved`, and the first has the name that is shown.
// `others` are only looked for.
struct SavedPaths {
  std::vector<std::string> saved;
  std::vector<std::string> others = {};

  [[nodiscard]] const std::string& shown() const noexcept { return saved.front(); }
  // Of what it holds.
  [[nodiscard]] SavedPaths below(const std::string& name) const {
    SavedPaths result = *this;
    for (std::vector<std::string>* const list : {&result.saved, &result.others})
      for (std::string& path : *list) path += path.empty() ? name : "/" + name;
    return result;
  }
  void add(const SavedPaths& more) {
    saved.insert(saved.end(), more.saved.begin(), more.saved.end());
    others.insert(others.end(), more.others.begin(), more.others.end());
  }
};

// A layer, a model or an optimizer.
struct Saveable {
  SavedPaths paths;
  std::vector<SavedVariable> variables;  // its own
  std::vector<std::size_t> layers;       // the Saveables below it, in the order in which Keras tracks them
};

[[nodiscard]] inline std::string dotted(std::string path) {
  std::replace(path.begin(), path.end(), '/', '.');
  return path;
}

class Saveables {
  using Object = graph::detail::Object;

 public:
  enum class Form { keras_3, tf_keras };

  // Walks a model, or with the path "optimizer" an optimizer.
  explicit Saveables(const Object& root, const std::string& path = {}, Form form = Form::keras_3) : form_(form) {
    visit(root, {.saved = {path}}, true);
    for (std::size_t layer = 0; layer < all_.size(); ++layer) {
      Saveable& each = all_[layer];
      for (std::size_t i = 0; i < each.variables.size(); ++i) {
        each.variables[i].name =
            dotted(each.paths.shown()) + (each.paths.shown().empty() ? "vars." : ".vars.") + std::to_string(i);
        each.variables[i].layer = layer;
      }
    }
  }

  // In the order in which Keras comes to them; the first is the root.
  [[nodiscard]] const std::vector<Saveable>& all() const noexcept { return all_; }

  // The variables of a layer and of all below it, those of one layer together.
  [[nodiscard]] std::vector<SavedVariable> weights_by_layer(std::size_t saveable) const {
    std::vector<SavedVariable> found;
    add_weights(saveable, found);
    return found;
  }
  // As legacy files have them: first those that are trainable.
  [[nodiscard]] std::vector<SavedVariable> weights(std::size_t saveable) const {
    std::vector<SavedVariable> found = weights_by_layer(saveable);
    std::stable_partition(found.begin(), found.end(), [](const SavedVariable& each) { return each.is_trainable; });
    return found;
  }

 private:
  static constexpr std::size_t max_paths = 8;  // of one layer; each struct around it may double them

  struct Member {
    std::string name;
    Object object;
  };

  // Names in one list are counted by class.
  class Names {
   public:
    [[nodiscard]] std::string next(const std::string& name) {
      const std::size_t n = used_[name]++;
      return n == 0 ? name : name + "_" + std::to_string(n);
    }

   private:
    std::unordered_map<std::string, std::size_t> used_;
  };

  [[nodiscard]] static std::string keras_name(const Object& object) {
    return is_container(object) ? "container" : to_snake_case(class_name(object.type->name()));
  }
  [[nodiscard]] static bool is_container(const Object& object) {
    const std::string name = class_name(object.type->name());
    return object.type->is_list() || name == "map" || name == "unordered_map";
  }
  [[nodiscard]] static bool is_value(const Object& object) {
    return object.type->leaf() != nullptr || object.type->several_tensors() != nullptr;
  }
  [[nodiscard]] static std::vector<Member> members_of(const Object& object) {
    std::vector<Member> members;
    object.type->children(object.address, [&](const graph::detail::Child& child) {
      if (child.slot.type->is_loose()) return;
      if (const Object target = child.slot.get()) members.push_back({std::string(child.name), target});
    });
    return members;
  }

  // Plain numbers and texts are no variables, but attributes, which Keras does not save; an optimizer's are its variables.
  [[nodiscard]] static bool is_attribute(const Object& value) {
    const graph::detail::LeafType& leaf = *value.type->leaf();
    if (leaf.dtype(value.address) == DT_STRING) return true;
    return leaf.value(value.address).view.shape().rank() == 0;
  }
  void add_own(Saveable& saveable, const Object& value, bool is_optimizer = false) {
    if (value.type->leaf() == nullptr || visited_.contains(value)) return;
    const bool is_variable = value.type->name().starts_with("cairn::Variable<");
    if (!is_variable && !is_optimizer && is_attribute(value)) return;
    visited_.insert(value);
    saveable.variables.push_back(
        {value, is_variable && static_cast<const tensor::detail::VariableParts*>(value.address)->trainable()});
  }
  // A list of variables is its owner's.
  void add_own_in(Saveable& saveable, const Object& container, bool is_optimizer = false) {
    for (const Member& member : members_of(container)) {
      if (is_value(member.object))
        add_own(saveable, member.object, is_optimizer);
      else if (is_container(member.object))
        add_own_in(saveable, member.object, is_optimizer);
    }
  }

  void visit(const Object& object, const SavedPaths& paths, bool is_root) {
    if (!object || !visited_.insert(object)) return;
    const std::size_t index = all_.size();
    places_.emplace(object, index);
    all_.push_back({.paths = paths, .variables = {}, .layers = {}});
    if (is_value(object)) {
      visited_.erase(object);
      add_own(all_.back(), object);
    } else if (const auto* const model = dynamic_cast<const keras::detail::SequentialType*>(object.type)) {
      visit_layers(*model, object, index, paths);
    } else if (dynamic_cast<const keras::detail::OptimizerType*>(object.type) != nullptr) {
      for (const Member& member : members_of(object))
        if (member.name == "_variables") add_own_in(all_[index], member.object, true);
    } else {
      visit_members(object, index, paths, is_root);
    }
  }

  void visit_layers(const keras::detail::SequentialType& model, const Object& object, std::size_t index,
                    const SavedPaths& paths) {
    Names names;
    for (std::size_t i = 0; i < model.size(); ++i) {
      const Object layer = model.layer(object.address, i).get();
      const std::string name = "layers/" + names.next(keras_name(layer));
      visit(layer, paths.below(name), false);
      add_layer(index, layer);
    }
  }

  void visit_members(const Object& object, std::size_t index, const SavedPaths& paths, bool is_root) {
    std::vector<Member> members = members_of(object);
    const bool is_keras = object.type->name().starts_with("cairn::keras::");
    for (const Member& member : members) {
      if (is_value(member.object))
        add_own(all_[index], member.object);
      else if (is_container(member.object))
        add_own_in(all_[index], member.object);
    }
    std::vector<SavedVariable>& own = all_[index].variables;
    if (!is_keras)  // Keras' own layers have theirs in that order, and keep them so when they are frozen
      std::stable_partition(own.begin(), own.end(), [](const SavedVariable& each) { return each.is_trainable; });
    std::erase_if(members, [](const Member& member) { return is_value(member.object); });

    std::vector<Object> tracked;
    for (const Member& member : members) track(member.object, tracked);
    Names names;
    std::unordered_map<Object, std::string, graph::detail::ObjectHash> in_layers;
    for (const Member& member : members) {
      std::vector<Object> layers;
      track(member.object, layers);
      for (const Object& layer : layers)
        if (!in_layers.contains(layer) && (form_ == Form::keras_3 || !is_before_layers(member)))
          in_layers.emplace(layer, "layers/" + names.next(keras_name(layer)));
    }

    std::stable_sort(members.begin(), members.end(), [&](const Member& a, const Member& b) {
      return form_ == Form::keras_3 ? key_of(a) < key_of(b) : b.name < a.name;
    });
    for (const Member& member : members) {
      const InLayers where = is_keras || is_before_layers(member) ? InLayers::no
                             : is_root                            ? InLayers::first
                                                                  : InLayers::second;
      visit_member(member.object, paths, paths.below(member.name), where, in_layers);
    }
    for (const Object& layer : tracked) add_layer(index, layer);
  }

  // By which Keras 3 sorts: private attributes come last.
  [[nodiscard]] static std::string key_of(const Member& member) {
    return (member.name.starts_with('_') ? "~" : "") + member.name;
  }
  // Whether Keras comes to the attribute before it comes to "layers".
  [[nodiscard]] bool is_before_layers(const Member& member) const {
    return form_ == Form::keras_3 ? key_of(member) < "layers" : member.name > "layers";
  }

  // Whether Keras may come to an attribute by the list "layers": no; it does; only if the struct is a model in Python.
  enum class InLayers { no, first, second };

  void visit_member(const Object& object, const SavedPaths& owner, const SavedPaths& paths, InLayers where,
                    const std::unordered_map<Object, std::string, graph::detail::ObjectHash>& in_layers) {
    if (is_container(object)) {
      Names names;
      for (const Member& element : members_of(object)) {
        if (is_value(element.object)) continue;
        visit_member(element.object, owner, paths.below(names.next(keras_name(element.object))), where, in_layers);
      }
      return;
    }
    if (where == InLayers::no || owner.saved.size() + owner.others.size() > max_paths)
      return visit(object, paths, false);
    SavedPaths all = owner.below(in_layers.at(object));
    if (where == InLayers::first) {
      all.others.insert(all.others.end(), paths.saved.begin(), paths.saved.end());
    } else {
      SavedPaths more = std::move(all);
      all = paths;
      all.add(more);
    }
    visit(object, all, false);
  }

  // The layers in lists are tracked, too.
  static void track(const Object& object, std::vector<Object>& tracked) {
    if (is_value(object)) return;
    if (!is_container(object)) {
      if (std::find(tracked.begin(), tracked.end(), object) == tracked.end()) tracked.push_back(object);
      return;
    }
    for (const Member& element : members_of(object)) track(element.object, tracked);
  }

  void add_layer(std::size_t index, const Object& layer) {
    if (const auto place = places_.find(layer); place != places_.end()) all_[index].layers.push_back(place->second);
  }
  void add_weights(std::size_t saveable, std::vector<SavedVariable>& found) const {
    const Saveable& each = all_[saveable];
    const bool own_come_last = form_ == Form::tf_keras && saveable == 0;
    if (!own_come_last) found.insert(found.end(), each.variables.begin(), each.variables.end());
    for (const std::size_t layer : each.layers)
      if (layer > saveable) add_weights(layer, found);
    if (own_come_last) found.insert(found.end(), each.variables.begin(), each.variables.end());
  }

  Form form_;
  std::vector<Saveable> all_;
  graph::detail::ObjectSet visited_;
  std::unordered_map<Object, std::size_t, graph::detail::ObjectHash> places_;
};

}  // namespace CAIRN_NAMESPACE::exchange::detail
