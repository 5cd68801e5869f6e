// A Partitioned as a leaf of the graph: one tensor, of which the boxes are here.
//
//   save      boxes -> parts of a partitioned tensor, which must be all of it; one box of all is an ordinary tensor
//   restore   the entries that have elements of the boxes -> the boxes (bundle/detail/bulk_read.hpp)
#pragma once

#include "../../bundle/detail/add_parts.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/landings.hpp"
#include "../../graph/detail/object.hpp"
#include "../../tensor/detail/elements.hpp"
#include "../../tensor/detail/scattered_elements.hpp"
#include "partitioned_parts.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::partition::detail {

// The elements of a tensor whose boxes are all here, in the order of the tensor. The boxes are copies: a save in the
// background may outlive the user's.
class PartitionedElements final : public tensor::detail::ScatteredElements {
 public:
  explicit PartitionedElements(const PartitionedParts& parts)
      : ScatteredElements(parts.bytes().size(), &plan_parts), dtype_(parts.dtype()), shape_(parts.shape()) {
    for (std::size_t i = 0; i < parts.boxes().size(); ++i)
      if (parts.size_of_box(i) != 0) parts_.push_back({parts.boxes()[i], parts.bytes_of_box(i)});
  }

  void gather(std::size_t begin, std::span<std::byte> out) const noexcept override {
    const std::size_t element = size_of(dtype_);
    std::size_t last = 0;  // the part that had the last element
    while (!out.empty()) {
      std::size_t place = 0, run = 0;  // elements that lie together in a part
      for (std::size_t i = 0; i < parts_.size() && run == 0; ++i) {
        const std::size_t part = (last + i) % parts_.size();
        run = run_in(parts_[part].box, begin / element, place);
        if (run != 0) last = part;
      }
      const std::size_t into = begin % element, size = std::min(out.size(), run * element - into);
      std::memcpy(out.data(), parts_[last].bytes.data() + place * element + into, size);
      begin += size;
      out = out.subspan(size);
    }
  }

 private:
  struct Part {
    Box box;
    std::span<const std::byte> bytes;
  };

  // How many elements lie together in the box from one on that is so far behind the first of the tensor, and the place
  // of that one in the box. 0 where the box does not have it.
  [[nodiscard]] std::size_t run_in(const Box& box, std::size_t flat, std::size_t& place) const noexcept {
    std::size_t run = 0, stride = 1;
    place = 0;
    for (std::size_t axis = shape_.rank(); axis-- > 0;) {
      const auto extent = static_cast<std::size_t>(shape_[axis]), size = static_cast<std::size_t>(box.shape[axis]);
      const std::size_t index = flat % extent - static_cast<std::size_t>(box.start[axis]);
      if (index >= size) return 0;
      if (axis + 1 == shape_.rank()) run = size - index;
      place += index * stride;
      stride *= size;
      flat /= extent;
    }
    return run;
  }

  // `tensor` is a view of these elements, or of a copy of them in the order of the tensor.
  static void plan_parts(const ScatteredElements& elements, bundle::detail::BundleWriter& writer, std::string_view key,
                         const TensorView& tensor) {
    const auto& from = static_cast<const PartitionedElements&>(elements);
    for (const Part& part : from.parts_) {
      const format::TensorSlice slice = bundle::detail::slice_of_box(part.box);
      if (tensor.scattered() == &elements)
        bundle::detail::add_slice(writer, key, from.shape_, slice, TensorView(from.dtype_, part.box.shape, part.bytes));
      else
        bundle::detail::plan_box_of(writer, key, tensor, part.box, slice);
    }
  }

  DType dtype_;
  Shape shape_;
  std::vector<Part> parts_;
};

// Into the elements of the boxes, where they are. What is converted, and bools, of which a file may say anything, go
// through new memory that is copied at the end.
class PartitionedLanding final : public graph::detail::Landing {
 public:
  explicit PartitionedLanding(const PartitionedParts& target) : target_(target) {
    if (target.dtype() == DT_BOOL) leave_place();
  }

  [[nodiscard]] std::span<std::byte> bytes() noexcept override {
    return in_place() ? target_.bytes() : std::span(fresh_.as<std::byte>(), target_.bytes().size());
  }
  [[nodiscard]] core::detail::Boxes boxes() const noexcept override {
    return {target_.boxes().data(), target_.boxes().size()};
  }
  [[nodiscard]] bool in_place() const noexcept override { return fresh_.is_null(); }
  void leave_place() override { fresh_ = tensor::detail::Elements(target_.dtype(), target_.size()); }
  void prepare() override {
    if (target_.dtype() == DT_BOOL) graph::detail::make_legal(std::span(fresh_.as<bool>(), target_.size()));
  }
  void commit() noexcept override {
    if (!in_place() && !bytes().empty()) std::memcpy(target_.bytes().data(), bytes().data(), bytes().size());
  }

 private:
  const PartitionedParts& target_;
  tensor::detail::Elements fresh_;
};

// A Partitioned of any type of elements.
class AnyPartitionedType : public graph::detail::LeafType {
 public:
  [[nodiscard]] static const PartitionedParts& parts(const void* object) noexcept {
    return *static_cast<const PartitionedParts*>(object);
  }

  [[nodiscard]] graph::detail::LeafValue value(const void* object) const override {
    const PartitionedParts& parts = this->parts(object);
    if (!parts.is_whole()) refuse_to_save(parts);
    if (parts.is_one_box()) return {TensorView(parts.dtype(), parts.shape(), parts.bytes())};
    auto elements = std::make_shared<PartitionedElements>(parts);
    TensorView view(parts.dtype(), parts.shape(), *elements);
    return {std::move(view), std::move(elements)};
  }
  [[nodiscard]] bool accepts(const void* object, const Shape& shape) const override {
    return parts(object).has_shape() && parts(object).shape() == shape;
  }
  [[nodiscard]] std::string accepted(const void* object) const override {
    return parts(object).has_shape() ? parts(object).shape().to_string() : "without a shape";
  }
  [[nodiscard]] core::detail::Own<graph::detail::Landing> land(void* object, DType, const Shape&) const override {
    return core::detail::make_own<PartitionedLanding>(parts(object));
  }

 private:
  [[noreturn]] void refuse_to_save(const PartitionedParts& parts) const {
    if (!parts.has_shape())
      core::detail::fail(ErrorCode::failed_precondition,
                         {"a ", name(),
                          " that was made without a shape, or moved from, has no value to save; "
                          "assign one of a shape and boxes to it"});
    core::detail::fail(
        ErrorCode::invalid_argument,
        {"a ", name(), " of shape ", parts.shape().to_string(), " is not whole here: ", text_of_box(parts.missing()),
         " is in none of its boxes, and a checkpoint without those elements would lose them; save it with "
         "cairn::mpi::Checkpoint on all ranks that have boxes of it, or give it boxes of all its elements"});
  }
};

// `P` is a Partitioned.
template <class P>
class PartitionedType : public AnyPartitionedType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return core::detail::type_name<P>(); }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return P::dtype(); }
};

}  // namespace CAIRN_NAMESPACE::partition::detail
