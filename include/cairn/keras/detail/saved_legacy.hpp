// HyperType, LegacySlots: how legacy optimizers of Keras 2 are saved. They save numbers that Keras 3 leaves to the
// program, and slot variables.
//
//   iter, learning_rate, decay, beta_1, beta_2, ...   float32 scalars, but iter
//   slot variables "m", "v", ... for each Variable
#pragma once

#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/object.hpp"
#include "../../graph/detail/slot_variable_set.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::keras::detail {

// A number that is a double in the program and a float in checkpoints, such as beta_1. A restore changes the double
// only if it does not round to the saved float: 0.9 stays 0.9, and does not become the float next to it.
class HyperType : public graph::detail::LeafType {
 public:
  HyperType() = default;

  [[nodiscard]] std::string_view name() const noexcept override { return "double"; }
  [[nodiscard]] DType dtype(const void*, DType) const noexcept override { return DT_FLOAT; }
  [[nodiscard]] graph::detail::LeafValue value(const void* number) const override {
    auto copy = std::make_shared<float>(static_cast<float>(*static_cast<const double*>(number)));
    return {TensorView(DT_FLOAT, Shape{}, std::as_bytes(std::span<const float>(copy.get(), 1))), copy};
  }
  [[nodiscard]] bool accepts(const void*, const Shape& shape) const override { return shape.rank() == 0; }
  [[nodiscard]] std::string accepted(const void*) const override { return "[]"; }
  [[nodiscard]] core::detail::Own<graph::detail::Landing> land(void* number, DType, const Shape&) const override {
    return core::detail::make_own<Rounded>(*static_cast<double*>(number));
  }

 protected:
  class Rounded : public graph::detail::Landing {
   public:
    explicit Rounded(double& target) : target_(target) {}
    [[nodiscard]] std::span<std::byte> bytes() noexcept override {
      return std::as_writable_bytes(std::span<float>(&value_, 1));
    }
    void commit() noexcept override {
      if (static_cast<float>(target_) != value_) target_ = static_cast<double>(value_);
    }

   protected:
    [[nodiscard]] float value() const noexcept { return value_; }

   private:
    double& target_;
    float value_ = 0;
  };
};

// Keras 2's `decay`, which makes the learning rate smaller from step to step, for optimizers that have no decay. A
// restore of another value than 0 throws Error with ErrorCode::unimplemented, because such an optimizer could not save
// the value again.
class DecayType final : public HyperType {
 public:
  [[nodiscard]] core::detail::Own<graph::detail::Landing> land(void* number, DType, const Shape&) const override {
    return core::detail::make_own<Zero>(*static_cast<double*>(number));
  }

 private:
  class Zero final : public Rounded {
   public:
    using Rounded::Rounded;
    void prepare() override {
      if (value() != 0)
        throw Error(ErrorCode::unimplemented,
                    "this checkpoint's optimizer has a decay of " + std::to_string(value()) +
                        ", which only Keras 2's legacy optimizers have; restore it into one of keras::v2::legacy");
    }
  };
};

// The slots of one name, as slot variables.
class LegacySlots final : public graph::detail::SlotVariableSet {
  using Object = graph::detail::Object;

 public:
  LegacySlots() = default;

  void add(const Object& variable, const Object& slot) { slots_.emplace_back(variable, slot); }

  void list(const Sink& sink) const override {
    for (const auto& [variable, slot] : slots_) sink(variable, slot);
  }
  [[nodiscard]] Object find(const Object& variable) const override {
    const auto found =
        std::find_if(slots_.begin(), slots_.end(), [&](const auto& each) { return each.first == variable; });
    return found == slots_.end() ? Object{} : found->second;
  }

 private:
  core::detail::Vec<std::pair<Object, Object>> slots_;
};

}  // namespace CAIRN_NAMESPACE::keras::detail
