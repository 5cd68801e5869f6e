// GradientTape: what the operations of a thread did, kept so that derivatives can be asked for.
//
//   operation -> detail::record(result, edges) -> every active tape of the thread
//   gradient(loss, variables): the operations backwards, from the loss to the variables
//
// An operation is known by its result's tape_id, a Variable by its address: neither moves while a tape records.
#pragma once

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
#include <vector>

namespace cairn {

class GradientTape;

namespace detail {

// Where an operand comes from, as a tape knows it: an operation, a Variable, or neither (a constant).
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

// From an operation back to one of its operands: `add` adds to `sum` what d(loss)/d(result) means for the operand.
// Gradients travel flat, as tensors of one axis.
struct Edge {
  Source source;
  DType dtype;
  std::size_t size;
  std::function<void(const AnyTensor& upstream, AnyTensor& sum)> add;
  // Of a gather only: adds the squares of what `add` adds, slice by slice. TensorFlow keeps the gradient of what is
  // only gathered from in slices, one for each id, and Keras' optimizers square these one by one.
  std::function<void(const AnyTensor& upstream, AnyTensor& sum)> add_squares = nullptr;
};
struct Operation {
  std::uint64_t id;
  std::vector<Edge> edges;
};

// Of this thread, in order of their construction.
[[nodiscard]] inline std::vector<GradientTape*>& active_tapes() {
  thread_local std::vector<GradientTape*> tapes;
  return tapes;
}
[[nodiscard]] inline bool is_recording() { return !active_tapes().empty(); }

// Never 0, and never the same twice in a process.
[[nodiscard]] inline std::uint64_t next_operation() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void record(std::uint64_t id, std::vector<Edge> edges);

[[nodiscard]] constexpr bool are_floating(std::span<const VariableTraits> traits) noexcept {
  for (const VariableTraits& each : traits)
    if (each.dtype != DT_FLOAT && each.dtype != DT_DOUBLE) return false;
  return true;
}

// Tells every active tape how `result` came to be. Without an operand that could be asked for, it stays a constant.
template <class T, std::size_t... Extents>
void record(Tensor<T, Extents...>& result, std::vector<Edge> edges) {
  std::erase_if(edges, [](const Edge& edge) { return edge.source.is_constant(); });
  if (edges.empty()) return;
  result.set_tape_id(next_operation());
  record(result.tape_id(), std::move(edges));
}
template <class T, std::size_t... Extents, std::same_as<Edge>... Edges>
void record(Tensor<T, Extents...>& result, Edges... edges) {
  std::vector<Edge> all;
  (all.push_back(std::move(edges)), ...);
  record(result, std::move(all));
}

}  // namespace detail

struct GradientTapeOptions {
  bool persistent = false;  // may be asked more than once; keeps what it recorded until it is destroyed
};

// Records the operations of this thread from its construction until it is asked or destroyed, whichever is first:
// C++ has no `with`, so asking ends the recording. Several tapes may be active; all of them record, as in TensorFlow.
// What gradient() itself computes is not recorded: there are no second derivatives.
// A tape belongs to the thread that made it. A Variable that an operation saw must outlive the tape's last gradient().
class GradientTape {
 public:
  explicit GradientTape(GradientTapeOptions options = {}) : options_(options) {
    detail::active_tapes().push_back(this);
  }
  GradientTape(const GradientTape&) = delete;
  GradientTape& operator=(const GradientTape&) = delete;
  ~GradientTape() { stop(); }

  // d(loss)/d(variable), in the variable's shape. Zeros when the loss does not depend on the variable, where Python has
  // None; optimizers pass over both. A loss that is no scalar counts as the sum of its elements.
  // Throws Error (failed_precondition) when a tape that is not persistent is asked again.
  template <class Loss, class T, std::size_t... Extents>
  [[nodiscard]] Tensor<T, Extents...> gradient(const Loss& loss, const Variable<T, Extents...>& variable) {
    static_assert(is_tensor<Loss> || is_variable<Loss>, "cairn: a loss is a Tensor, the result of operations.");
    static_assert(std::floating_point<T>, "cairn: only Variables of floating-point elements have gradients.");
    using Gradient = Tensor<T, Extents...>;
    return pick(differentiate(loss), &variable, dtype_of<T>, variable.shape()).as(std::type_identity<Gradient>{});
  }
  // The same for a list of Variables, as model.trainable_variables() and cairn::trainable_variables(object) are: a list
  // of tensors in the same order.
  template <class Loss, class... Variables>
  [[nodiscard]] GradientList<typename std::remove_const_t<Variables>::tensor_type...> gradient(
      const Loss& loss, const VariableList<Variables...>& variables) {
    static_assert(is_tensor<Loss> || is_variable<Loss>, "cairn: a loss is a Tensor, the result of operations.");
    static_assert(detail::are_floating(detail::traits_of<std::remove_const_t<Variables>...>),
                  "cairn: only Variables of floating-point elements have gradients.");
    return GradientList<typename std::remove_const_t<Variables>::tensor_type...>(
        pick(differentiate(loss), variables.untyped()));
  }
  // And of a tuple of references, as std::tie(weights, biases) is, a tuple of tensors.
  template <class Loss, class... Variables>
  [[nodiscard]] std::tuple<typename std::remove_cvref_t<Variables>::tensor_type...> gradient(
      const Loss& loss, const std::tuple<Variables&...>& variables) {
    return gradient(loss, detail::list_of(variables)).as_tuple();
  }

 private:
  friend void detail::record(std::uint64_t id, std::vector<detail::Edge> edges);
  struct Sum {
    std::shared_ptr<AnyTensor> values;
    std::shared_ptr<AnyTensor> squares = nullptr;  // while all that was added were slices
  };
  using Sums = std::map<detail::Source, Sum>;

  void stop() noexcept { std::erase(detail::active_tapes(), this); }

  template <class Loss>
  [[nodiscard]] Sums differentiate(const Loss& loss) {
    static_assert(std::floating_point<typename Loss::value_type>,
                  "cairn: only a loss of floating-point elements has gradients.");
    const std::vector<typename Loss::value_type> ones(loss.size(), 1);
    return differentiate(detail::source_of(loss), AnyTensor(flat(ones.size()), std::span(ones)));
  }

  // d(loss)/d(variable) for each Variable that was reached; what belongs to operations is dropped on the way.
  [[nodiscard]] Sums differentiate(detail::Source loss, AnyTensor ones) {
    stop();
    if (asked_ && !options_.persistent)
      throw Error(ErrorCode::failed_precondition,
                  "this GradientTape was asked for gradients before; ask once for all variables, or make the tape "
                  "with {.persistent = true}");
    asked_ = true;
    Sums sums;
    if (!loss.is_constant()) sums.try_emplace(loss, Sum{std::make_shared<AnyTensor>(std::move(ones))});
    for (auto operation = operations_.rbegin(); operation != operations_.rend(); ++operation) {
      const auto node = sums.extract(detail::Source{(*operation)->id, 0});
      if (node.empty()) continue;
      for (const detail::Edge& edge : (*operation)->edges) {
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

  // What a Variable at that place got, in its shape.
  [[nodiscard]] static detail::AnyGradient pick(const Sums& sums, const void* variable, DType dtype, Shape shape) {
    const Shape all = flat(static_cast<std::size_t>(shape.num_elements()));
    const auto found = sums.find(detail::Source{0, reinterpret_cast<std::uintptr_t>(variable)});
    const bool is_none = found == sums.end();
    const auto [values, squares] = is_none ? Sum{std::make_shared<AnyTensor>(dtype, all)} : found->second;
    if (values->shape() != all)
      throw Error(ErrorCode::failed_precondition,
                  "a Variable changed its shape after a GradientTape had recorded; ask before, or record again");
    detail::AnyGradient gradient{.shape = std::move(shape), .is_none = is_none};
    gradient.elements = std::shared_ptr<void>(values, values->bytes().data());
    if (squares != nullptr) gradient.squares = std::shared_ptr<const void>(squares, squares->bytes().data());
    return gradient;
  }
  [[nodiscard]] static std::vector<detail::AnyGradient> pick(const Sums& sums, const detail::AnyVariableList& list) {
    std::vector<detail::AnyGradient> gradients;
    gradients.reserve(list.variables.size());
    for (std::size_t i = 0; i < list.variables.size(); ++i)
      gradients.push_back(
          pick(sums, list.variables[i], list.traits[i].dtype, list.traits[i].shape_of(list.variables[i])));
    return gradients;
  }
  [[nodiscard]] static Shape flat(std::size_t size) { return Shape{static_cast<std::int64_t>(size)}; }

  GradientTapeOptions options_;
  bool asked_ = false;
  std::vector<std::shared_ptr<const detail::Operation>> operations_;
};

inline void detail::record(std::uint64_t id, std::vector<Edge> edges) {
  const auto operation = std::make_shared<const Operation>(Operation{id, std::move(edges)});
  for (GradientTape* const tape : active_tapes()) tape->operations_.push_back(operation);
}

}  // namespace cairn
