// An array with an ArrayInterface as a leaf of the graph.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/element.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/object_type.hpp"
#include "../../graph/detail/scattered_landing.hpp"
#include "../../reflect/detail/static_form.hpp"
#include "../../tensor/dense_array.hpp"
#include "../../tensor/detail/strided_elements.hpp"
#include "../array_interface.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::types::detail {

template <class A>
concept HasArrayInterface = reflect::detail::Complete<A> && requires(const A& array) {
  { ArrayInterface<A>::layout(array) } -> std::same_as<ArrayLayout>;
};

// The dtype that the type tells, and DT_INVALID where it is known at run time only.
template <class A>
[[nodiscard]] consteval DType declared_dtype() noexcept {
  using Interface = ArrayInterface<A>;
  if constexpr (requires { typename Interface::value_type; })
    return dtype_of<typename Interface::value_type>;
  else if constexpr (requires { requires std::same_as<decltype(Interface::dtype), const DType>; })
    return Interface::dtype;
  else
    return DT_INVALID;
}

template <class A>
concept KnownToTheCompiler =
    HasArrayInterface<A> && declared_dtype<A>() != DT_INVALID && requires { ArrayInterface<A>::extents.size(); };

// The extents of a type that knows its rank alone.
template <std::size_t rank>
inline constexpr auto any_extents = [] {
  std::array<std::size_t, rank> extents{};
  for (std::size_t& extent : extents) extent = dynamic;
  return extents;
}();

// Refuses, in a make, a shape for which a class has no room although its rank and fixed extents agree.
template <class A>
[[noreturn]] void refuse_beyond_room(const Shape& shape) {
  throw Error(ErrorCode::invalid_argument, "a " + std::string(core::detail::type_name<A>()) +
                                               " has no room for the shape " + shape.to_string() +
                                               " of the checkpoint; nothing was restored. Make its type larger");
}

// The strides that a layout tells; those of row-major elements that lie together where it tells none.
[[nodiscard]] inline std::vector<std::int64_t> strides_of(std::vector<std::int64_t> told, const Shape& shape,
                                                          DType dtype) {
  if (told.size() == shape.rank()) return told;
  if (!told.empty())
    throw Error(ErrorCode::failed_precondition, "an ArrayInterface tells " + std::to_string(told.size()) +
                                                    " strides for an array of shape " + shape.to_string() +
                                                    "; it must tell one for each axis, or none");
  return tensor::detail::row_major_strides(shape, size_of(dtype));
}

// What all arrays share, whatever their type.
class AnyArrayType : public graph::detail::LeafType {
 public:
  [[nodiscard]] graph::detail::LeafValue value(const void* object) const override {
    auto elements = std::make_shared<Elements>(layout(object), checked_dtype(object));
    const DType dtype = elements->dtype;
    const Shape& shape = elements->shape;
    if (elements->strided.is_joined()) return {TensorView(dtype, shape, elements->strided.joined())};
    return {TensorView(dtype, shape, elements->strided), elements};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    const std::optional<DeclaredExtents> declared = declared_extents();
    if (declared && !declared->accepts(shape)) return false;
    const ArrayLayout present = layout(object);
    return (can_make() && !present.is_view) || present.shape == shape;
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    const ArrayLayout present = layout(object);
    if (!can_make() || present.is_view) return present.shape.to_string();
    const std::optional<DeclaredExtents> declared = declared_extents();
    return declared ? declared->to_string() : "of any shape";
  }
  [[nodiscard]] core::detail::Own<graph::detail::Landing> land(void* object, DType dtype,
                                                               const Shape& shape) const override {
    ArrayLayout present = layout(object);
    const bool is_broadcast = has_shared_elements(present);
    if (is_broadcast && (!can_make() || present.is_view)) refuse_shared_elements(shape);
    if (!is_broadcast && present.shape == shape && this->dtype(object, DT_INVALID) == dtype)
      return core::detail::make_own<InPlace>(std::move(present), dtype);
    std::shared_ptr<void> fresh = make(object, shape, dtype);
    ArrayLayout made = layout(fresh.get());
    if (made.shape != shape || this->dtype(fresh.get(), dtype) != dtype) refuse_made(shape, made.shape);
    return core::detail::make_own<Anew>(*this, object, std::move(fresh), std::move(made), dtype);
  }

 protected:
  using DeclaredExtents = tensor::detail::DeclaredShape;

  [[nodiscard]] virtual ArrayLayout layout(const void* object) const = 0;
  [[nodiscard]] virtual std::optional<DeclaredExtents> declared_extents() const noexcept = 0;
  [[nodiscard]] virtual bool can_make() const noexcept = 0;
  // A new array, and how it takes the place of an old one.
  [[nodiscard]] virtual std::shared_ptr<void> make(const void* present, const Shape& shape, DType dtype) const = 0;
  virtual void replace(void* object, void* fresh) const noexcept = 0;

 private:
  // The elements of an array, wherever they lie.
  struct Elements {
    Elements(ArrayLayout layout, DType type)
        : dtype(type),
          shape(std::move(layout.shape)),
          strided(const_cast<void*>(layout.data), size_of(type), shape,
                  strides_of(std::move(layout.strides), shape, type), type == DT_BOOL) {}

    DType dtype;
    Shape shape;
    tensor::detail::StridedElements strided;
  };

  // A bool may be any byte in a file, and is never read straight into place.
  class InPlace final : public graph::detail::ScatteredLanding {
   public:
    InPlace(ArrayLayout layout, DType dtype) : elements_(std::move(layout), dtype) {}
    [[nodiscard]] std::span<std::byte> bytes() noexcept override { return elements_.strided.joined(); }
    [[nodiscard]] tensor::detail::ScatteredElements* scattered() noexcept override {
      return elements_.dtype == DT_BOOL || !elements_.strided.is_joined() ? &elements_.strided : nullptr;
    }
    [[nodiscard]] bool in_place() const noexcept override { return true; }

   private:
    Elements elements_;
  };
  class Anew final : public graph::detail::ScatteredLanding {
   public:
    Anew(const AnyArrayType& type, void* object, std::shared_ptr<void> fresh, ArrayLayout layout, DType dtype)
        : type_(type), object_(object), fresh_(std::move(fresh)), into_(std::move(layout), dtype) {}
    [[nodiscard]] std::span<std::byte> bytes() noexcept override { return into_.bytes(); }
    [[nodiscard]] tensor::detail::ScatteredElements* scattered() noexcept override { return into_.scattered(); }
    void commit() noexcept override { type_.replace(object_, fresh_.get()); }

   private:
    const AnyArrayType& type_;
    void* object_;
    std::shared_ptr<void> fresh_;
    InPlace into_;
  };

  // True where one place in memory is several elements, as in an array that was broadcast.
  [[nodiscard]] static bool has_shared_elements(const ArrayLayout& layout) {
    for (std::size_t axis = 0; axis < layout.strides.size() && axis < layout.shape.rank(); ++axis)
      if (layout.strides[axis] == 0 && layout.shape[axis] > 1) return layout.shape.num_elements() != 0;
    return false;
  }
  [[nodiscard]] DType checked_dtype(const void* object) const {
    const DType dtype = this->dtype(object, DT_INVALID);
    if (size_of(dtype) != 0) return dtype;
    throw Error(ErrorCode::failed_precondition,
                "a " + std::string(name()) +
                    " has no elements of a dtype that TensorFlow has; give it some before it is saved");
  }
  [[noreturn]] void refuse_shared_elements(const Shape& shape) const {
    throw Error(ErrorCode::failed_precondition,
                "a " + std::string(name()) + " of shape " + shape.to_string() +
                    " is broadcast: several of its elements are one place in memory, and cannot be restored one by "
                    "one; make it an array with elements of its own first. Nothing was restored");
  }
  [[noreturn]] void refuse_made(const Shape& wanted, const Shape& made) const {
    throw Error(ErrorCode::failed_precondition, "the ArrayInterface of " + std::string(name()) +
                                                    " made an array of shape " + made.to_string() + " where one of " +
                                                    wanted.to_string() + " was asked for; nothing was restored");
  }
};

template <class A>
class ArrayType : public AnyArrayType {
  using Interface = ArrayInterface<A>;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<A>(); }
  [[nodiscard]] DType dtype(const void* object, DType saved) const noexcept override {
    if constexpr (declared_dtype<A>() != DT_INVALID)
      return declared_dtype<A>();
    else
      return Interface::dtype(*static_cast<const A*>(object), saved);
  }

 private:
  template <class... Arguments>
  static constexpr bool makes = requires(const Arguments&... arguments) { Interface::make(arguments...); };
  static constexpr bool makes_any = makes<Shape> || makes<Shape, DType> || makes<A, Shape> || makes<A, Shape, DType>;

  [[nodiscard]] ArrayLayout layout(const void* object) const override {
    return Interface::layout(*static_cast<const A*>(object));
  }
  [[nodiscard]] std::optional<DeclaredExtents> declared_extents() const noexcept override {
    if constexpr (requires { Interface::extents.size(); }) return DeclaredExtents{Interface::extents};
    return std::nullopt;
  }
  [[nodiscard]] bool can_make() const noexcept override { return makes_any; }
  [[nodiscard]] std::shared_ptr<void> make(const void* present, const Shape& shape, DType dtype) const override {
    if constexpr (makes<A, Shape, DType>)
      return std::make_shared<A>(Interface::make(*static_cast<const A*>(present), shape, dtype));
    else if constexpr (makes<A, Shape>)
      return std::make_shared<A>(Interface::make(*static_cast<const A*>(present), shape));
    else if constexpr (makes<Shape, DType>)
      return std::make_shared<A>(Interface::make(shape, dtype));
    else if constexpr (makes<Shape>)
      return std::make_shared<A>(Interface::make(shape));
    else
      return nullptr;  // accepts() has said no
  }
  void replace(void* object, void* made) const noexcept override {
    if constexpr (requires(A& array) { Interface::replace(array, array); })
      Interface::replace(*static_cast<A*>(object), *static_cast<A*>(made));
    else if constexpr (makes_any)
      *static_cast<A*>(object) = std::move(*static_cast<A*>(made));
  }
};

}  // namespace CAIRN_NAMESPACE::types::detail

namespace CAIRN_NAMESPACE {

template <types::detail::HasArrayInterface A>
inline constexpr bool reflect::detail::joins_as_array<A> = true;
template <types::detail::HasArrayInterface A>
struct reflect::detail::Adapter<A> {
  using type = types::detail::ArrayType<A>;
};

// Where the type tells dtype and extents, the compiler knows the value as that of a Tensor.
template <types::detail::KnownToTheCompiler A>
struct reflect::detail::StaticForm<A> {
  static constexpr StaticValue value{types::detail::declared_dtype<A>(), ArrayInterface<A>::extents};
};

}  // namespace CAIRN_NAMESPACE
