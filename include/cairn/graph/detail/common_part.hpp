// The part that a saved tensor and a live one of another shape both have: of an embedding that got more rows, those
// that were saved.
//
//   saved [2, 3]  abc   live [3, 2]  ..   after it  ab
//                 def                ..             de
//                                    ..             ..
#pragma once

#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../core/shape.hpp"
#include "object.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

// Its extents. The two have as many dimensions.
[[nodiscard]] inline Shape common_shape(const Shape& a, const Shape& b) {
  Shape common;
  for (std::size_t i = 0; i < a.rank(); ++i) common.push_back(a[i] < b[i] ? a[i] : b[i]);
  return common;
}

// Calls use(in a, in b, count) for all runs of elements that both have; the numbers are those of elements.
template <class Use>
void for_each_common_run(const Shape& a, const Shape& b, const Shape& common, const Use& use) {
  if (common.num_elements() == 0) return;
  // All dimensions behind the last one that differs are one run.
  std::size_t outer = common.rank();
  std::size_t run = 1;
  while (outer > 0 && a[outer - 1] == b[outer - 1]) run *= static_cast<std::size_t>(common[--outer]);
  if (outer > 0) run *= static_cast<std::size_t>(common[--outer]);
  core::detail::Vec<std::size_t> step_a(outer + 1), step_b(outer + 1);  // of one index, in elements
  std::size_t size_a = 1, size_b = 1;
  for (std::size_t i = common.rank(); i-- > 0;) {
    if (i <= outer) step_a[i] = size_a, step_b[i] = size_b;
    size_a *= static_cast<std::size_t>(a[i]);
    size_b *= static_cast<std::size_t>(b[i]);
  }
  core::detail::Vec<std::int64_t> index(outer);
  while (true) {
    std::size_t at_a = 0, at_b = 0;
    for (std::size_t i = 0; i < outer; ++i) {
      at_a += static_cast<std::size_t>(index[i]) * step_a[i];
      at_b += static_cast<std::size_t>(index[i]) * step_b[i];
    }
    use(at_a, at_b, run);
    std::size_t i = outer;
    while (i > 0 && ++index[i - 1] == common[i - 1]) index[--i] = 0;
    if (i == 0) return;
  }
}

// Takes the saved value, and puts what both have into the live one.
class CommonPart final : public Landing {
 public:
  CommonPart(const LeafType& leaf, void* object, const Shape& saved, const Shape& common)
      : value_(leaf.value(object)),
        into_(leaf.land(object, value_.view.dtype(), value_.view.shape())),
        saved_(saved),
        common_(common),
        element_bytes_(size_of(value_.view.dtype())) {
    const auto count = static_cast<std::size_t>(saved.num_elements());
    if (element_bytes_ == 0)
      strings_.resize(count);
    else
      bytes_.resize(count * element_bytes_);
  }
  [[nodiscard]] std::span<std::byte> bytes() noexcept override { return bytes_; }
  [[nodiscard]] std::span<std::string> strings() noexcept override { return strings_; }
  void prepare() override {
    if (into_->scattered() != nullptr) whole_.resize(tensor::detail::bytes_of(value_.view));
    if (into_->in_place() && into_->scattered() == nullptr) return;
    tensor::detail::copy_elements(value_.view, place(), into_->strings());
    put();
    if (into_->in_place()) return;
    if (into_->scattered() != nullptr) into_->scattered()->scatter(0, whole_);
    into_->prepare();
  }
  void commit() noexcept override {
    if (!into_->in_place()) return into_->commit();
    if (into_->scattered() != nullptr)
      into_->scattered()->scatter(0, whole_);
    else
      put();
  }

 private:
  [[nodiscard]] std::span<std::byte> place() { return into_->scattered() != nullptr ? whole_ : into_->bytes(); }
  void put() {
    const auto put = [&](std::size_t from, std::size_t to, std::size_t count) {
      if (element_bytes_ == 0)
        for (std::size_t i = 0; i < count; ++i) into_->strings()[to + i] = std::move(strings_[from + i]);
      else
        core::detail::VecMemory::copy(place().data() + to * element_bytes_, bytes_.data() + from * element_bytes_,
                                      count * element_bytes_);
    };
    for_each_common_run(saved_, value_.view.shape(), common_, put);
  }

  LeafValue value_;
  core::detail::Own<Landing> into_;
  Shape saved_, common_;
  std::size_t element_bytes_;
  core::detail::Vec<std::byte> bytes_;
  core::detail::Vec<std::byte> whole_;  // the value of scattered elements
  std::vector<std::string> strings_;
};

// The landing for a saved value of that shape, whose common part with the object's own value gets the shape `taken`,
// for people. Null where the two have not as many dimensions.
[[nodiscard]] inline core::detail::Own<Landing> land_common_part(const LeafType& leaf, void* object, const Shape& saved,
                                                                 std::string& taken) {
  const LeafValue live = leaf.value(object);
  if (saved.rank() != live.view.shape().rank()) return nullptr;
  if (!leaf.land(object, live.view.dtype(), live.view.shape())->boxes().is_all())
    return nullptr;  // it takes its boxes from a tensor of its own shape alone
  const Shape common = common_shape(saved, live.view.shape());
  taken = common.to_string();
  return core::detail::make_own<CommonPart>(leaf, object, saved, common);
}

}  // namespace CAIRN_NAMESPACE::graph::detail
