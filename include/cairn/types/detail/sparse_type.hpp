// A sparse array as the three tensors of tf.sparse.SparseTensor: a node with the children "indices" int64 [?, rank],
// "values" [?] and "dense_shape" int64 [rank]. The indices are in row-major order when they are saved, and may be in any
// order when they are restored.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/leaf_types.hpp"
#include "../../graph/detail/replacement.hpp"
#include "../../reflect/detail/static_form.hpp"
#include "../../tensor/tensor.hpp"
#include "../array_interface.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::types::detail {

// The Values are of a type that is one tensor of rank 1, and have size().
template <class Values, std::size_t rank>
struct SparseParts {
  Tensor<std::int64_t, dynamic, rank> indices;
  Values values;
  std::array<std::int64_t, rank> dense_shape{};
};

// The ArrayInterface of a class of sparse arrays has, in place of those of array_interface.hpp:
//   Parts       the SparseParts that hold one
//   parts       Parts of an A
//   max_extent  the largest extent that an A can have
//   make        an A of Parts whose indices lie within the shape; it refuses an index that is there twice
template <class A>
concept IsSparseArray = reflect::detail::Complete<A> && requires { typename ArrayInterface<A>::Parts; };

// Calls use(name, part) for each of the three, in the order in which they are saved.
template <class Parts, class Use>
void for_each_part(Parts& parts, Use&& use) {
  use("indices", parts.indices);
  use("values", parts.values);
  use("dense_shape", parts.dense_shape);
}

// Throws Error with ErrorCode::invalid_argument unless there is an index for each value, and all lie within the shape.
inline void require_sparse(std::string_view type, const Shape& indices, const std::int64_t* index, std::size_t values,
                           const Shape& dense_shape, std::int64_t max_extent) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "a " + std::string(type) + " cannot be restored: " + what +
                                                 "; nothing was restored. Give the checkpoint the three tensors of a "
                                                 "tf.sparse.SparseTensor");
  };
  for (const std::int64_t extent : dense_shape)
    if (extent < 0 || extent > max_extent)
      refuse("its dense_shape is " + dense_shape.to_string() + ", and an extent is at most " +
             std::to_string(max_extent));
  if (static_cast<std::size_t>(indices[0]) != values)
    refuse("it has " + std::to_string(values) + " values and " + std::to_string(indices[0]) + " indices");
  for (std::size_t i = 0; i < values; ++i)
    for (std::size_t axis = 0; axis < dense_shape.rank(); ++axis, ++index)
      if (*index < 0 || *index >= dense_shape[axis])
        refuse("the value " + std::to_string(i) + " has the index " + std::to_string(*index) + " in axis " +
               std::to_string(axis) + " of the dense_shape " + dense_shape.to_string());
}
template <class A>
[[noreturn]] void refuse_twice() {
  throw Error(ErrorCode::invalid_argument, "a " + std::string(core::detail::type_name<A>()) +
                                               " cannot be restored: two of its values have the same index; nothing "
                                               "was restored. Give the checkpoint one value for each index");
}

template <class A>
class SparseType : public graph::detail::ObjectType {
  using Interface = ArrayInterface<A>;
  using Parts = typename Interface::Parts;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<A>(); }
  void children(void* object, const graph::detail::ChildSink& sink) const override {
    const auto parts = std::make_shared<Parts>(Interface::parts(*static_cast<const A*>(object)));
    for_each_part(*parts, [&](std::string_view name, auto& part) {
      sink({.name = name, .slot = graph::detail::slot_of(part), .kept = parts});
    });
  }
  [[nodiscard]] bool loads_itself() const noexcept override { return true; }
  [[nodiscard]] core::detail::Own<graph::detail::Change> load(void* object,
                                                              graph::detail::NodeLoader& loader) const override {
    A& array = *static_cast<A*>(object);
    Parts parts = Interface::parts(array);  // what is not in the checkpoint stays
    for_each_part(parts, [&](std::string_view name, auto& part) { loader.load(name, graph::detail::slot_of(part)); });
    const auto values = static_cast<std::size_t>(parts.values.size());
    require_sparse(name(), parts.indices.shape(), parts.indices.data(), values, Shape(std::span(parts.dense_shape)),
                   Interface::max_extent());
    return core::detail::make_own<Replaced>(array, Interface::make(parts));
  }

 private:
  class Replaced final : public graph::detail::Change {
   public:
    Replaced(A& array, A made) : array_(array), made_(std::move(made)) {}
    void commit() noexcept override {
      if constexpr (requires { array_.swap(made_); })
        array_.swap(made_);  // not all have an assignment that moves
      else
        array_ = std::move(made_);
    }

   private:
    A& array_;
    A made_;
  };
};

}  // namespace CAIRN_NAMESPACE::types::detail

namespace CAIRN_NAMESPACE {

template <types::detail::IsSparseArray A>
inline constexpr bool reflect::detail::joins_as_array<A> = true;
template <types::detail::IsSparseArray A>
struct reflect::detail::Adapter<A> {
  using type = types::detail::SparseType<A>;
};

template <types::detail::IsSparseArray A>
struct reflect::detail::StaticForm<A> {
  template <class Saved, class Visit>
  static constexpr void list(const Saved&, Visit& visit) {
    using Parts = typename ArrayInterface<A>::Parts;
    visit.template child<decltype(Parts::indices)>({.shown = "indices", .name = "indices"});
    visit.template child<decltype(Parts::values)>({.shown = "values", .name = "values"});
    visit.template child<decltype(Parts::dense_shape)>({.shown = "dense_shape", .name = "dense_shape"});
  }
};

}  // namespace CAIRN_NAMESPACE
