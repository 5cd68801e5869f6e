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
#include "detail/tree.hpp"

#include <cstddef>
#include <iterator>
#include <type_traits>

namespace cairn::schema {

// A checkpoint whose bytes its type knows. `Source` is a class with a static constexpr array `index`. To match by the
// object graph it has an array `graph` (the object graph), too, or `data` (the data file that has the object graph).
template <class Source>
struct File {};

// A checkpoint whose bytes are a value. Use matches<State, file>() to see the differences in the compiler's message.
struct IndexFile {
  detail::FileBytes index{};
  detail::FileBytes graph{};
};

}  // namespace cairn::schema

namespace cairn::schema::detail {

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
    static_cast<void>(core::detail::refuse<these_are_not_bytes<Bytes>>());
    return {};
  }
}

// The sources of parse<index>(), parse<index, graph>() and matches<State, file>().
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
    return core::detail::refuse<this_checkpoint_cannot_be_read<Source, problem_of<Source>>>();
}

// A call of this function ends a constant expression; its template argument tells the reason.
template <Problem because>
void this_checkpoint_cannot_be_read_by_the_compiler() noexcept {}
template <std::size_t... I>
constexpr void stop_because(Problem problem, std::index_sequence<I...>) noexcept {
  static_cast<void>(((problem == static_cast<Problem>(I + 1) &&
                      (this_checkpoint_cannot_be_read_by_the_compiler<static_cast<Problem>(I + 1)>(), true)) ||
                     ...));
}

}  // namespace cairn::schema::detail

namespace cairn::schema {

// The checkpoint of a header that cairn_embed made, or of a class of your own with the same members (File). The
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

// The checkpoint in arrays of unsigned char at namespace scope, which are template arguments: parse<index>(), or
// parse<index, graph>() where `graph` is the object graph or the data file that has it. The compiler refuses bytes that
// cannot be read, and tells the reason (Problem).
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

// The checkpoint in arrays of unsigned char, which are arguments and must have static storage. In a constant expression
// the compiler refuses bytes that cannot be read. When the program runs, parse only notes where the arrays are; bytes
// that cannot be read are then reported by differences() (Report::problem).
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
