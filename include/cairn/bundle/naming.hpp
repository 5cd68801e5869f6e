// The names of a checkpoint's files and its one reserved key; no other file spells them.
//
//   prefix "training/ckpt-3"  ->  training/ckpt-3.index
//                                 training/ckpt-3.data-00000-of-00001
#pragma once

#include "../version.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle {

// The key under which an object-based checkpoint stores its ObjectGraph.
inline constexpr std::string_view object_graph_key = "_CHECKPOINTABLE_OBJECT_GRAPH";

// Returns the path of the index of the bundle `prefix`.
[[nodiscard]] inline std::string index_path(std::string_view prefix) { return std::string(prefix) + ".index"; }

// Returns the path of a data file. `shard` counts from 0, below `num_shards`; both numbers have five digits, or more
// where they need more.
[[nodiscard]] inline std::string data_path(std::string_view prefix, std::int32_t shard, std::int32_t num_shards) {
  const auto five_digits = [](std::int32_t number) {
    std::string digits = std::to_string(number);
    return digits.size() < 5 ? std::string(5 - digits.size(), '0') + digits : digits;
  };
  return std::string(prefix) + ".data-" + five_digits(shard) + "-of-" + five_digits(num_shards);
}

// Returns the number of shards of the bundle whose data file is called `name`. `name` is a file name without its
// folder, and `base` is the prefix without its folder. Returns nullopt for a name that data_path would not make.
[[nodiscard]] inline std::optional<std::int32_t> shards_of_data_name(std::string_view name, std::string_view base) {
  if (!name.starts_with(base)) return std::nullopt;
  std::string_view rest = name.substr(base.size());
  const auto skip = [&](std::string_view text) {
    const bool there = rest.starts_with(text);
    if (there) rest.remove_prefix(text.size());
    return there;
  };
  const auto number = [&]() -> std::optional<std::int32_t> {
    std::int32_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest.size() && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9'; ++digits)
      value = value * 10 + (rest[digits] - '0');
    if (digits < 5) return std::nullopt;
    rest.remove_prefix(digits);
    return value;
  };
  if (!skip(".data-")) return std::nullopt;
  const auto shard = number();
  if (!shard || !skip("-of-")) return std::nullopt;
  const auto num_shards = number();
  if (!num_shards || !rest.empty() || *shard >= *num_shards) return std::nullopt;
  if (name != data_path(base, *shard, *num_shards)) return std::nullopt;
  return num_shards;
}

}  // namespace CAIRN_NAMESPACE::bundle
