// GradientTape: records the operations of a thread, and computes the derivatives of a loss from them.
//
//   cairn::GradientTape tape;
//   const auto loss = cairn::reduce_mean(cairn::square(model(x) - y));
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
//
// An operation tells every active tape of its thread how its result was computed. gradient() goes through the
// operations backwards, from the loss to the Variables.
#pragma once

#include "../core/detail/vec.hpp"
#include "../tensor/any_tensor.hpp"
#include "../tensor/tensor.hpp"
#include "../tensor/variable.hpp"
#include "../tensor/variable_list.hpp"
#include "gradient_list.hpp"

#include <algorithm>
#include <atomic>
#include <compare>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace cairn {

class GradientTape;

namespace ops::detail {

// The origin of an operand, as a tape knows it: the number of an operation, the address of a Variable, or neither of
// them for a constant.
struct Source {
  std::uint64_t operation = 0;
  std::uintptr_t variable = 0;

  [[nodiscard]] bool is_constant() const noexcept { return operation == 0 && variable == 0; }
  friend auto operator<=>(const Source&, const Source&) = default;
};
template <class T, std::size_t... Extents>
[[nodiscard]] Source source_of(const Tensor<T, Extents...>& tensor) noexcept {
  return {tensor.tape_id(), 0};
}
template <class T, std::size_t... Extents>
[[nodiscard]] Source source_of(const Variable<T, Extents...>& variable) noexcept {
  return {0, reinterpret_cast<std::uintptr_t>(&variable)};
}

// The way from an operation back to one of its operands. `add` takes d(loss)/d(result) as `upstream`, and adds
// d(loss)/d(operand) to `sum`. Both are tensors of one axis, whatever the shapes of result and operand are.
struct Edge {
  Source source;
  DType dtype;
  std::size_t size;
  std::function<void(const AnyTensor& upstream, AnyTensor& sum)> add;
  // Only the edge of a gather has it: it adds the squares of the numbers that `add` adds, slice by slice. TensorFlow
  // keeps the gradient of a Variable that is only gathered from as slices, one for each id, and Keras' optimizers
  // square each slice by itself.
  std::function<void(const AnyTensor& upstream, AnyTensor& sum)> add_squares = nullptr;
};
struct Operation {
  std::uint64_t id;
  core::detail::Vec<Edge> edges;
};

// The active tapes of this thread, in the order of their construction.
[[nodiscard]] inline core::detail::Vec<GradientTape*>& active_tapes() {
  thread_local core::detail::Vec<GradientTape*> tapes;
  return tapes;
}
[[nodiscard]] inline bool is_recording() { return !active_tapes().empty(); }

// The number of a new operation: it is never 0, and no number is returned twice in a process.
[[nodiscard]] inline std::uint64_t next_operation() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void record(std::uint64_t id, core::detail::Vec<Edge> edges);

[[nodiscard]] constexpr bool are_floating(std::span<const tensor::detail::VariableTraits> traits) noexcept {
  for (const tensor::detail::VariableTraits& each : traits)
    if (each.dtype != DT_FLOAT && each.dtype != DT_DOUBLE) return false;
  return true;
}

// Tells every active tape of the thread how `result` was computed. If all operands are constants, nothing is recorded,
// and `result` is a constant, too.
template <class T, std::size_t... Extents>
void record(Tensor<T, Extents...>& result, core::detail::Vec<Edge> edges) {
  erase_if(edges, [](const Edge& edge) { return edge.source.is_constant(); });
  if (edges.empty()) return;
  result.set_tape_id(next_operation());
  record(result.tape_id(), std::move(edges));
}
template <class T, std::size_t... Extents, std::same_as<Edge>... Edges>
void record(Tensor<T, Extents...>& result, Edges... edges) {
  core::detail::Vec<Edge> all;
  (all.push_back(std::move(edges)), ...);
  record(result, std::move(all));
}

}  // namespace ops::detail

// The arguments of tf.GradientTape.
struct GradientTapeOptions {
  bool persistent = false;  // gradient() may be called several times; the tape keeps the operations until it ends
};

// A tape records the operations of its thread from its construction until the first call of gradient(), or until it is
// destroyed. (Python's `with` ends the recording; in C++ gradient() does.) Several tapes may be active in a thread; all
// of them record, as in TensorFlow. The computations of gradient() itself are not recorded: there are no second
// derivatives.
//
// Only the thread that made a tape may use it. A Variable that was an operand must stay at its address, and keep its
// shape, until the tape's last gradient().
class GradientTape {
 public:
  explicit GradientTape(GradientTapeOptions options = {}) : options_(options) {
    ops::detail::active_tapes().push_back(this);
  }
  GradientTape(const GradientTape&) = delete;
  GradientTape& operator=(const GradientTape&) = delete;
  ~GradientTape() { stop(); }

  // d(loss)/d(variable), in the variable's shape. Where the loss does not depend on the variable, Python returns None;
  // here the gradient is zeros with a note, and optimizers leave such a variable as it is, as Keras does. A loss that
  // is no scalar counts as the sum of its elements. Throws Error with ErrorCode::failed_precondition when gradient() is
  // called a second time and the tape is not persistent, and when a Variable changed its shape after it was an operand.
  template <class Loss, class T, std::size_t... Extents>
  [[nodiscard]] Tensor<T, Extents...> gradient(const Loss& loss, const Variable<T, Extents...>& variable) {
    static_assert(is_tensor<Loss> || is_variable<Loss>, "cairn: a loss is a Tensor, the result of operations.");
    static_assert(std::floating_point<T>, "cairn: only Variables of floating-point elements have gradients.");
    using Gradient = Tensor<T, Extents...>;
    return pick(differentiate(loss), &variable, dtype_of<T>, variable.shape()).as(std::type_identity<Gradient>{});
  }
  // The gradients of a list of Variables, in the list's order. model.trainable_variables() and
  // cairn::trainable_variables(object) are such lists. Throws Error with ErrorCode::failed_precondition when gradient()
  // is called a second time and the tape is not persistent, and when a Variable changed its shape after it was an
  // operand.
  template <class Loss, class... Variables>
  [[nodiscard]] GradientList<typename std::remove_const_t<Variables>::tensor_type...> gradient(
      const Loss& loss, const VariableList<Variables...>& variables) {
    static_assert(is_tensor<Loss> || is_variable<Loss>, "cairn: a loss is a Tensor, the result of operations.");
    static_assert(ops::detail::are_floating(tensor::detail::traits_of<std::remove_const_t<Variables>...>),
                  "cairn: only Variables of floating-point elements have gradients.");
    return GradientList<typename std::remove_const_t<Variables>::tensor_type...>(
        pick(differentiate(loss), variables.untyped()));
  }
  // The gradients of a tuple of references to Variables, which std::tie(weights, biases) makes, as a tuple of Tensors.
  // Throws Error with ErrorCode::failed_precondition when gradient() is called a second time and the tape is not
  // persistent, and when a Variable changed its shape after it was an operand.
  template <class Loss, class... Variables>
  [[nodiscard]] std::tuple<typename std::remove_cvref_t<Variables>::tensor_type...> gradient(
      const Loss& loss, const std::tuple<Variables&...>& variables) {
    return gradient(loss, tensor::detail::list_of(variables)).as_tuple();
  }

 private:
  friend void ops::detail::record(std::uint64_t id, core::detail::Vec<ops::detail::Edge> edges);
  struct Sum {
    std::shared_ptr<AnyTensor> values;
    std::shared_ptr<AnyTensor> squares = nullptr;  // null when something other than slices was added
  };
  using Sums = std::map<ops::detail::Source, Sum>;

  void stop() noexcept { erase(ops::detail::active_tapes(), this); }

  template <class Loss>
  [[nodiscard]] Sums differentiate(const Loss& loss) {
    static_assert(std::floating_point<typename Loss::value_type>,
                  "cairn: only a loss of floating-point elements has gradients.");
    const core::detail::Vec<typename Loss::value_type> ones(loss.size(), 1);
    return differentiate(ops::detail::source_of(loss), AnyTensor(flat(ones.size()), std::span(ones)));
  }

  // d(loss)/d(variable) for each Variable that the loss depends on. The sums of operations are dropped on the way.
  [[nodiscard]] Sums differentiate(ops::detail::Source loss, AnyTensor ones) {
    stop();
    if (asked_ && !options_.persistent)
      throw Error(ErrorCode::failed_precondition,
                  "this GradientTape was asked for gradients before; ask once for all variables, or make the tape "
                  "with {.persistent = true}");
    asked_ = true;
    Sums sums;
    if (!loss.is_constant()) sums.try_emplace(loss, Sum{std::make_shared<AnyTensor>(std::move(ones))});
    for (std::size_t i = operations_.size(); i-- > 0;) {
      const ops::detail::Operation& operation = *operations_[i];
      const auto node = sums.extract(ops::detail::Source{operation.id, 0});
      if (node.empty()) continue;
      for (const ops::detail::Edge& edge : operation.edges) {
        const auto [at, is_first] = sums.try_emplace(edge.source);
        Sum& sum = at->second;
        if (is_first) sum.values = std::make_shared<AnyTensor>(edge.dtype, flat(edge.size));
        if (sum.values->shape() != flat(edge.size))
          throw Error(ErrorCode::failed_precondition,
                      "a Variable changed its shape while a GradientTape recorded; its gradient has no shape then");
        edge.add(*node.mapped().values, *sum.values);
        if (!edge.add_squares || edge.source.variable == 0)
          sum.squares.reset();
        else if (is_first)
          sum.squares = std::make_shared<AnyTensor>(edge.dtype, flat(edge.size));
        if (sum.squares) edge.add_squares(*node.mapped().values, *sum.squares);
      }
    }
    if (!options_.persistent) operations_.clear();
    return sums;
  }

  // The gradient of the Variable at this address, in its shape.
  [[nodiscard]] static ops::detail::AnyGradient pick(const Sums& sums, const void* variable, DType dtype, Shape shape) {
    const Shape all = flat(static_cast<std::size_t>(shape.num_elements()));
    const auto found = sums.find(ops::detail::Source{0, reinterpret_cast<std::uintptr_t>(variable)});
    const bool is_none = found == sums.end();
    const auto [values, squares] = is_none ? Sum{std::make_shared<AnyTensor>(dtype, all)} : found->second;
    if (values->shape() != all)
      throw Error(ErrorCode::failed_precondition,
                  "a Variable changed its shape after a GradientTape had recorded; ask before, or record again");
    ops::detail::AnyGradient gradient{.shape = std::move(shape), .is_none = is_none};
    gradient.elements = std::shared_ptr<void>(values, values->bytes().data());
    if (squares != nullptr) gradient.squares = std::shared_ptr<const void>(squares, squares->bytes().data());
    return gradient;
  }
  [[nodiscard]] static core::detail::Vec<ops::detail::AnyGradient> pick(const Sums& sums,
                                                                        const tensor::detail::AnyVariableList& list) {
    core::detail::Vec<ops::detail::AnyGradient> gradients;
    gradients.reserve(list.variables.size());
    for (std::size_t i = 0; i < list.variables.size(); ++i)
      gradients.push_back(
          pick(sums, list.variables[i], list.traits[i].dtype, list.traits[i].shape_of(list.variables[i])));
    return gradients;
  }
  [[nodiscard]] static Shape flat(std::size_t size) { return Shape{static_cast<std::int64_t>(size)}; }

  GradientTapeOptions options_;
  bool asked_ = false;
  core::detail::Vec<std::shared_ptr<const ops::detail::Operation>> operations_;
};

inline void ops::detail::record(std::uint64_t id, core::detail::Vec<Edge> edges) {
  const auto operation = std::make_shared<const Operation>(Operation{id, std::move(edges)});
  for (GradientTape* const tape : active_tapes()) tape->operations_.push_back(operation);
}

}  // namespace cairn
