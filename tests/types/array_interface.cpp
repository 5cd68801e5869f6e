// Arrays of a program's own, which join by an ArrayInterface.
#include <cairn/types.hpp>

#include "types/arrays.hpp"

#include <cairn/cereal.hpp>
#include <cairn/reflect/describe.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace of_a_program {

// An image that stands on its head: its first row is the last in memory, and each row has padding behind it.
struct Image {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::uint16_t> memory;

  Image() = default;
  Image(std::int64_t image_rows, std::int64_t image_columns)
      : rows(image_rows), columns(image_columns), memory(static_cast<std::size_t>(rows * (columns + 3)), 9) {}
  std::uint16_t& at(std::int64_t row, std::int64_t column) {
    return memory[static_cast<std::size_t>((rows - 1 - row) * (columns + 3) + column)];
  }
  // Another program archives it so; as a member it is an array.
  template <class Archive>
  void serialize(Archive& archive) {
    archive(rows, columns);
  }
};

// Numbers whose dtype is known when the program runs.
struct Numbers {
  cairn::DType dtype = cairn::DT_INVALID;
  std::vector<std::byte> bytes;
};

// A list that cannot be moved into another, and is longer than it has been asked for.
struct Fussy {
  std::vector<float> elements;
  std::int64_t label = 0;
  Fussy() = default;
  Fussy(const Fussy&) = default;
  Fussy& operator=(const Fussy&) = delete;
};

// Its functions fail.
struct Faulty {
  std::vector<float> elements = std::vector<float>(2);
  bool is_broken = false;
};

}  // namespace of_a_program

template <>
struct cairn::ArrayInterface<of_a_program::Image> {
  using value_type = std::uint16_t;
  static constexpr std::array<std::size_t, 2> extents{dynamic, dynamic};
  static ArrayLayout layout(const of_a_program::Image& image) {
    const std::int64_t row = (image.columns + 3) * 2;
    return {image.memory.data() + (image.rows == 0 ? 0 : (image.rows - 1) * (image.columns + 3)),
            {image.rows, image.columns},
            {-row, 2}};
  }
  static of_a_program::Image make(const Shape& shape) { return {shape[0], shape[1]}; }
};

template <>
struct cairn::ArrayInterface<of_a_program::Numbers> {
  static DType dtype(const of_a_program::Numbers& numbers, DType saved) {
    return numbers.dtype == DT_INVALID ? saved : numbers.dtype;
  }
  static ArrayLayout layout(const of_a_program::Numbers& numbers) {
    const std::size_t size = size_of(numbers.dtype);
    return {numbers.bytes.data(), {size == 0 ? 0 : static_cast<std::int64_t>(numbers.bytes.size() / size)}};
  }
  static of_a_program::Numbers make(const Shape& shape, DType dtype) {
    return {dtype, std::vector<std::byte>(static_cast<std::size_t>(shape.num_elements()) * size_of(dtype))};
  }
};

template <>
struct cairn::ArrayInterface<of_a_program::Fussy> {
  static constexpr DType dtype = DT_FLOAT;
  static constexpr std::array<std::size_t, 1> extents{dynamic};
  static ArrayLayout layout(const of_a_program::Fussy& fussy) {
    return {fussy.elements.data(), {static_cast<std::int64_t>(fussy.elements.size())}};
  }
  static of_a_program::Fussy make(const of_a_program::Fussy& present, const Shape& shape) {
    of_a_program::Fussy made(present);
    made.elements.resize(static_cast<std::size_t>(shape[0]));
    return made;
  }
  static void replace(of_a_program::Fussy& present, of_a_program::Fussy& made) noexcept {
    present.elements.swap(made.elements);
    present.label = made.label + 1;
  }
};

template <>
struct cairn::ArrayInterface<of_a_program::Faulty> {
  using value_type = float;
  static ArrayLayout layout(const of_a_program::Faulty& faulty) {
    if (faulty.is_broken) return {faulty.elements.data(), {2}, {4, 4}};
    return {faulty.elements.data(), {static_cast<std::int64_t>(faulty.elements.size())}};
  }
  static of_a_program::Faulty make(const Shape& shape) {
    if (shape[0] == 3) throw std::runtime_error("three is too many");
    return {};
  }
};

using namespace cairn;
using namespace cairn::test;
using namespace of_a_program;

TEST_CASE(
    "a class joins by its ArrayInterface: its own memory, its own order, also where it has a serialize function") {
  Image image(3, 5);
  check_round_trip<std::uint16_t>(image, {3, 5},
                                  [](Image& each, const Index& at) -> auto& { return each.at(at[0], at[1]); });
  CHECK(std::count(image.memory.begin(), image.memory.end(), 9) == 10);  // the padding, and one element
  auto saved = counted_tensor<std::uint16_t, dynamic, dynamic>({4, 2});
  restore_from(saved, image);
  CHECK(image.rows == 4);
  CHECK(image.at(3, 1) == 8);
  Image empty;
  CHECK(tensor_of(empty) == counted<std::uint16_t>({0, 0}));
  CHECK(contains(describe<std::vector<Image>>(), "uint16 [?, ?]"));
}

TEST_CASE("an array whose dtype is known at run time takes that of the checkpoint while it has none") {
  Numbers numbers;
  auto saved = counted_tensor<std::int32_t, dynamic>({3});
  restore_from(saved, numbers);
  CHECK(tensor_of(numbers) == counted<std::int32_t>({3}));
  auto others = counted_tensor<double, dynamic>({4});
  CHECK(code_of([&] { restore_from(others, numbers); }) == ErrorCode::invalid_argument);
  CHECK(tensor_of(numbers) == counted<std::int32_t>({3}));
  Numbers none;
  CHECK(code_of([&] { (void)tensor_of(none); }) == ErrorCode::failed_precondition);
}

TEST_CASE("an array may make another by the present one, and say how that takes its place") {
  Fussy fussy;
  fussy.label = 5;
  auto saved = counted_tensor<float, dynamic>({3});
  restore_from(saved, fussy);
  CHECK(fussy.elements == std::vector<float>{1, 2, 3});
  CHECK(fussy.label == 6);
}

TEST_CASE("what an interface does wrong is an Error, or its own exception, and changes nothing") {
  Faulty faulty;
  faulty.elements = {7, 8};
  auto three = counted_tensor<float, dynamic>({3}), four = counted_tensor<float, dynamic>({4});
  CHECK_THROWS_WITH_AS(restore_from(three, faulty), "three is too many", std::runtime_error);
  CHECK(contains(sentence_of([&] { restore_from(four, faulty); }), "made an array of shape [2] where one of [4]"));
  CHECK(faulty.elements == std::vector<float>{7, 8});
  faulty.is_broken = true;
  CHECK(contains(sentence_of([&] { (void)tensor_of(faulty); }), "2 strides for an array of shape [2]"));
}
