// How a Sequential is saved: as Keras 3 saves its own, so that each restores what the other saved.
//
//   Sequential         model --"_functional"--> . --"_operations"--> . --"1"--> layer 0, --"2"--> layer 1, ...
//   Functional         model --"_operations"--> . --"1"--> ...
//   Keras 2, tf-keras  model --"layer_with_weights-0"--> the first layer that has weights, ...
//   cairn at first     model --"layers"--> . --"0"--> layer 0, ...
//
// `_operations` begins with the InputLayer "0", which has nothing to save. All four are restored. The first is written;
// the second by Functional, the third by v2::Sequential, where a layer's `_kernel` is `kernel` again.
#pragma once

#include "../../core/detail/type_name.hpp"
#include "../../graph/detail/container_types.hpp"
#include "../../graph/detail/leaf_types.hpp"
#include "../../graph/detail/saved_part.hpp"
#include "../../graph/detail/struct_type.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cairn::keras::detail {

enum class SequentialForm { sequential, functional, keras_2 };

// A layer under Keras 2's names: its values have no underscore at the beginning.
class Keras2Layer final : public graph::detail::ObjectType {
 public:
  explicit Keras2Layer(const graph::detail::ObjectType& layer) : layer_(layer) {}
  [[nodiscard]] std::string_view name() const noexcept override { return layer_.name(); }
  void children(void* object, const graph::detail::ChildSink& sink) const override {
    layer_.children(object, [&](graph::detail::Child child) {
      const graph::detail::Object value = child.slot.get();
      if (value && value.type->leaf() != nullptr && child.name.starts_with('_')) child.name.remove_prefix(1);
      sink(child);
    });
  }

 private:
  const graph::detail::ObjectType& layer_;
};

// What is the same for all layers.
class SequentialType : public graph::detail::ObjectType {
  using ChildSink = graph::detail::ChildSink;
  using Slot = graph::detail::Slot;

 public:
  explicit SequentialType(SequentialForm form) : form_(form) {}

  void children(void* model, const ChildSink& sink) const override {
    if (form_ == SequentialForm::keras_2)
      list_layers_with_weights(model, sink, [&](std::size_t index) { return keras_2_layer(model, index); });
    else if (form_ == SequentialForm::functional)
      sink({.name = "_operations", .slot = operations_.of(model)});
    else
      sink({.name = "_functional", .slot = functional_.of(model)});
  }

  [[nodiscard]] core::detail::Own<graph::detail::Resize> resize(
      void* model, std::span<const std::string_view> saved) const override {
    const auto has = [&](std::string_view name) { return std::find(saved.begin(), saved.end(), name) != saved.end(); };
    return core::detail::make_own<graph::detail::RestoredAs>(
        [this, model, functional = has("_functional"), operations = has("_operations"), layers = has("layers"),
         with_weights = has("layer_with_weights-0")](const ChildSink& sink) {
          if (functional)
            sink({.name = "_functional", .slot = functional_.of(model)});
          else if (operations)
            sink({.name = "_operations", .slot = operations_.of(model)});
          else if (with_weights)
            list_layers_with_weights(model, sink, [&](std::size_t index) { return layer(model, index); });
          else if (layers)
            sink({.name = "layers", .slot = layers_.of(model)});
          else
            children(model, sink);
        });
  }

 protected:
  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  // The first layer's name in `_operations`.
  [[nodiscard]] virtual std::size_t first_index() const noexcept = 0;
  [[nodiscard]] virtual Slot layer(void* model, std::size_t index) const = 0;
  [[nodiscard]] virtual Slot keras_2_layer(void* model, std::size_t index) const = 0;

 private:
  void list_layers(void* model, const ChildSink& sink, std::size_t first) const {
    for (std::size_t i = 0; i < size(); ++i)
      sink({.name = reflect::detail::IndexName(i + first).view(), .slot = layer(model, i)});
  }
  template <class LayerAt>
  void list_layers_with_weights(void* model, const ChildSink& sink, LayerAt layer_at) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < size(); ++i)
      if (has_weights(layer(model, i).get()))
        sink({.name = "layer_with_weights-" + std::to_string(count++), .slot = layer_at(i)});
  }
  [[nodiscard]] static bool has_weights(const graph::detail::Object& object) {
    if (!object) return false;
    bool found = object.type->leaf() != nullptr;
    object.type->children(object.address, [&](const graph::detail::Child& child) {
      found = found || (!child.slot.type->is_outside() && has_weights(child.slot.get()));
    });
    return found;
  }

  const SequentialForm form_;
  const graph::detail::SavedPart operations_{
      "_operations", [this](void* model, const ChildSink& sink) { list_layers(model, sink, first_index()); }};
  const graph::detail::SavedPart layers_{"layers",
                                         [this](void* model, const ChildSink& sink) { list_layers(model, sink, 0); }};
  const graph::detail::SavedPart functional_{"_functional", [this](void* model, const ChildSink& sink) {
                                               sink({.name = "_operations", .slot = operations_.of(model)});
                                             }};
};

template <class Layer>
concept IsSequential = requires { typename Layer::LayersFit; };

// Whether the model has an Input of its own: the InputLayer then.
template <class Model>
inline constexpr bool has_input = false;

template <class Model, SequentialForm form>
class SequentialTypeOf : public SequentialType {
 public:
  SequentialTypeOf() : SequentialType(form) {}

  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<Model>(); }

 protected:
  [[nodiscard]] std::size_t size() const noexcept override { return Model::size(); }
  [[nodiscard]] std::size_t first_index() const noexcept override { return has_input<Model> ? 0 : 1; }
  [[nodiscard]] graph::detail::Slot layer(void* model, std::size_t wanted) const override {
    return pick(model, wanted, [](auto& layer) { return graph::detail::slot_of(layer); });
  }
  [[nodiscard]] graph::detail::Slot keras_2_layer(void* model, std::size_t wanted) const override {
    return pick(model, wanted, []<class Layer>(Layer& layer) {
      static const auto type = [] {
        if constexpr (IsSequential<Layer>)
          return SequentialTypeOf<Layer, SequentialForm::keras_2>();
        else
          return Keras2Layer(graph::detail::object_type<Layer>());
      }();
      static const graph::detail::SlotAs slot(type);
      return graph::detail::Slot{&layer, &slot};
    });
  }

 private:
  template <class SlotOf>
  [[nodiscard]] static graph::detail::Slot pick(void* model, std::size_t wanted, SlotOf slot_of) {
    graph::detail::Slot found;
    std::size_t index = 0;
    const auto look_at = [&](auto& layer) {
      if (index++ == wanted) found = slot_of(layer);
    };
    std::apply([&](auto&... each) { (look_at(each), ...); }, static_cast<Model*>(model)->layers);
    return found;
  }
};

}  // namespace cairn::keras::detail
