// One value of an edited checkpoint: where it comes from, and what is done to it on the way.
#pragma once

#include "../../bundle/detail/slice.hpp"
#include "../../bundle/reader.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/ordered_code.hpp"
#include "../../tensor/any_tensor.hpp"
#include "../../tensor/detail/convert_numbers.hpp"
#include "converted.hpp"
#include "mean.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::edit::detail {

struct EditedValue {
  std::string_view place;  // its key in the input, whose place in the data files it takes; empty for one that was added
  DType dtype = DT_INVALID;
  Shape shape;
  StoredValue stored;  // unless it is given
  std::shared_ptr<const AnyTensor> given = nullptr;
  std::vector<StoredValue> averaged_with = {};  // then the mean of all
  DType cast = DT_INVALID;                      // then converted to `dtype`, from what it was
  Cast how = Cast::any;                         // it is converted

  // Whether bytes and checksum go over as they are.
  [[nodiscard]] bool is_stored() const noexcept {
    return given == nullptr && averaged_with.empty() && cast == DT_INVALID;
  }
};

[[nodiscard]] inline EditedValue stored_value(std::shared_ptr<const bundle::Reader> reader,
                                              const bundle::EntryList::value_type& item) {
  return {
      .place = {}, .dtype = item.second.dtype, .shape = item.second.shape, .stored = {std::move(reader), item.first}};
}

// True for numbers that have fractions.
[[nodiscard]] inline bool is_floating(DType dtype) noexcept {
  const tensor::detail::NumberSort sort = tensor::detail::number_range(dtype).sort;
  return sort == tensor::detail::NumberSort::floating || sort == tensor::detail::NumberSort::complex;
}

[[nodiscard]] inline AnyTensor read(const StoredValue& stored, const format::TensorSlice* part) {
  return part == nullptr ? stored.reader->read(stored.key) : stored.reader->read_slice(stored.key, *part);
}

// The mean of a tensor, or of a part of it, and others of its dtype and shape.
[[nodiscard]] inline AnyTensor mean_of(AnyTensor tensor, const std::vector<StoredValue>& others,
                                       const format::TensorSlice* part) {
  Sums sums(tensor.dtype(), static_cast<std::size_t>(tensor.shape().num_elements()));
  sums.add(tensor.bytes());
  for (const StoredValue& other : others) sums.add(read(other, part).bytes());
  sums.take_means(others.size() + 1, tensor.bytes());
  return tensor;
}

// A block of a tensor. The slice lies inside.
[[nodiscard]] inline AnyTensor part_of(const AnyTensor& tensor, const format::TensorSlice& slice) {
  const Box whole = bundle::detail::box_of(tensor.shape()), box = *bundle::detail::box_of_slice(tensor.shape(), slice);
  const bool has_strings = tensor.dtype() == DT_STRING;
  AnyTensor part(tensor.dtype(), box.shape);
  const std::size_t element = has_strings ? 0 : size_of(tensor.dtype());
  for (bundle::detail::CommonRuns runs(whole, box); runs.next();)
    if (has_strings)
      std::copy_n(tensor.strings().begin() + static_cast<std::ptrdiff_t>(runs.in_a), runs.length,
                  part.strings().begin() + static_cast<std::ptrdiff_t>(runs.in_b));
    else
      std::copy_n(tensor.bytes().data() + runs.in_a * element, runs.length * element,
                  part.bytes().data() + runs.in_b * element);
  return part;
}

// The value, or a part of it, as it will be written. Throws Error as bundle::Reader::read; out_of_range where a number
// does not fit.
[[nodiscard]] inline AnyTensor computed(const EditedValue& value, const std::string& key,
                                        const format::TensorSlice* part = nullptr) {
  AnyTensor tensor = value.given == nullptr ? read(value.stored, part)
                     : part == nullptr      ? *value.given
                                            : part_of(*value.given, *part);
  if (!value.averaged_with.empty()) tensor = mean_of(std::move(tensor), value.averaged_with, part);
  if (value.cast != DT_INVALID) tensor = converted(tensor, value.cast, true, key, value.how);
  return tensor;
}

// Throws Error (out_of_range) unless all numbers of a stored tensor can be converted.
inline void require_castable(const StoredValue& stored, DType from, DType to, Cast how) {
  if (tensor::detail::widens(from, to)) return;
  const std::size_t size = size_of(from);
  stored.reader->read_pieces(stored.key, [&](std::uint64_t position, std::span<const std::byte> bytes) {
    if (const auto misfit = tensor::detail::convert(from, bytes, to, {}, how))
      throw Error(ErrorCode::out_of_range, "element " + std::to_string(position / size + misfit.index) + " of " +
                                               std::string(stored.key) + " in " + stored.reader->prefix() + " is " +
                                               misfit.value + ", which no " + to_string(to) +
                                               " can hold; cast it to a wider dtype, let it become the nearest number, "
                                               "or leave it out of the cast")
          .in_file(stored.reader->prefix())
          .at_key(std::string(stored.key))
          .expecting(to_string(to), misfit.value);
  });
}

}  // namespace CAIRN_NAMESPACE::edit::detail
