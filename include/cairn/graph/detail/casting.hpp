// Casting: a restore's option to convert numbers to the program's dtype. It carries the conversions, so that a program
// that never sets the option has none of their functions.
//
//   Casting cast = Cast::widen;
//   if (cast.allows(DT_FLOAT, DT_DOUBLE)) cast.convert(source, key, DT_FLOAT, bytes, DT_DOUBLE, out);
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/dtype.hpp"
#include "../../core/error.hpp"
#include "../../tensor/cast.hpp"
#include "../../tensor/detail/convert_numbers.hpp"
#include "tensor_source.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::graph::detail {

// Converts the numbers `in`, which are saved under that key, to `out`; checks only whether they fit where `out` is
// empty. Throws Error with ErrorCode::out_of_range for a number that does not fit.
inline void convert_saved(const TensorSource& source, std::string_view key, DType from, std::span<const std::byte> in,
                          DType dtype, std::span<std::byte> out, Cast cast) {
  const tensor::detail::Misfit misfit = tensor::detail::convert(from, in, dtype, out, cast);
  if (!misfit) return;
  const std::string to = to_string(dtype);
  core::detail::fail(ErrorCode::out_of_range,
                     {"element ", misfit.index, " of ", key, " in ", source.name(), " is ", misfit.value, ", which no ",
                      to, " can hold; nothing was restored. Give the program's variable ", "a wider type than ", to,
                      ", let what is too large become the nearest number with ",
                      "cairn::Cast::saturate, or let what differs be skipped without a cast"},
                     {.file = source.name(), .key = key, .expected = to, .found = misfit.value});
}

// The functions that a restore calls where the option is set.
struct CastFeature {
  bool (*allows)(Cast cast, DType from, DType to);
  void (*convert)(const TensorSource& source, std::string_view key, DType from, std::span<const std::byte> in,
                  DType dtype, std::span<std::byte> out, Cast cast);
};
inline constexpr CastFeature cast_feature{&tensor::detail::may_cast, &convert_saved};

// Is set and read as a Cast is.
class Casting {
 public:
  Casting() noexcept = default;
  Casting(Cast cast) noexcept  // NOLINT(google-explicit-constructor): the option was a Cast once
      : cast_(cast), feature_(cast == Cast::never ? nullptr : &cast_feature) {}
  operator Cast() const noexcept { return cast_; }  // NOLINT(google-explicit-constructor)

  // True when the saved dtype is another one than the program's, and may be converted to it.
  [[nodiscard]] bool allows(DType from, DType to) const {
    return feature_ != nullptr && feature_->allows(cast_, from, to);
  }
  // As convert_saved. Only for dtypes that allows() allows.
  void convert(const TensorSource& source, std::string_view key, DType from, std::span<const std::byte> in, DType to,
               std::span<std::byte> out) const {
    feature_->convert(source, key, from, in, to, out, cast_);
  }

 private:
  Cast cast_ = Cast::never;
  const CastFeature* feature_ = nullptr;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
