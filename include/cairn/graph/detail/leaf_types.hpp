// The objects that are one tensor: Variables, numbers, strings, contiguous ranges of them.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../tensor/detail/variable_traits.hpp"
#include "landings.hpp"
#include "object_type.hpp"

#include <algorithm>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

template <Element T>
[[nodiscard]] TensorView view_of(Shape shape, std::span<const T> elements) {
  if constexpr (dtype_of<T> == DT_STRING)
    return TensorView(std::move(shape), elements);
  else
    return TensorView(dtype_of<T>, std::move(shape), std::as_bytes(elements));
}

[[noreturn]] inline void refuse_moved_from(std::string_view type) {
  core::detail::fail(ErrorCode::failed_precondition,
                     {"a ", type,
                      " that was moved from has no value to save or restore; assign to it, "
                      "or take it out of the checkpoint"});
}

// Variables of one element type, each shape an object of this class: what differs is data, so that a compiler makes the
// class once and for a shape a few words and two small functions.
template <class T>
class VariableType final : public LeafType {
 public:
  // What only the type of a Variable knows.
  struct Of {
    std::string_view name;
    tensor::detail::VariableTraits traits;
  };
  explicit constexpr VariableType(const Of& of) noexcept : of_(of) {}

  [[nodiscard]] std::string_view name() const noexcept override { return of_.name; }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<T>; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const Parts& parts = get(object);
    Shape shape = of_.traits.shape_of(object);
    const std::span<const T> elements(parts.elements().template as<T>(),
                                      static_cast<std::size_t>(shape.num_elements()));
    return {view_of<T>(std::move(shape), elements)};
  }
  [[nodiscard]] std::string_view full_name(const void* object) const override { return get(object).name(); }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override {
    return of_.traits.declared.accepts(shape);
  }
  [[nodiscard]] std::string accepted(const void*) const override { return of_.traits.declared.to_string(); }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    const std::size_t count = of_.traits.declared.count_required(shape);
    Parts& parts = get(object);
    if constexpr (lands_in_place<T>)
      if (of_.traits.shape_of(object) == shape)
        return core::detail::make_own<InPlace>(
            std::as_writable_bytes(std::span(parts.elements().template as<T>(), count)));
    return core::detail::make_own<Anew>(of_.traits, parts, shape, count);
  }
  [[nodiscard]] const tensor::detail::VariableTraits* variable_traits() const noexcept override { return &of_.traits; }

 private:
  using Parts = tensor::detail::VariableParts;

  // Elements of another number, or that cannot be read into place.
  class Anew final : public IntoElements<T> {
   public:
    Anew(const tensor::detail::VariableTraits& traits, Parts& target, const Shape& shape, std::size_t count)
        : traits_(traits), target_(target), shape_(shape), fresh_(dtype_of<T>, count) {
      this->elements_ = {fresh_.template as<T>(), count};
    }
    void commit() noexcept override {
      target_.swap_elements(fresh_);
      traits_.reshape(&target_, shape_);
    }

   private:
    const tensor::detail::VariableTraits& traits_;
    Parts& target_;
    const Shape shape_;
    tensor::detail::Elements fresh_;
  };

  [[nodiscard]] const Parts& get(const void* object) const {
    const Parts& parts = *static_cast<const Parts*>(object);
    if (parts.elements().is_null()) refuse_moved_from(of_.name);
    return parts;
  }
  [[nodiscard]] Parts& get(void* object) const { return const_cast<Parts&>(get(static_cast<const void*>(object))); }

  const Of of_;
};

template <class V>
  requires(is_variable<V>)
class TypeOf<V, reflect::detail::Kind::tensor> {
 public:
  static constexpr VariableType<typename V::value_type> the_only{
      {core::detail::type_name<V>(), tensor::detail::VariableTraits::of<V>()}};
};

// Tensor.
template <class V>
class TypeOf<V, reflect::detail::Kind::tensor> final : public LeafType {
  using T = typename V::value_type;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<V>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<T>; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const V& tensor = get(object);
    return {view_of<T>(tensor.shape(), tensor.span())};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override {
    return V::extents_type::declared().accepts(shape);
  }
  [[nodiscard]] std::string accepted(const void*) const override { return V::extents_type::declared().to_string(); }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    V& tensor = *static_cast<V*>(object);
    if (lands_in_place<T> && get(object).shape() == shape)
      if constexpr (lands_in_place<T>) return core::detail::make_own<InPlace>(std::as_writable_bytes(tensor.span()));
    return land_fresh<T>(tensor, V(shape), [](V& target, V& fresh) noexcept { target = std::move(fresh); });
  }

 private:
  [[nodiscard]] static const V& get(const void* object) {
    const V& tensor = *static_cast<const V*>(object);
    if (tensor.data() == nullptr) refuse_moved_from(core::detail::type_name<V>());
    return tensor;
  }
};

// Numbers, bools, enums and std::string: one element without extents.
template <class T>
class ScalarType : public LeafType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<T>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<T>; }
  [[nodiscard]] const LeafType* earlier_form() const noexcept override {
    if constexpr (core::detail::is_std_duration<T> || core::detail::is_std_time_point<T>) return earlier_form_of<T>();
    return nullptr;
  }
  [[nodiscard]] LeafValue value(const void* object) const override {
    return {view_of<T>(Shape{}, {static_cast<const T*>(object), 1})};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override { return shape.rank() == 0; }
  [[nodiscard]] std::string accepted(const void*) const override { return "[]"; }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape&) const override {
    const std::span<T> place(static_cast<T*>(object), 1);
    if constexpr (lands_in_place<T>) return core::detail::make_own<InPlace>(std::as_writable_bytes(place));
    return core::detail::make_own<Buffered<T>>(place);
  }
};
template <class T>
class TypeOf<T, reflect::detail::Kind::scalar> final : public ScalarType<T> {};
template <class T>
class TypeOf<T, reflect::detail::Kind::string> final : public ScalarType<T> {};

// std::vector, std::array, std::span, ... of elements: one tensor of rank 1. A range that can be resized takes the
// checkpoint's length. Of std::arrays of elements, one tensor of a higher rank.
template <class R>
class TypeOf<R, reflect::detail::Kind::array> final : public LeafType {
  using Each = std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>;
  using Flat = reflect::detail::Flat<Each>;
  using T = typename Flat::type;

 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<R>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return dtype_of<T>; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const R& range = *static_cast<const R*>(object);
    Shape shape{static_cast<std::int64_t>(std::size(range))};
    for (const std::size_t extent : Flat::extents) shape.push_back(static_cast<std::int64_t>(extent));
    return {view_of<T>(std::move(shape), elements(range))};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    if (shape.rank() != 1 + Flat::extents.size() || shape[0] < 0) return false;
    for (std::size_t axis = 0; axis < Flat::extents.size(); ++axis)
      if (shape[axis + 1] != static_cast<std::int64_t>(Flat::extents[axis])) return false;
    return reflect::detail::Resizable<R> || size(object) == static_cast<std::size_t>(shape[0]);
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    std::string text = "[";
    text += reflect::detail::Resizable<R> ? std::string("?") : std::to_string(size(object));
    for (const std::size_t extent : Flat::extents) text += ", " + std::to_string(extent);
    return text + "]";
  }
  [[nodiscard]] const ObjectType* as_list() const noexcept override {
    if constexpr (Flat::extents.size() != 0 ||
                  (reflect::detail::Archivable<Each> && reflect::detail::Sequence<R> &&
                   (core::detail::is_std_duration<T> || core::detail::is_std_time_point<T>)))
      return list_type<R>();
    else
      return nullptr;
  }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    R& range = *static_cast<R*>(object);
    if (size(object) == static_cast<std::size_t>(shape[0])) {
      if constexpr (lands_in_place<T>) return core::detail::make_own<InPlace>(std::as_writable_bytes(elements(range)));
      return core::detail::make_own<Buffered<T>>(elements(range));
    }
    if constexpr (reflect::detail::Resizable<R>) {
      R fresh;
      fresh.resize(static_cast<std::size_t>(shape[0]));
      return land_fresh<T>(range, std::move(fresh), [](R& target, R& other) noexcept { std::swap(target, other); });
    } else {
      return nullptr;  // accepts() has said no
    }
  }

 private:
  [[nodiscard]] static std::size_t size(const void* object) { return std::size(*static_cast<const R*>(object)); }
  template <class Range>
  [[nodiscard]] static auto elements(Range& range) {
    using Element = std::conditional_t<std::is_const_v<Range>, const T, T>;
    return std::span<Element>(reinterpret_cast<Element*>(std::data(range)), std::size(range) * Flat::count);
  }
};

// std::vector<bool> keeps bits, TensorFlow bytes.
template <>
class TypeOf<std::vector<bool>, reflect::detail::Kind::bools> final : public LeafType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "std::vector<bool>"; }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return DT_BOOL; }
  [[nodiscard]] LeafValue value(const void* object) const override {
    const auto& bits = *static_cast<const std::vector<bool>*>(object);
    auto bytes = std::make_shared<std::vector<std::byte>>(bits.size());
    std::transform(bits.begin(), bits.end(), bytes->begin(), [](bool bit) { return std::byte{bit}; });
    const std::span<const std::byte> span(*bytes);
    return {TensorView(DT_BOOL, Shape{static_cast<std::int64_t>(bits.size())}, span), std::move(bytes)};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override {
    return shape.rank() == 1 && shape[0] >= 0;
  }
  [[nodiscard]] std::string accepted(const void*) const override { return "[?]"; }
  [[nodiscard]] core::detail::Own<Landing> land(void* object, DType, const Shape& shape) const override {
    return core::detail::make_own<Bits>(*static_cast<std::vector<bool>*>(object), static_cast<std::size_t>(shape[0]));
  }

 private:
  class Bits final : public Landing {
   public:
    Bits(std::vector<bool>& target, std::size_t size) : target_(target), bytes_(size) {}
    [[nodiscard]] std::span<std::byte> bytes() noexcept override { return bytes_; }
    void prepare() override {
      bits_.resize(bytes_.size());
      std::transform(bytes_.begin(), bytes_.end(), bits_.begin(), [](std::byte byte) { return byte != std::byte{0}; });
    }
    void commit() noexcept override { std::swap(target_, bits_); }

   private:
    std::vector<bool>& target_;
    core::detail::Vec<std::byte> bytes_;
    std::vector<bool> bits_;
  };
};

}  // namespace CAIRN_NAMESPACE::graph::detail
