// A tensor's values as text and as JSON, and from the words of a command line.
#pragma once

#include <cairn/core/dtype.hpp>
#include <cairn/core/shape.hpp>
#include <cairn/tensor/any_tensor.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tool {

class Json;

// NumPy's way: rows in brackets; of more than 1,000 elements three at both ends of each axis unless `full`, which also
// gives float64 all its digits.
[[nodiscard]] std::string values_text(const cairn::AnyTensor& tensor, bool full);
// Nested lists of all values; complex numbers are pairs.
void values_json(Json& json, const cairn::AnyTensor& tensor);

// The tensor of that dtype that a literal means: 0.5, -inf, true, 1+2j, [1, 2], [[1, 2], [3, 4]], "text", ["a", "b"];
// for strings also any text by itself. Numbers come as int64, uint64 or float64 where that is not their dtype. A single
// value fills the shape, a list has to have it; without a shape the literal's own is taken. Throws WrongUsage; `key` is
// for its sentence.
[[nodiscard]] cairn::AnyTensor value_of(std::string_view literal, cairn::DType dtype,
                                        const std::optional<cairn::Shape>& shape, std::string_view key);
// The dtype that a literal has by itself: bool for true and false, string for texts in quotation marks, int64 for whole
// numbers, float32 for others, complex64 for those with a j. Throws WrongUsage.
[[nodiscard]] cairn::DType dtype_of(std::string_view literal, std::string_view key);

}  // namespace tool
