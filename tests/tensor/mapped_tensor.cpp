#include <cairn/tensor/mapped_tensor.hpp>

#include <doctest/doctest.h>

#include <cairn/tensor/any_tensor.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

using cairn::ErrorCode;
using cairn::MappedTensor;
using cairn::TensorView;

TEST_CASE("every copy keeps alive what is viewed") {
  auto values = std::make_shared<std::vector<float>>(3, 1.5F);
  const std::weak_ptr<const void> owner = values;
  TensorView whole(cairn::DT_FLOAT, {3}, std::as_bytes(std::span(*values)));
  MappedTensor first(std::move(whole), std::move(values), true);
  {
    const MappedTensor second = first;
    CHECK(second.span<float>().data() == first.span<float>().data());
    first = MappedTensor(TensorView(cairn::DT_FLOAT, {0}, {}), nullptr, false);
    CHECK_FALSE(first.is_mapped());
    CHECK(second.is_mapped());
    CHECK(second.span<float>()[2] == 1.5F);
  }
  CHECK(owner.expired());
}

TEST_CASE("elements have the dtype that the tensor has, or are not given out") {
  const std::vector<std::string> texts{"a", "b"};
  const MappedTensor strings(TensorView({2}, texts), nullptr, false);
  CHECK(strings.span<std::string>()[1] == "b");
  CHECK(cairn::AnyTensor(strings).strings()[0] == "a");
  try {
    (void)strings.span<float>();
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    CHECK(error.expected() == "float32");
    CHECK(error.found() == "string");
  }
}

TEST_CASE("numbers that are not aligned cannot be viewed as such; half of a complex number is enough") {
  alignas(16) std::byte bytes[64]{};
  const auto at = [&](std::size_t begin, cairn::DType dtype) {
    return MappedTensor::is_aligned(dtype, std::span(bytes).subspan(begin, cairn::size_of(dtype)));
  };
  CHECK(at(0, cairn::DT_DOUBLE));
  CHECK_FALSE(at(4, cairn::DT_DOUBLE));
  CHECK(at(4, cairn::DT_COMPLEX64));
  CHECK(at(8, cairn::DT_COMPLEX128));
  CHECK_FALSE(at(1, cairn::DT_HALF));
  CHECK(at(1, cairn::DT_BOOL));
  CHECK(MappedTensor::is_aligned(cairn::DT_DOUBLE, std::span(bytes).subspan(1, 0)));
  try {
    (void)MappedTensor(TensorView(cairn::DT_FLOAT, {}, std::span(bytes).subspan(2, 4)), nullptr, true);
    FAIL("nothing was thrown");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
  }
}
