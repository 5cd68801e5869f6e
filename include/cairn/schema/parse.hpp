// parse(): a checkpoint's index, and its object graph, as a constant. The compiler refuses bytes that cannot be read.
//
//   #include "trained.hpp"                              // made by cairn_embed (schema.hpp)
//   constexpr auto file = cairn::schema::parse(trained);
//
//   constexpr unsigned char bytes[] = {                 // with a compiler that has #embed
//   #embed "trained/ckpt-1.index"
//   };
//   constexpr auto file = cairn::schema::parse<bytes>();
#pragma once

#include "../core/detail/refuse.hpp"
#include "detail/bytes.hpp"
#include "detail/source.hpp"

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::schema {

// A checkpoint whose bytes its type knows. `Source` is a class with a static constexpr array `index`. To match by the
// object graph it has an array `graph` (the object graph), too, or `data` (the data file that has the object graph).
template <class Source>
struct File {};

// A checkpoint whose bytes are a value. Use matches<State, file>() to see the differences in the compiler's message.
struct IndexFile {
  // The arrays of parse(index, graph); `graph` is empty when only an index was given.
  detail::FileBytes index{};
  detail::FileBytes graph{};
};

// Returns the checkpoint of a header that cairn_embed made, or of a class of your own with the same members (File). The
// compiler refuses bytes that cannot be read, and tells the reason (Problem).
template <class Source>
  requires(std::is_class_v<Source> && !requires(const Source& s) { std::data(s); })
[[nodiscard]] constexpr File<Source> parse(const Source&) noexcept {
  if constexpr (requires { Source::index; })
    static_cast<void>(detail::require_readable<Source>());
  else
    static_cast<void>(core::detail::refuse<detail::this_source_has_no_index<Source>>());
  return {};
}

// Returns the checkpoint in arrays of unsigned char at namespace scope, which are template arguments: parse<index>(),
// or parse<index, graph>() where `graph` is the object graph or the data file that has it. The compiler refuses bytes
// that cannot be read, and tells the reason (Problem).
template <const auto& index>
[[nodiscard]] constexpr auto parse() noexcept {
  static_cast<void>(detail::require_readable<detail::IndexAt<index>>());
  return File<detail::IndexAt<index>>{};
}
template <const auto& index, const auto& graph>
[[nodiscard]] constexpr auto parse() noexcept {
  static_cast<void>(detail::require_readable<detail::CheckpointAt<index, graph>>());
  return File<detail::CheckpointAt<index, graph>>{};
}

// Returns the checkpoint in arrays of unsigned char, which are arguments and must have static storage. In a constant
// expression the compiler refuses bytes that cannot be read. When the program runs, parse only notes where the arrays
// are; bytes that cannot be read are then reported by differences() (Report::problem).
template <class Index>
  requires(!std::is_class_v<Index> || requires(const Index& s) { std::data(s); })
[[nodiscard]] constexpr IndexFile parse(const Index& index) {
  const IndexFile file{detail::file_bytes(index), {}};
  if (std::is_constant_evaluated())
    detail::stop_because(detail::find_problem(file.index, file.graph),
                         std::make_index_sequence<detail::problem_count>{});
  return file;
}
template <class Index, class Graph>
[[nodiscard]] constexpr IndexFile parse(const Index& index, const Graph& graph) {
  const IndexFile file{detail::file_bytes(index), detail::file_bytes(graph)};
  if (std::is_constant_evaluated())
    detail::stop_because(detail::find_problem(file.index, file.graph),
                         std::make_index_sequence<detail::problem_count>{});
  return file;
}

}  // namespace CAIRN_NAMESPACE::schema
