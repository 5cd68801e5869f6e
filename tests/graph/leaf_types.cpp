// Every kind of value comes back, bit for bit; what a file may say of it cannot make it illegal.
#include <cairn/graph/detail/leaf_types.hpp>
#include <cairn/graph/slot_variables.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <cstring>
#include <limits>

using namespace cairn;
using namespace cairn::test;

namespace {

template <class T>
T round_trip(const T& value, T target = T()) {
  T source = value;
  const SavedState saved(child("x", source));
  const Restored restored = saved.restore(child("x", target));
  CHECK(restored.matched == Names{"x"});
  return target;
}
template <class T>
DType saved_dtype(T value) {
  return SavedState(child("x", value)).values.begin()->second.dtype;
}
enum class Colour : std::uint8_t { red, green };

}  // namespace

TEST_CASE_TEMPLATE("arithmetic values come back", T, bool, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t,
                   std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float, double) {
  CHECK(round_trip(std::numeric_limits<T>::max()) == std::numeric_limits<T>::max());
  CHECK(round_trip(std::numeric_limits<T>::lowest()) == std::numeric_limits<T>::lowest());
  CHECK(saved_dtype(T()) == dtype_of<T>);
}

TEST_CASE("long and long long are int64, or int32 where long is so") {
  CHECK(saved_dtype(1L) == (sizeof(long) == 8 ? DT_INT64 : DT_INT32));
  CHECK(saved_dtype(1LL) == DT_INT64);
  CHECK(round_trip(-5LL) == -5LL);
}

TEST_CASE("enums, complex numbers, halves and small floats come back") {
  CHECK(round_trip(Colour::green) == Colour::green);
  CHECK(round_trip(std::complex<float>(1, -2)) == std::complex<float>(1, -2));
  CHECK(round_trip(std::complex<double>(1, -2)) == std::complex<double>(1, -2));
  CHECK(float(round_trip(half(1.5f))) == 1.5f);
  CHECK(float(round_trip(bfloat16(1.5f))) == 1.5f);
}

TEST_CASE("not-a-number keeps its bits") {
  std::uint32_t bits = 0x7fc12345u;
  float nan = 0;
  std::memcpy(&nan, &bits, sizeof nan);
  const float back = round_trip(nan);
  std::memcpy(&bits, &back, sizeof back);
  CHECK(bits == 0x7fc12345u);
}

TEST_CASE("strings come back with zeros in them, empty and long") {
  CHECK(round_trip(std::string("a\0b", 3)) == std::string("a\0b", 3));
  CHECK(round_trip(std::string(), std::string("old")).empty());
  CHECK(round_trip(std::string(100'000, 'x')) == std::string(100'000, 'x'));
}

TEST_CASE("ranges take the saved length where they can") {
  CHECK(round_trip(std::vector<float>{1, 2, 3}) == std::vector<float>{1, 2, 3});
  CHECK(round_trip(std::vector<float>{1, 2, 3}, {9}) == std::vector<float>{1, 2, 3});
  CHECK(round_trip(std::vector<float>{}, {9}).empty());
  CHECK(round_trip(std::vector<std::string>{"a", ""}, {"x", "y", "z"}) == std::vector<std::string>{"a", ""});
  CHECK(round_trip(std::vector<std::string>{}, {"x"}).empty());
  CHECK(round_trip(std::array<float, 2>{1, 2}) == std::array<float, 2>{1, 2});
  CHECK(round_trip(std::vector<bool>{true, false, true}, {false}) == std::vector<bool>{true, false, true});
  CHECK(round_trip(std::array<bool, 2>{true, false}) == std::array<bool, 2>{true, false});
}

TEST_CASE("an array of another length is refused, and so is a scalar for a range") {
  std::array<float, 2> source{1, 2};
  const SavedState saved(child("x", source));
  std::array<float, 3> longer{7, 7, 7};
  CHECK(code_of([&] { saved.restore(child("x", longer)); }) == ErrorCode::invalid_argument);
  CHECK(longer == std::array<float, 3>{7, 7, 7});
  float scalar = 7;
  CHECK(code_of([&] { saved.restore(child("x", scalar)); }) == ErrorCode::invalid_argument);
}

TEST_CASE("variables of every rank come back, dynamic extents with the saved shape") {
  Variable<float, 2, 3> matrix{{1, 2, 3}, {4, 5, 6}};
  const SavedState saved(child("x", matrix));
  Variable<float, 2, 3> same;
  saved.restore(child("x", same));
  CHECK(same(1, 2) == 6);
  Variable<float, dynamic, 3> grown(Shape{1, 3});
  saved.restore(child("x", grown));
  CHECK(grown.shape() == Shape{2, 3});
  CHECK(grown(1, 0) == 4);
  Variable<float, 3, 2> turned;
  CHECK(code_of([&] { saved.restore(child("x", turned)); }) == ErrorCode::invalid_argument);
  Variable<std::string, 2> strings{"a", "b"};
  CHECK(round_trip(strings)(1) == "b");
  Variable<bool, 2> bools{true, false};
  CHECK(round_trip(bools)(0));
}

TEST_CASE("a restore leaves a variable's name and memory alone") {
  Variable<float, 2> source{1, 2};
  const SavedState saved(child("x", source));
  Variable<float, 2> target(VariableOptions{.name = "mine"});
  const float* const memory = target.data();
  saved.restore(child("x", target));
  CHECK(target.name() == "mine");
  CHECK(target.data() == memory);
}

TEST_CASE("the slot variable of a variable has its type and shape, and zeros") {
  Variable<float, dynamic, 3> variable(Shape{2, 3}, VariableOptions{.name = "mine"});
  variable(1, 2) = 5;
  const cairn::graph::detail::Object object = cairn::graph::detail::slot_of(variable).get();
  CHECK(object.type->name().starts_with("cairn::Variable<float, "));
  cairn::SlotVariables slots;
  const auto& like = slots[variable];
  CHECK(like.shape() == Shape{2, 3});
  CHECK(like(1, 2) == 0);
  CHECK_FALSE(like.trainable());
  CHECK(like.name() == "Variable");
}

TEST_CASE("variables of two shapes are of two types, each with its own") {
  Variable<float, 2> two;
  Variable<float, 3> three;
  const cairn::graph::detail::ObjectType* const type = cairn::graph::detail::slot_of(two).get().type;
  CHECK(type == cairn::graph::detail::slot_of(two).get().type);
  CHECK(type != cairn::graph::detail::slot_of(three).get().type);
  CHECK(type->leaf()->accepted(&two) == "[2]");
  CHECK(type->leaf()->variable_traits()->declared.accepts(Shape{2}));
}

TEST_CASE("a bool whose byte in the file is 2 is true, and nothing else") {
  std::array<bool, 3> bools{};
  Variable<bool> variable;
  std::vector<bool> bits(3);
  bool one = false;
  cairn::graph::detail::Root root{.object = {},
                                  .children = {{"a", cairn::graph::detail::slot_of(bools)},
                                               {"b", cairn::graph::detail::slot_of(variable)},
                                               {"c", cairn::graph::detail::slot_of(bits)},
                                               {"d", cairn::graph::detail::slot_of(one)}}};
  SavedState saved(root);
  for (auto& [key, value] : saved.values) std::fill(value.bytes.begin(), value.bytes.end(), std::byte{2});
  saved.restore(root);
  unsigned char byte = 0;
  std::memcpy(&byte, &bools[2], 1);
  CHECK(byte == 1);
  std::memcpy(&byte, variable.data(), 1);
  CHECK(byte == 1);
  std::memcpy(&byte, &one, 1);
  CHECK(byte == 1);
  CHECK(bits[2]);
}

TEST_CASE("a variable that was moved from is refused in a sentence, at save and restore") {
  Variable<float, 2> source{1, 2};
  const SavedState saved(child("x", source));
  Variable<float, 2> other = std::move(source);
  CHECK(code_of([&] { (void)SavedState(child("x", source)); }) == ErrorCode::failed_precondition);
  Tensor<float, 2> tensor{1, 2};
  Tensor<float, 2> taken = std::move(tensor);
  const std::string sentence = sentence_of([&] { (void)SavedState(child("x", tensor)); });
  CHECK(sentence.ends_with(
      " that was moved from has no value to save or restore; assign to it, or take it out of the checkpoint"));
  CHECK(sentence_of([&] { saved.restore(child("x", tensor)); }) == sentence);
}

TEST_CASE("a string tensor with more or fewer strings than its shape says is damaged") {
  std::vector<std::string> source{"a", "b"};
  SavedState saved(child("x", source));
  saved.values.begin()->second.strings = {"a"};
  std::vector<std::string> target{"old"};
  CHECK(code_of([&] { saved.restore(child("x", target)); }) == ErrorCode::data_loss);
  CHECK(target == std::vector<std::string>{"old"});
}
