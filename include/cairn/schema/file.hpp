// A checkpoint's index as a constant: parse(), and what cannot be read is refused there.
//
//   #include "trained.hpp"                              made by cairn_embed (schema.hpp says how)
//   constexpr auto file = cairn::schema::parse(trained);
//
//   constexpr unsigned char bytes[] = {                 where the compiler has it
//   #embed "trained/ckpt-1.index"
//   };
//   constexpr auto file = cairn::schema::parse<bytes>();
#pragma once

#include "../core/refuse.hpp"
#include "tree.hpp"

#include <cstddef>
#include <iterator>
#include <type_traits>

namespace cairn::schema {

// A file whose bytes its type knows: `Source` is a class with a static constexpr array `index`, and an array `graph`
// (the object graph) or `data` (the data file that has it) where matching is to go by the graph.
template <class Source>
struct File {};

// A file whose bytes are a value. What differs from it is shown by matches<State, file>().
struct IndexFile {
  detail::FileBytes index{};
  detail::FileBytes graph{};
};

}  // namespace cairn::schema

namespace cairn::detail {

template <class Bytes>
struct these_are_not_bytes {
  static_assert(
      !std::is_same_v<Bytes, Bytes>,
      "cairn: the bytes of a file are an array of unsigned char: `constexpr unsigned char bytes[] = {...}`, or "
      "a std::array of them, with static storage.");
};
template <class Source>
struct this_source_has_no_index {
  static_assert(!std::is_same_v<Source, Source>,
                "cairn: a checkpoint for the compiler is what cairn_embed makes, a class with a static constexpr array "
                "`index`, or an array of unsigned char: parse<bytes>().");
};
template <class Source, Problem because>
struct this_checkpoint_cannot_be_read {
  static_assert(because == Problem::none,
                "cairn: the compiler cannot read this index, or its object graph; what is wrong with it stands in the "
                "name of this template. Embed the files as they are. A compressed index is none any more after "
                "CheckpointEditor has written it.");
};

template <class Bytes>
[[nodiscard]] constexpr FileBytes file_bytes(const Bytes& bytes) noexcept {
  if constexpr (requires { requires std::is_same_v<decltype(std::data(bytes)), const unsigned char*>; }) {
    return {std::data(bytes), std::size(bytes)};
  } else {
    static_cast<void>(refuse<these_are_not_bytes<Bytes>>());
    return {};
  }
}

// Where parse<index, graph>() and matches<State, file>() have their bytes.
template <const auto& index_bytes>
struct IndexAt {
  static constexpr const auto& index = index_bytes;
};
template <const auto& index_bytes, const auto& graph_bytes>
struct CheckpointAt {
  static constexpr const auto& index = index_bytes;
  static constexpr const auto& graph = graph_bytes;
};
template <const schema::IndexFile& file>
struct FileAt {};

template <class Source>
struct SourceBytes {
  static constexpr FileBytes index = file_bytes(Source::index);
  static constexpr FileBytes graph = [] {
    if constexpr (requires { Source::graph; })
      return file_bytes(Source::graph);
    else if constexpr (requires { Source::data; })
      return file_bytes(Source::data);
    else
      return FileBytes{};
  }();
};
template <const schema::IndexFile& file>
struct SourceBytes<FileAt<file>> {
  static constexpr FileBytes index = file.index, graph = file.graph;
};

[[nodiscard]] constexpr Problem find_problem(FileBytes index, FileBytes graph) {
  return StaticTree(index, graph).problem();
}
template <class Source>
inline constexpr Problem problem_of = find_problem(SourceBytes<Source>::index, SourceBytes<Source>::graph);

template <class Source>
[[nodiscard]] constexpr bool require_readable() noexcept {
  if constexpr (problem_of<Source> == Problem::none)
    return true;
  else
    return refuse<this_checkpoint_cannot_be_read<Source, problem_of<Source>>>();
}

// Calls of these end a constant expression: their names say why.
template <Problem because>
void this_checkpoint_cannot_be_read_by_the_compiler() noexcept {}
template <std::size_t... I>
constexpr void stop_because(Problem problem, std::index_sequence<I...>) noexcept {
  static_cast<void>(((problem == static_cast<Problem>(I + 1) &&
                      (this_checkpoint_cannot_be_read_by_the_compiler<static_cast<Problem>(I + 1)>(), true)) ||
                     ...));
}

}  // namespace cairn::detail

namespace cairn::schema {

// A checkpoint that cairn_embed made a header of, or a class of your own like that. What cannot be read does not
// compile.
template <class Source>
  requires(std::is_class_v<Source> && !requires(const Source& s) { std::data(s); })
[[nodiscard]] constexpr File<Source> parse(const Source&) noexcept {
  if constexpr (requires { Source::index; })
    static_cast<void>(detail::require_readable<Source>());
  else
    static_cast<void>(detail::refuse<detail::this_source_has_no_index<Source>>());
  return {};
}

// Arrays at namespace scope, as template arguments: parse<index>(), parse<index, graph_or_data>().
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

// The same arrays as values. They must have static storage. Called when the program runs, it reads nothing yet.
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

}  // namespace cairn::schema
