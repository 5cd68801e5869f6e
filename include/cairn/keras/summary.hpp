// summary(model): a model's layers, shapes and numbers of parameters as text, as Keras' model.summary() shows them.
//
//   std::cout << keras::summary(model);
//   static_assert(keras::parameter_count<Model> == 7960);
//
//   Layer (type)                 Output Shape         Param #
//   =========================================================
//   dense (Dense)                [None, 10]             7,850
//   dense_1 (Dense)              [None, 10]               110
//   =========================================================
//   Total params: 7,960
//   Trainable params: 7,960
//   Non-trainable params: 0
#pragma once

#include "../core/detail/maps.hpp"
#include "../core/detail/refuse.hpp"
#include "../core/detail/type_name.hpp"
#include "../core/detail/vec.hpp"
#include "../reflect/detail/reflect.hpp"
#include "../reflect/static_keys.hpp"
#include "layer_shape.hpp"
#include "trainable_variables.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::keras {

namespace detail {

// True for a Sequential and the classes derived from it.
template <class Model>
concept HasLayers = requires {
  typename Model::LayersFit;
  std::tuple_size<decltype(Model::layers)>::value;
};

// Members that are not saved count, too.
template <class T>
[[nodiscard]] consteval std::size_t count_parameters();
template <class... Each>
[[nodiscard]] consteval std::size_t count_each(const std::tuple<Each...>*) {
  return (std::size_t{0} + ... + count_parameters<std::remove_cvref_t<Each>>());
}
template <class T>
[[nodiscard]] consteval std::size_t count_parameters() {
  if constexpr (is_variable<T>) {
    if constexpr (!T::extents_type::is_static)
      static_cast<void>(core::detail::refuse<reflect::detail::this_size_is_known_at_run_time_only<T, T>>());
    return T::extents_type::initial_count;
  } else if constexpr (is_tensor<T> || std::is_scalar_v<T>) {
    return 0;
  } else if constexpr (HasLayers<T>) {
    return count_each(static_cast<const decltype(T::layers)*>(nullptr));
  } else if constexpr (reflect::detail::TupleLike<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (std::size_t{0} + ... + count_parameters<std::remove_cvref_t<std::tuple_element_t<I, T>>>());
    }(std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (reflect::detail::PlainStruct<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (std::size_t{0} + ... + count_parameters<std::remove_cvref_t<reflect::detail::MemberType<T, I>>>());
    }(std::make_index_sequence<reflect::detail::member_count<T>()>{});
  } else {
    return 0;
  }
}

struct SummaryRow {
  std::string name;
  std::string shape;
  std::size_t parameters;
};

// The name without namespaces and template arguments: "Dense" for "cairn::keras::Dense<784, 10>".
[[nodiscard]] inline std::string short_name(std::string_view type) {
  type = type.substr(0, type.find('<'));
  const std::size_t colon = type.rfind(':');
  return std::string(colon == std::string_view::npos ? type : type.substr(colon + 1));
}
// The name that Keras gives a layer: "max_pooling2d" for "MaxPooling2D".
[[nodiscard]] inline std::string snake_case(std::string_view name) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool is_word = i > 0 && is_upper(name[i]) &&
                         ((name[i - 1] >= 'a' && name[i - 1] <= 'z') ||
                          (i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z' && is_upper(name[i - 1])));
    if (is_word) text += '_';
    text += is_upper(name[i]) ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
  }
  return text;
}
[[nodiscard]] inline std::string with_commas(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

template <class Shape>
[[nodiscard]] std::string batch_of() {
  if constexpr (std::is_same_v<Shape, NoShape> || std::is_same_v<Shape, UnknownShape>) {
    return "?";
  } else {
    std::string text = "[None";
    for (const std::size_t extent : Shape::values) text += extent == dynamic ? ", None" : ", " + std::to_string(extent);
    return text + "]";
  }
}

// The row of a layer. `named` is the name of the member, or empty: then the layer gets a name as in Keras.
template <class Layer, class Shape>
[[nodiscard]] SummaryRow row_of(std::string named, core::detail::HashMap<std::string, int>& count) {
  const std::string type = short_name(core::detail::type_name<Layer>());
  if (named.empty()) {
    const int number = count[type]++;
    named = snake_case(type) + (number == 0 ? "" : "_" + std::to_string(number));
  }
  return {named + " (" + type + ")", batch_of<Shape>(), count_parameters<Layer>()};
}

template <class In, class First, class... Rest>
void add_layers(core::detail::Vec<SummaryRow>& rows, core::detail::HashMap<std::string, int>& count) {
  using Out = keras::output_shape<First, In>;
  rows.push_back(row_of<First, Out>("", count));
  if constexpr (sizeof...(Rest) > 0) add_layers<Out, Rest...>(rows, count);
}
template <class Model>
[[nodiscard]] core::detail::Vec<SummaryRow> rows_of() {
  core::detail::Vec<SummaryRow> rows;
  core::detail::HashMap<std::string, int> count;
  if constexpr (HasLayers<Model>) {
    [&]<class... Layers>(const std::tuple<Layers...>*) {
      add_layers<typename Model::input_shape, Layers...>(rows, count);
    }(static_cast<const decltype(Model::layers)*>(nullptr));
  } else {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (rows.push_back(
           row_of<reflect::detail::MemberType<Model, I>, keras::output_shape<reflect::detail::MemberType<Model, I>>>(
               std::string(reflect::detail::member_name<Model, I>()), count)),
       ...);
    }(std::make_index_sequence<reflect::detail::member_count<Model>()>{});
  }
  return rows;
}

[[nodiscard]] inline std::string to_table(const core::detail::Vec<SummaryRow>& rows, std::size_t total,
                                          std::size_t trainable) {
  std::size_t name = 27, shape = 16;
  for (const SummaryRow& row : rows) {
    name = std::max(name, row.name.size());
    shape = std::max(shape, row.shape.size());
  }
  const auto line = [&](std::string a, std::string b, const std::string& c) {
    a.resize(name + 2, ' ');
    b.resize(shape + 2, ' ');
    return a + b + std::string(c.size() < 10 ? 10 - c.size() : 0, ' ') + c + '\n';
  };
  const std::string rule(name + shape + 14, '=');
  std::string text = line("Layer (type)", "Output Shape", "Param #") + rule + '\n';
  for (const SummaryRow& row : rows) text += line(row.name, row.shape, with_commas(row.parameters));
  return text + rule + "\nTotal params: " + with_commas(total) + "\nTrainable params: " + with_commas(trainable) +
         "\nNon-trainable params: " + with_commas(total - trainable) + "\n";
}

template <class Model>
using TrainableOf = decltype(cairn::trainable_variables(std::declval<Model&>()));

}  // namespace detail

// The number of elements of all Variables of a model (reflect/static_keys.hpp): the "Total params" of summary().
using cairn::parameter_count;

// Returns a table with a line for each layer of a Sequential, or for each member of a struct of layers, and the sums.
// "None" is an extent that is known at run time only, such as the batch; "?" is a shape that the layer's type does not
// tell. The compiler refuses a model with a Variable of dynamic extents. The text ends with a newline.
template <class Model>
[[nodiscard]] std::string summary(const Model&) {
  constexpr std::size_t trainable = []<class... V>(const VariableList<V...>*) {
    std::size_t sum = 0;
    for (const std::size_t each : {detail::count_parameters<std::remove_const_t<V>>()...}) sum += each;
    return sum;
  }(static_cast<const detail::TrainableOf<Model>*>(nullptr));
  return detail::to_table(detail::rows_of<Model>(), detail::count_parameters<Model>(), trainable);
}

}  // namespace CAIRN_NAMESPACE::keras
