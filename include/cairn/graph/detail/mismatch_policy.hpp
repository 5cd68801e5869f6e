// MismatchPolicy: what a restore does about values of another dtype or shape. The two options that ask for something
// else than an Error carry the functions for it.
#pragma once

#include "../../core/detail/list_option.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/shape.hpp"
#include "../mismatch.hpp"
#include "../rename.hpp"
#include "common_part.hpp"
#include "object.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::graph::detail {

// The first rule that fits the path of a value, or the path of an object that holds the value, counts; `otherwise` is
// the answer where no rule fits. `rules` is null where there are none.
[[nodiscard]] inline OnMismatch answer_to_mismatch(OnMismatch otherwise, const std::vector<OnMismatchAt>* rules,
                                                   std::string_view path) {
  if (rules == nullptr) return otherwise;
  for (const OnMismatchAt& rule : *rules)
    if (renamed_from_beginning({rule.path, {}}, path, '.')) return rule.on_mismatch;
  return otherwise;
}

// The functions that a restore calls where one of the two options is set.
struct MismatchFeature {
  OnMismatch (*answer)(OnMismatch otherwise, const std::vector<OnMismatchAt>* rules, std::string_view path);
  core::detail::Own<Landing> (*land_part)(const LeafType& leaf, void* object, const Shape& saved, std::string& taken);
};
inline constexpr MismatchFeature mismatch_feature{&answer_to_mismatch, &land_common_part};

using OnMismatchAtOption = core::detail::ListOption<OnMismatchAt, mismatch_feature>;

// Is set and read as an OnMismatch is.
class OnMismatchOption {
 public:
  OnMismatchOption() noexcept = default;
  OnMismatchOption(OnMismatch answer) noexcept  // NOLINT(google-explicit-constructor): the option was one once
      : answer_(answer), feature_(answer == OnMismatch::error ? nullptr : &mismatch_feature) {}
  operator OnMismatch() const noexcept { return answer_; }  // NOLINT(google-explicit-constructor)

  // Null where the answer is an Error.
  [[nodiscard]] const MismatchFeature* feature() const noexcept { return feature_; }

 private:
  OnMismatch answer_ = OnMismatch::error;
  const MismatchFeature* feature_ = nullptr;
};

class MismatchPolicy {
 public:
  MismatchPolicy() noexcept = default;
  MismatchPolicy(OnMismatch otherwise) : otherwise_(otherwise) {}  // NOLINT(google-explicit-constructor)
  MismatchPolicy(const OnMismatchOption& otherwise, const OnMismatchAtOption& at) : otherwise_(otherwise), at_(at) {}

  // The answer for the path of a value or of an object.
  [[nodiscard]] OnMismatch of(std::string_view path) const {
    return feature() == nullptr ? OnMismatch::error : feature()->answer(otherwise_, at_.list(), path);
  }
  // Where a saved value of another shape, which has that path, is to land: it puts the part that both have into the
  // object, and `taken` is that part's shape. Null where nothing is to be taken.
  [[nodiscard]] core::detail::Own<Landing> land_part(std::string_view path, const LeafType& leaf, void* object,
                                                     const Shape& saved, std::string& taken) const {
    if (of(path) != OnMismatch::common_part) return nullptr;
    return feature()->land_part(leaf, object, saved, taken);
  }

 private:
  [[nodiscard]] const MismatchFeature* feature() const noexcept {
    return at_.feature() != nullptr ? at_.feature() : otherwise_.feature();
  }

  OnMismatchOption otherwise_;
  OnMismatchAtOption at_;
};

}  // namespace CAIRN_NAMESPACE::graph::detail
