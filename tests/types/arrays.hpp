// What tests of foreign arrays share: an array's tensor in a file, and a round trip that knows what each element must be.
#pragma once

#include <cairn/bundle/reader.hpp>
#include <cairn/checkpoint/checkpoint.hpp>
#include <cairn/checkpoint/named.hpp>
#include <cairn/tensor/any_tensor.hpp>

#include "checkpoint/states.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace cairn::test {

using namespace cairn::literals;

using Index = std::vector<std::int64_t>;

// The value of the n-th element in row-major order.
template <class T>
T nth(std::int64_t n) {
  if constexpr (std::same_as<T, bool>)
    return n % 3 == 0;
  else if constexpr (requires(T number) { number.imag(); })
    return T(static_cast<typename T::value_type>(n), static_cast<typename T::value_type>(-n - 1));
  else
    return static_cast<T>(static_cast<float>(n + 1));
}

// Calls use(n, index) for each element in row-major order.
template <class Use>
void for_each_index(const Shape& shape, Use use) {
  for (std::int64_t n = 0; n < shape.num_elements(); ++n) {
    Index index(shape.rank());
    std::int64_t rest = n;
    for (std::size_t axis = shape.rank(); axis-- > 0; rest /= shape[axis]) index[axis] = rest % shape[axis];
    use(n, index);
  }
}

// nth<T>() as a tensor.
template <class T>
AnyTensor counted(DType dtype, const Shape& shape) {
  AnyTensor tensor(dtype, shape);
  for (std::int64_t n = 0; n < shape.num_elements(); ++n) {
    const T value = nth<T>(n);
    std::memcpy(tensor.bytes().data() + static_cast<std::size_t>(n) * sizeof(T), &value, sizeof(T));
  }
  return tensor;
}
template <class T>
AnyTensor counted(const Shape& shape) {
  return counted<T>(dtype_of<T>, shape);
}

// The tensor that is saved of an array.
template <class A>
AnyTensor tensor_of(A& array, const CheckpointOptions& options = {}) {
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "array"_a = array).write("a", options);
  return bundle::Reader("a", files).read("array/.ATTRIBUTES/VARIABLE_VALUE");
}

// Restores what was saved of another object.
template <class From, class To>
void restore_from(From& saved, To& array, const RestoreOptions& options = {}) {
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, "array"_a = saved).write("a");
  CheckpointIn(files, "array"_a = array).read("a", options).assert_consumed();
}

// A tensor that anything can be restored from.
template <class T, std::size_t... extents>
Tensor<T, extents...> counted_tensor(const Shape& shape) {
  Tensor<T, extents...> tensor(shape);
  for (std::int64_t n = 0; n < shape.num_elements(); ++n) tensor.data()[n] = nth<T>(n);
  return tensor;
}

// `array` has that shape now, and at(array, index) is an element of type T. It is saved as NumPy shows it, and comes back.
template <class T, class A, class At>
void check_round_trip(DType dtype, A& array, const Shape& shape, At at) {
  CAPTURE(shape.to_string());
  for_each_index(shape, [&](std::int64_t n, const Index& index) { at(array, index) = nth<T>(n); });
  CHECK(tensor_of(array) == counted<T>(dtype, shape));

  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, "array"_a = array);
  checkpoint.write("a");
  for_each_index(shape, [&](std::int64_t, const Index& index) { at(array, index) = T(0); });
  checkpoint.read("a").assert_consumed();
  for_each_index(shape, [&](std::int64_t n, const Index& index) {
    const T element = at(array, index);
    CAPTURE(n);
    CHECK(bool(element == nth<T>(n)));
  });
}
template <class T, class A, class At>
void check_round_trip(A& array, const Shape& shape, At at) {
  check_round_trip<T>(dtype_of<T>, array, shape, at);
}

// Damages the last byte of the values of the checkpoint "a".
inline void flip_byte(cairn::testing::MemoryFileSystem& files) {
  change_file(files, "a.data-00000-of-00001",
              [](std::string& text) { text[text.size() - 1] = static_cast<char>(text[text.size() - 1] ^ 1); });
}

}  // namespace cairn::test
