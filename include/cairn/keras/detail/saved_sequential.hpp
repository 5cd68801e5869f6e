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
#include "../../graph/detail/struct_type.hpp"
#include "saved_part.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

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
class SequentialType : public TypeOfForms {
  using ChildSink = graph::detail::ChildSink;
  using Slot = graph::detail::Slot;

 public:
  explicit SequentialType(SequentialForm form)
      : own_form_(form == SequentialForm::keras_2      ? in_keras_2
                  : form == SequentialForm::functional ? with_operations
                                                       : with_functional) {}

  void children(void* model, const ChildSink& sink) const override { list(own_form_, model, sink); }

  [[nodiscard]] core::detail::Own<graph::detail::Resize> resize(
      void* model, std::span<const std::string_view> saved) const override {
    const auto has = [&](std::string_view name) { return std::find(saved.begin(), saved.end(), name) != saved.end(); };
    const Form form = has("_functional")            ? with_functional
                      : has("_operations")          ? with_operations
                      : has("layer_with_weights-0") ? with_weights
                      : has("layers")               ? with_layers
                                                    : own_form_;
    return core::detail::make_own<RestoredAs>(*this, form, model);
  }

  void list(Form form, void* model, const ChildSink& sink) const override {
    switch (form) {
      case with_functional:
        return sink({.name = "_functional", .slot = functional_.of(model)});
      case with_operations:
        return sink({.name = "_operations", .slot = operations_.of(model)});
      case with_layers:
        return sink({.name = "layers", .slot = layers_.of(model)});
      case with_weights:
      case in_keras_2:
        return list_layers_with_weights(model, form == in_keras_2, sink);
      default:
        for (std::size_t i = 0; i < size(); ++i)
          sink({.name = reflect::detail::IndexName(i + (form == operations ? first_index() : 0)).view(),
                .slot = layer(model, i)});
    }
  }

  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  [[nodiscard]] virtual Slot layer(void* model, std::size_t index) const = 0;

 protected:
  // The first layer's name in `_operations`.
  [[nodiscard]] virtual std::size_t first_index() const noexcept = 0;
  [[nodiscard]] virtual Slot keras_2_layer(void* model, std::size_t index) const = 0;

 private:
  // The model's children, and below them those of the parts.
  enum : Form { with_functional, with_operations, with_weights, in_keras_2, with_layers, operations, layers };

  void list_layers_with_weights(void* model, bool as_keras_2, const ChildSink& sink) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < size(); ++i)
      if (has_weights(layer(model, i).get()))
        sink({.name = "layer_with_weights-" + std::to_string(count++),
              .slot = as_keras_2 ? keras_2_layer(model, i) : layer(model, i)});
  }
  [[nodiscard]] static bool has_weights(const graph::detail::Object& object) {
    if (!object) return false;
    bool found = object.type->leaf() != nullptr;
    object.type->children(object.address, [&](const graph::detail::Child& child) {
      found = found || (!child.slot.type->is_outside() && has_weights(child.slot.get()));
    });
    return found;
  }

  const Form own_form_;
  const SavedPart operations_{"_operations", *this, operations};
  const SavedPart layers_{"layers", *this, layers};
  const SavedPart functional_{"_functional", *this, with_operations};
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
    return slots(static_cast<Model*>(model)->layers, wanted, std::make_index_sequence<Model::size()>{});
  }
  // Only asked of a model of that form.
  [[nodiscard]] graph::detail::Slot keras_2_layer(void* model, std::size_t wanted) const override {
    if constexpr (form == SequentialForm::keras_2)
      return keras_2_slots(static_cast<Model*>(model)->layers, wanted, std::make_index_sequence<Model::size()>{});
    else
      return layer(model, wanted);
  }

 private:
  template <class... Layers, std::size_t... I>
  [[nodiscard]] static graph::detail::Slot slots(std::tuple<Layers...>& layers, std::size_t wanted,
                                                 std::index_sequence<I...>) {
    const graph::detail::Slot all[] = {graph::detail::slot_of(std::get<I>(layers))...};
    return all[wanted];
  }
  template <class... Layers, std::size_t... I>
  [[nodiscard]] static graph::detail::Slot keras_2_slots(std::tuple<Layers...>& layers, std::size_t wanted,
                                                         std::index_sequence<I...>) {
    const graph::detail::Slot all[] = {{&std::get<I>(layers), &keras_2_slot<Layers>()}...};
    return all[wanted];
  }
  template <class Layer>
  [[nodiscard]] static const SlotAs& keras_2_slot() {
    static const auto type = [] {
      if constexpr (IsSequential<Layer>)
        return SequentialTypeOf<Layer, SequentialForm::keras_2>();
      else
        return Keras2Layer(graph::detail::object_type<Layer>());
    }();
    static const SlotAs slot(type);
    return slot;
  }
};

}  // namespace CAIRN_NAMESPACE::keras::detail
