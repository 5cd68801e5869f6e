// matches<State>(file), differences<State>(file): does a program's state fit a checkpoint?
//
//   static_assert(cairn::schema::matches<Training>(file));
//
// Where it does not fit, the compilation ends in a refusal that has the differences in its name:
//
//   this_struct_does_not_fit_the_checkpoint<Training,
//       differs<spelled<"model.kernel">, struct_has<DT_FLOAT, 784, 12>, checkpoint_has<DT_FLOAT, 784, 10>>,
//       missing<spelled<"model.bais">, did_you_mean<spelled<"model.bias">>>>
#pragma once

#include "detail/match.hpp"
#include "detail/require_match.hpp"
#include "detail/source.hpp"
#include "parse.hpp"
#include "report.hpp"

#include <type_traits>

namespace CAIRN_NAMESPACE::schema::detail {

// The source of matches<State, file>().
template <const IndexFile& file>
struct FileAt {};
template <const IndexFile& file>
struct SourceBytes<FileAt<file>> {
  static constexpr FileBytes index = file.index, graph = file.graph;
};

// A call of this function ends a constant expression; compilers show the line with the text.
inline void stop_compiling(const char*) noexcept {}

}  // namespace CAIRN_NAMESPACE::schema::detail

namespace CAIRN_NAMESPACE::schema {

// Returns true; the compiler refuses a State that does not fit, and names the differences. State is the type of the
// checkpoint's root: a struct, or a Checkpoint's type.
template <class State, class Source>
[[nodiscard]] constexpr bool matches(const File<Source>&) noexcept {
  return detail::require_match<State, Source>();
}
// Returns true; the compiler refuses a State that does not fit, and names the differences. `file`, the result of
// parse(index) or parse(index, graph), is a constant at namespace scope.
template <class State, const IndexFile& file>
[[nodiscard]] constexpr bool matches() noexcept {
  return detail::require_match<State, detail::FileAt<file>>();
}
// Returns whether the State fits. In a constant expression a State that does not fit ends the compilation, but the
// compiler cannot name the differences: use matches<State, file>() for that. When the program runs, the call returns
// false for a State that does not fit, and for bytes that cannot be read.
template <class State>
[[nodiscard]] constexpr bool matches(const IndexFile& file) {
  const bool fits = detail::find_differences<State>(file.index, file.graph).empty();
  if (!fits && std::is_constant_evaluated())
    detail::stop_compiling("cairn: the struct does not fit the checkpoint; matches<Struct, file>() shows what differs");
  return fits;
}

// Returns the differences as a constant, and does not end the compilation. The Report is empty() when the State fits.
template <class State, class Source>
[[nodiscard]] constexpr Report differences(const File<Source>&) {
  return detail::report_of<State, Source>;
}
template <class State>
[[nodiscard]] constexpr Report differences(const IndexFile& file) {
  return detail::find_differences<State>(file.index, file.graph);
}

}  // namespace CAIRN_NAMESPACE::schema
