// A Partitioned as a leaf of the graph: one tensor, of which the boxes are here.
//
//   save      boxes -> parts of a partitioned tensor, which must be all of it; one box of all is an ordinary tensor
//   restore   the entries that have elements of the boxes -> memory that is zero, or new memory that is copied at the end
#pragma once

#include "../../bundle/detail/add_parts.hpp"
#include "../../bundle/detail/box_read.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/type_name.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/landings.hpp"
#include "../../graph/detail/object.hpp"
#include "../../graph/detail/restore_actions.hpp"
#include "../../graph/detail/tensor_source.hpp"
#include "../../tensor/detail/elements.hpp"
#include "../../tensor/detail/scattered_elements.hpp"
#include "partitioned_parts.hpp"
#include "present_rank.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::partition::detail {

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

// Reads the elements of the boxes, and no others. Memory that is zero, as it is in a program that has just begun, is filled
// by the check, and made zero again when the restore fails. Of other memory a little is read into a copy by the check;
// much is checked, and read once more by the commit, as RestoreActions does with all values.
class PartitionedLanding final : public graph::detail::Landing {
 public:
  explicit PartitionedLanding(const PartitionedParts& target)
      : target_(target), elements_(target.bytes().size(), &refuse_to_plan) {}
  ~PartitionedLanding() override {
    if (state_ == State::in_place) bundle::detail::fill_zero(target_.bytes());
  }

  [[nodiscard]] tensor::detail::ScatteredElements* scattered() noexcept override { return &elements_; }
  // As soon as it is known that the commit is to read.
  [[nodiscard]] bool in_place() const noexcept override { return state_ == State::checked; }
  std::size_t read_together(const graph::detail::TensorSource& source, const graph::detail::PlannedValue* values,
                            std::size_t /*count*/, bool only_checks,
                            core::detail::Vec<std::byte>& buffer) const override {
    const bool is_first = state_ == State::nothing;
    if (is_first)
      check(source, *values, buffer);
    else if (!only_checks)
      read_->fill(target_.bytes().data(), buffer);
    const bool has_filled = is_first ? state_ != State::checked : !only_checks;
    if (target_.dtype() == DT_BOOL && has_filled)
      graph::detail::make_legal(std::span(static_cast<bool*>(place()), target_.size()));
    return 1;
  }
  void commit() noexcept override {
    if (state_ == State::fresh) bundle::detail::copy_bytes(fresh_bytes(), target_.bytes().data());
    state_ = State::committed;
  }

 private:
  enum class State { nothing, in_place, fresh, checked, committed };

  static void refuse_to_plan(const tensor::detail::ScatteredElements&, bundle::detail::BundleWriter&, std::string_view,
                             const TensorView&) {}

  [[nodiscard]] std::span<std::byte> fresh_bytes() const noexcept {
    return {fresh_.as<std::byte>(), target_.bytes().size()};
  }
  [[nodiscard]] std::span<std::byte> make_fresh() const {
    fresh_ = tensor::detail::Elements(target_.dtype(), target_.size());
    state_ = State::fresh;
    return fresh_bytes();
  }
  [[nodiscard]] void* place() const noexcept { return state_ == State::fresh ? fresh_.data() : target_.data(); }

  void check(const graph::detail::TensorSource& source, const graph::detail::PlannedValue& value,
             core::detail::Vec<std::byte>& buffer) const {
    assert(source.bundle() != nullptr);
    const auto& entry = *static_cast<const bundle::Entry*>(value.place);
    const std::size_t size = target_.bytes().size();
    read_ =
        core::detail::make_own<bundle::detail::BoxRead>(*source.bundle(), value.key, entry, source.threads_for(size));
    for (std::size_t i = 0; i < target_.boxes().size(); ++i)
      read_->add(target_.boxes()[i], target_.begin_of(i) * size_of(entry.dtype));
    if (value.conversion) {
      read_converted(source, value, buffer);
    } else if (read_->fill_zeros(target_.bytes().data(), buffer)) {
      state_ = State::in_place;
    } else if (size <= graph::detail::RestoreActions::max_staged_bytes) {
      read_->fill(make_fresh().data(), buffer);
    } else {
      read_->check(buffer);
      state_ = State::checked;
    }
    check_rest(*read_);
  }
  void read_converted(const graph::detail::TensorSource& source, const graph::detail::PlannedValue& value,
                      core::detail::Vec<std::byte>& buffer) const {
    const graph::detail::Conversion& conversion = value.conversion;
    const tensor::detail::Elements saved(conversion.from, target_.size());
    read_->fill(saved.as<std::byte>(), buffer);
    conversion.cast.convert(source, value.key, conversion.from,
                            {saved.as<std::byte>(), target_.size() * size_of(conversion.from)}, conversion.to,
                            make_fresh());
  }
  static void check_rest(const bundle::detail::BoxRead& read) {
    core::detail::Vec<bundle::detail::PartlyRead>* const later = PresentRank::partly_read();
    if (later == nullptr) return read.check_rest();
    for (const bundle::detail::PartlyRead& each : read.read())
      if (!each.is_all()) later->push_back(each);
  }

  const PartitionedParts& target_;
  tensor::detail::ScatteredElements elements_;
  mutable core::detail::Own<bundle::detail::BoxRead> read_;
  mutable tensor::detail::Elements fresh_;
  mutable State state_ = State::nothing;
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

}  // namespace cairn::partition::detail
