// The refusal of a struct that does not fit a checkpoint, with the differences in the name of a template.
#pragma once

#include "../../core/detail/refuse.hpp"
#include "../../core/dtype.hpp"
#include "../../reflect/detail/spelled.hpp"
#include "../report.hpp"
#include "bytes.hpp"
#include "match.hpp"
#include "source.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace CAIRN_NAMESPACE::schema::detail {

// The words of the refusal. -1 stands for an extent that may be any.
template <DType dtype, std::int64_t... extents>
struct struct_has;
template <DType dtype, std::int64_t... extents>
struct checkpoint_has;
struct checkpoint_has_no_value;
template <class Path, class Struct, class Checkpoint>
struct differs;
template <class Path>
struct did_you_mean;
template <class Path, class... Nearest>
struct missing;
template <std::size_t count>
struct and_more;

template <class Struct, class... Differences>
struct this_struct_does_not_fit_the_checkpoint {
  static_assert(
      sizeof...(Differences) == 0,
      "cairn: this struct does not fit the checkpoint. What differs stands in the name of this template: paths "
      "of members, what the struct has there, and what the checkpoint has. Change the struct, or describe its "
      "other names in cairn::members.");
};

template <class State, class Source>
inline constexpr schema::Report report_of =
    find_differences<State>(SourceBytes<Source>::index, SourceBytes<Source>::graph);

template <class State, class Source, std::size_t I, bool is_nearest>
struct DifferencePath {
  static constexpr std::string_view text =
      (is_nearest ? report_of<State, Source>.differences[I].nearest : report_of<State, Source>.differences[I].path)
          .view();
};
template <template <DType, std::int64_t...> class Has, const schema::Tensor& tensor, std::size_t... axis>
[[nodiscard]] constexpr auto spell_tensor(std::index_sequence<axis...>) noexcept {
  return std::type_identity<Has<tensor.dtype, tensor.extents[axis]...>>{};
}
template <template <DType, std::int64_t...> class Has, class State, class Source, std::size_t I, bool in_struct>
struct SpelledTensor {
  static constexpr schema::Tensor tensor = in_struct ? report_of<State, Source>.differences[I].in_struct
                                                     : report_of<State, Source>.differences[I].in_checkpoint;
  static constexpr std::size_t shown =
      tensor.rank < schema::Tensor::max_shown ? tensor.rank : schema::Tensor::max_shown;
  using type = typename decltype(spell_tensor<Has, tensor>(std::make_index_sequence<shown>{}))::type;
};

template <class State, class Source, std::size_t I>
[[nodiscard]] constexpr auto spell_difference() noexcept {
  constexpr const schema::Difference& difference = report_of<State, Source>.differences[I];
  using Path = reflect::detail::Spelled<DifferencePath<State, Source, I, false>>;
  if constexpr (difference.kind == schema::DifferenceKind::missing) {
    if constexpr (difference.nearest.size == 0)
      return std::type_identity<missing<Path>>{};
    else
      return std::type_identity<
          missing<Path, did_you_mean<reflect::detail::Spelled<DifferencePath<State, Source, I, true>>>>>{};
  } else {
    using InStruct = typename SpelledTensor<struct_has, State, Source, I, true>::type;
    if constexpr (difference.kind == schema::DifferenceKind::no_value)
      return std::type_identity<differs<Path, InStruct, checkpoint_has_no_value>>{};
    else
      return std::type_identity<
          differs<Path, InStruct, typename SpelledTensor<checkpoint_has, State, Source, I, false>::type>>{};
  }
}
template <class State, class Source, std::size_t... I>
[[nodiscard]] constexpr bool refuse_differences(std::index_sequence<I...>) noexcept {
  constexpr std::size_t more = report_of<State, Source>.count - sizeof...(I);
  if constexpr (more == 0)
    return core::detail::refuse<this_struct_does_not_fit_the_checkpoint<
        State, typename decltype(spell_difference<State, Source, I>())::type...>>();
  else
    return core::detail::refuse<this_struct_does_not_fit_the_checkpoint<
        State, typename decltype(spell_difference<State, Source, I>())::type..., and_more<more>>>();
}

// Refuses a State that does not fit. It returns true even then, so that the refusal is the only error.
template <class State, class Source>
[[nodiscard]] constexpr bool require_match() noexcept {
  if constexpr (problem_of<Source> != Problem::none)
    static_cast<void>(require_readable<Source>());
  else if constexpr (!report_of<State, Source>.empty())
    static_cast<void>(refuse_differences<State, Source>(std::make_index_sequence<report_of<State, Source>.kept()>{}));
  return true;
}

}  // namespace CAIRN_NAMESPACE::schema::detail
