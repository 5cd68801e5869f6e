// GradientTape: records the operations of a thread, and computes the derivatives of a loss from them.
//
//   cairn::GradientTape tape;
//   const auto loss = cairn::reduce_mean(cairn::square(model(x) - y));
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
//
// An operation tells every active tape of its thread how its result was computed. gradient() goes through the
// operations backwards, from the loss to the Variables.
#pragma once

#include "../core/detail/sort.hpp"
#include "../core/detail/vec.hpp"
#include "../tensor/detail/elements.hpp"
#include "../tensor/tensor.hpp"
#include "../tensor/variable.hpp"
#include "../tensor/variable_list.hpp"
#include "gradient_list.hpp"

#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE {

class GradientTape;

namespace ops::detail {

using tensor::detail::Elements;

// The origin of an operand, as a tape knows it: the number of an operation, the address of a Variable, or neither of
// them for a constant.
struct Source {
  std::uint64_t operation = 0;
  std::uintptr_t variable = 0;

  [[nodiscard]] bool is_constant() const noexcept { return operation == 0 && variable == 0; }
  friend bool operator==(const Source&, const Source&) = default;
  friend bool operator<(const Source& a, const Source& b) noexcept {
    return a.operation != b.operation ? a.operation < b.operation : a.variable < b.variable;
  }
};
[[nodiscard]] inline Source source_of_variable(const void* variable) noexcept {
  return {0, reinterpret_cast<std::uintptr_t>(variable)};
}
[[nodiscard]] inline Source source_of(const tensor::detail::TensorParts& tensor) noexcept {
  return {tensor.tape_id(), 0};
}
template <class T, std::size_t... Extents>
[[nodiscard]] Source source_of(const Variable<T, Extents...>& variable) noexcept {
  return source_of_variable(&variable);
}

// The way from an operation back to one of its operands: a function, and what the function needs of the operation.
struct Edge {
  // Takes d(loss)/d(result) as `upstream`, and adds d(loss)/d(operand) to `sum`: both are elements of `dtype`.
  using Add = void (*)(const Edge& edge, const void* upstream, void* sum);

  Source source;
  DType dtype;
  std::size_t size;  // the number of the operand's elements
  Add add;
  // Only the edge of a gather has it: it adds the squares of the numbers that `add` adds, slice by slice. TensorFlow
  // keeps the gradient of a Variable that is only gathered from as slices, one for each id, and Keras' optimizers
  // square each slice by itself.
  Add add_squares = nullptr;
  Elements kept[3] = {};
  std::size_t sizes[3] = {};
  // These two are set when the edge is recorded.
  std::uint64_t operation = 0;
  std::size_t result_size = 0;
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

// Tells every active tape of the thread how `result` was computed; the edges are empty afterwards. Edges to constants are
// not recorded. Where there are no others, `result` is a constant, too.
void record(tensor::detail::TensorParts& result, std::initializer_list<Edge*> edges);

[[nodiscard]] constexpr bool are_floating(std::span<const tensor::detail::VariableTraits> traits) noexcept {
  for (const tensor::detail::VariableTraits& each : traits)
    if (each.dtype != DT_FLOAT && each.dtype != DT_DOUBLE) return false;
  return true;
}

// d(loss)/d(source), as far as it is known. There are no values before the first edge has added something.
struct GradientSum {
  Source source;
  Elements values = {};
  Elements squares = {};  // null when something other than slices was added
};

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
// shape, until gradient() is called for the last time.
class GradientTape {
 public:
  // Begins to record, in the thread that makes the tape.
  explicit GradientTape(GradientTapeOptions options = {}) : options_(options) {
    ops::detail::active_tapes().push_back(this);
  }
  GradientTape(const GradientTape&) = delete;
  GradientTape& operator=(const GradientTape&) = delete;
  ~GradientTape() { stop(); }

  // Returns d(loss)/d(variable), in the shape and dtype of the Variable. Where the loss does not depend on the
  // variable, Python returns None; here the gradient is zeros with a note, and optimizers do not change such a
  // Variable, as in Keras. A loss that is no scalar counts as the sum of its elements. Throws Error with
  // ErrorCode::failed_precondition when gradient() is called a second time and the tape is not persistent, and when a
  // Variable changed its shape after it was an operand.
  template <class Loss, class T, std::size_t... Extents>
  [[nodiscard]] Tensor<T, Extents...> gradient(const Loss& loss, const Variable<T, Extents...>& variable) {
    static_assert(is_tensor<Loss> || is_variable<Loss>, "cairn: a loss is a Tensor, the result of operations.");
    static_assert(std::floating_point<T>, "cairn: only Variables of floating-point elements have gradients.");
    using Gradient = Tensor<T, Extents...>;
    return pick(differentiate(loss), &variable, dtype_of<T>, variable.shape()).template as<Gradient>();
  }
  // Returns the gradients of a list of Variables, in the order of the list. model.trainable_variables() and
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
  // Returns the gradients of a tuple of references to Variables, which std::tie(weights, biases) makes, as a tuple of
  // Tensors. Throws Error with ErrorCode::failed_precondition when gradient() is called a second time and the tape is
  // not persistent, and when a Variable changed its shape after it was an operand.
  template <class Loss, class... Variables>
  [[nodiscard]] std::tuple<typename std::remove_cvref_t<Variables>::tensor_type...> gradient(
      const Loss& loss, const std::tuple<Variables&...>& variables) {
    return gradient(loss, tensor::detail::list_of(variables)).as_tuple();
  }

 private:
  friend void ops::detail::record(tensor::detail::TensorParts& result, std::initializer_list<ops::detail::Edge*> edges);
  using Edge = ops::detail::Edge;
  using Source = ops::detail::Source;
  using Sum = ops::detail::GradientSum;
  using Sums = core::detail::Vec<Sum>;  // in the order of their sources

  void stop() noexcept { erase(ops::detail::active_tapes(), this); }

  template <class Loss>
  [[nodiscard]] Sums differentiate(const Loss& loss) {
    static_assert(std::floating_point<typename Loss::value_type>,
                  "cairn: only a loss of floating-point elements has gradients.");
    tensor::detail::Elements ones(Loss::dtype(), loss.size());
    auto* const one = ones.template as<typename Loss::value_type>();
    for (std::size_t i = 0; i < ones.size(); ++i) one[i] = 1;
    return differentiate(ops::detail::source_of(loss), std::move(ones));
  }

  // d(loss)/d(variable) for each Variable that the loss depends on. The sums of operations are dropped on the way.
  [[nodiscard]] Sums differentiate(Source loss, tensor::detail::Elements ones) {
    stop();
    if (asked_ && !options_.persistent)
      throw Error(ErrorCode::failed_precondition,
                  "this GradientTape was asked for gradients before; ask once for all variables, or make the tape "
                  "with {.persistent = true}");
    asked_ = true;
    Sums sums = empty_sums(loss);
    if (!loss.is_constant()) find(sums, loss)->values = std::move(ones);
    for (std::size_t end = edges_.size(), first = end; end > 0; end = first) {
      while (first > 0 && edges_[first - 1].operation == edges_[end - 1].operation) --first;
      Sum* const result = find(sums, Source{edges_[first].operation, 0});
      const tensor::detail::Elements upstream = std::move(result->values);
      if (upstream.is_null()) continue;
      for (std::size_t i = first; i < end; ++i) add(edges_[i], upstream.data(), *find(sums, edges_[i].source));
    }
    if (!options_.persistent) edges_.clear();
    return sums;
  }
  // A sum for the loss and for each operation and operand of the tape.
  [[nodiscard]] Sums empty_sums(Source loss) const {
    Sums all;
    all.reserve(2 * edges_.size() + 1);
    all.push_back({loss});
    for (const Edge& edge : edges_) {
      all.push_back({{edge.operation, 0}});
      all.push_back({edge.source});
    }
    core::detail::sort(all, [](const Sum& a, const Sum& b) { return a.source < b.source; });
    std::size_t count = 1;
    for (const Sum& each : all)
      if (!(each.source == all[count - 1].source)) all[count++] = each;
    all.resize(count);
    return all;
  }
  [[nodiscard]] static const Sum* find(const Sums& sums, Source source) noexcept {
    const Sum* first = sums.begin();
    for (std::size_t count = sums.size(); count > 0;) {
      const std::size_t middle = count / 2;
      if (first[middle].source < source) {
        first += middle + 1;
        count -= middle + 1;
      } else {
        count = middle;
      }
    }
    return first != sums.end() && first->source == source ? first : nullptr;
  }
  [[nodiscard]] static Sum* find(Sums& sums, Source source) noexcept {
    return const_cast<Sum*>(find(std::as_const(sums), source));
  }
  static void add(const Edge& edge, const void* upstream, Sum& sum) {
    const bool is_first = sum.values.is_null();
    if (is_first) sum.values = tensor::detail::Elements(edge.dtype, edge.size);
    if (sum.values.size() != edge.size)
      throw Error(ErrorCode::failed_precondition,
                  "a Variable changed its shape while a GradientTape recorded; its gradient has no shape then");
    edge.add(edge, upstream, sum.values.data());
    if (edge.add_squares == nullptr || edge.source.variable == 0)
      sum.squares = {};
    else if (is_first)
      sum.squares = tensor::detail::Elements(edge.dtype, edge.size);
    if (!sum.squares.is_null()) edge.add_squares(edge, upstream, sum.squares.data());
  }

  // The gradient of the Variable at this address, in its shape.
  [[nodiscard]] static ops::detail::AnyGradient pick(const Sums& sums, const void* variable, DType dtype, Shape shape) {
    const auto size = static_cast<std::size_t>(shape.num_elements());
    const Sum* const found = find(sums, ops::detail::source_of_variable(variable));
    if (found == nullptr || found->values.is_null())
      return {std::move(shape), {.is_none = true}, tensor::detail::Elements(dtype, size)};
    if (found->values.size() != size)
      throw Error(ErrorCode::failed_precondition,
                  "a Variable changed its shape after a GradientTape had recorded; ask before, or record again");
    return {std::move(shape), {.squares = found->squares}, found->values};
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

  GradientTapeOptions options_;
  bool asked_ = false;
  core::detail::Vec<Edge> edges_;  // those of an operation stand together
};

inline void ops::detail::record(tensor::detail::TensorParts& result, std::initializer_list<Edge*> edges) {
  const core::detail::Vec<GradientTape*>& tapes = active_tapes();
  std::uint64_t operation = 0;
  for (Edge* const edge : edges) {
    if (edge->source.is_constant()) continue;
    if (operation == 0) operation = next_operation();
    edge->operation = operation;
    edge->result_size = result.elements().size();
    for (std::size_t i = 0; i + 1 < tapes.size(); ++i) tapes[i]->edges_.push_back(*edge);
    tapes.back()->edges_.push_back(std::move(*edge));
  }
  if (operation != 0) result.set_tape_id(operation);
}

}  // namespace CAIRN_NAMESPACE
