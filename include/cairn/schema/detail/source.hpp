// The bytes of a checkpoint that the compiler reads, as a class has them, and the refusals of bytes that it cannot read.
#pragma once

#include "../../core/detail/refuse.hpp"
#include "bytes.hpp"
#include "tree.hpp"

#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::schema::detail {

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

// The sources of parse<index>() and parse<index, graph>().
template <const auto& index_bytes>
struct IndexAt {
  static constexpr const auto& index = index_bytes;
};
template <const auto& index_bytes, const auto& graph_bytes>
struct CheckpointAt {
  static constexpr const auto& index = index_bytes;
  static constexpr const auto& graph = graph_bytes;
};

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

}  // namespace CAIRN_NAMESPACE::schema::detail
