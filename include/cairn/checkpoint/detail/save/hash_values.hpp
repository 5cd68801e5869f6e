// The hashes of many values, by several threads.
#pragma once

#include "../../../core/detail/vec.hpp"
#include "../../../format/detail/polyval.hpp"
#include "../../../io/threads.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace cairn::checkpoint::detail {

[[nodiscard]] inline core::detail::Vec<format::detail::PolyvalHash> hash_values(
    const format::detail::Polyval& polyval, const core::detail::Vec<std::span<const std::byte>>& values,
    std::size_t threads) {
  constexpr std::size_t piece = std::size_t{1} << 20;
  struct Task {
    std::size_t value, begin;
    format::detail::PolyvalHash hash{};
  };
  core::detail::Vec<Task> tasks;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    bytes += values[i].size();
    for (std::size_t begin = 0; begin < values[i].size(); begin += piece) tasks.push_back({i, begin});
  }
  io::for_each_task(tasks.size(), io::threads_for(bytes, threads), [&](std::size_t number, std::size_t) {
    Task& task = tasks[number];
    const std::span<const std::byte> rest = values[task.value].subspan(task.begin);
    task.hash = polyval.hash(rest.first(std::min(rest.size(), piece)));
  });
  const format::detail::PolyvalHash power = polyval.power(piece);
  core::detail::Vec<format::detail::PolyvalHash> hashes(values.size());
  for (const Task& task : tasks) {
    format::detail::PolyvalHash& hash = hashes[task.value];
    const std::size_t rest = values[task.value].size() - task.begin;
    hash = task.begin == 0 ? task.hash
                           : format::detail::Polyval::join(hash, task.hash, rest < piece ? polyval.power(rest) : power);
  }
  return hashes;
}

}  // namespace cairn::checkpoint::detail
