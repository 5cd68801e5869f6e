// What the compiler knows of a Sequential's checkpoint: the four forms of saved_sequential.hpp, by types alone.
#pragma once

#include "../../reflect/detail/static_form.hpp"
#include "saved_sequential.hpp"

#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

// Nodes that are no object of the program: "_functional", "_operations" and "layers", and a layer under Keras 2's
// names.
template <class Model>
struct FunctionalPart;
template <class Model, std::size_t first>
struct LayersPart;
template <class Layer>
struct Keras2Part;

// Steps of a path through a Sequential are those of get<"layers.0.kernel">.
template <class Model, SequentialForm form>
struct StaticSequential {
  using Operations = LayersPart<Model, has_input<Model> ? 0 : 1>;
  using Layers = decltype(Model::layers);

  template <class Saved, class Visit>
  static constexpr void list(const Saved& saved, Visit& visit) {
    if (saved.has("_functional"))
      list_functional(visit);
    else if (saved.has("_operations"))
      list_operations(visit);
    else if (saved.has("layer_with_weights-0"))
      list_layers_with_weights<false>(visit, indices);
    else if (saved.has("layers"))
      visit.template child<LayersPart<Model, 0>>({.shown = "layers", .name = "layers"});
    else if constexpr (form == SequentialForm::sequential)
      list_functional(visit);
    else if constexpr (form == SequentialForm::functional)
      list_operations(visit);
    else
      list_layers_with_weights<true>(visit, indices);
  }

 private:
  static constexpr std::make_index_sequence<std::tuple_size_v<Layers>> indices{};

  template <class Visit>
  static constexpr void list_functional(Visit& visit) {
    visit.template child<FunctionalPart<Model>>({.shown = "", .name = "_functional"});
  }
  template <class Visit>
  static constexpr void list_operations(Visit& visit) {
    visit.template child<Operations>({.shown = "layers", .name = "_operations"});
  }
  template <bool as_keras_2, class Visit, std::size_t... I>
  static constexpr void list_layers_with_weights(Visit& visit, std::index_sequence<I...>) {
    std::size_t count = 0;
    (list_layer<as_keras_2, I>(visit, count), ...);
  }
  template <bool as_keras_2, std::size_t I, class Visit>
  static constexpr void list_layer(Visit& visit, std::size_t& count) {
    using Layer = std::tuple_element_t<I, Layers>;
    if constexpr (reflect::detail::always_has_values<Layer>()) {
      const reflect::detail::StaticIndex index(count++);
      char name[40] = {};
      std::size_t size = 0;
      for (const std::string_view part : {std::string_view("layer_with_weights-"), index.view()})
        for (const char c : part) name[size++] = c;
      visit.template child<std::conditional_t<as_keras_2, Keras2Part<Layer>, Layer>>(
          {.shown = reflect::detail::StaticIndex(I).view(), .name = {name, size}});
    }
  }
};

}  // namespace CAIRN_NAMESPACE::keras::detail

template <class Model>
struct cairn::reflect::detail::StaticForm<cairn::keras::detail::FunctionalPart<Model>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved&, Visit& visit) {
    visit.template child<keras::detail::LayersPart<Model, keras::detail::has_input<Model> ? 0 : 1>>(
        {.shown = "layers", .name = "_operations"});
  }
};

template <class Model, std::size_t first>
struct cairn::reflect::detail::StaticForm<cairn::keras::detail::LayersPart<Model, first>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved&, Visit& visit) {
    using Layers = decltype(Model::layers);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit.template child<std::tuple_element_t<I, Layers>>(
           {.shown = StaticIndex(I).view(), .name = StaticIndex(I + first).view()}),
       ...);
    }(std::make_index_sequence<std::tuple_size_v<Layers>>{});
  }
};

template <class Layer>
struct cairn::reflect::detail::StaticForm<cairn::keras::detail::Keras2Part<Layer>> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved& saved, Visit& visit) {
    if constexpr (keras::detail::IsSequential<Layer>) {
      keras::detail::StaticSequential<Layer, keras::detail::SequentialForm::keras_2>::list(saved, visit);
    } else {
      Renamed<Visit> renamed{visit};
      list_static_children<Layer>(saved, renamed);
    }
  }

 private:
  template <class Visit>
  struct Renamed {
    Visit& visit;
    template <class Child>
    constexpr void child(StaticEdge edge) {
      if (is_a_value<Child> && edge.name.starts_with('_')) edge.name.remove_prefix(1);
      visit.template child<Child>(edge);
    }
    template <class Element>
    constexpr void children_like() {
      visit.template children_like<Element>();
    }
  };
};
