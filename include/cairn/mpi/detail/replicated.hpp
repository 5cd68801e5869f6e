// The values that every rank has: who of the ranks writes each, whether the states of all ranks are of one structure, and
// whether the values have drifted apart.
#pragma once

#include "../../checkpoint/detail/save/save_job.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../graph/detail/walk.hpp"
#include "../../partition/detail/partitioned_parts.hpp"
#include "../../tensor/tensor_view.hpp"
#include "agreement.hpp"
#include "channel.hpp"
#include "message.hpp"
#include "ranks_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

// A value that every rank has, and the node of the walk that has it.
struct RanksValue {
  std::int32_t node;
  checkpoint::detail::SavedValue value;
};
// A tensor of which each rank has some boxes.
struct RanksPartitioned {
  std::int32_t node;
  std::string_view key;
  const partition::detail::PartitionedParts* parts;
};

// The bytes that a value is counted with: the same on every rank, also where the texts of strings differ.
[[nodiscard]] inline std::uint64_t counted_bytes(const TensorView& view) { return tensor::detail::bytes_of(view); }

// Returns for each value which of so many writers writes it: the largest value first, to the writer that has least by
// then. Small values are not worth a file: rank 0, which writes the object graph in any case, has them.
[[nodiscard]] inline core::detail::Vec<int> divided(const core::detail::Vec<RanksValue>& values, int writers) {
  constexpr std::uint64_t small_bytes = 4096;
  core::detail::Vec<int> writer_of(values.size());
  core::detail::Vec<std::uint32_t> large;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (counted_bytes(values[i].value.view) >= small_bytes) large.push_back(static_cast<std::uint32_t>(i));
  core::detail::sort(large, [&](std::uint32_t a, std::uint32_t b) {
    const std::uint64_t size_a = counted_bytes(values[a].value.view), size_b = counted_bytes(values[b].value.view);
    return size_a != size_b ? size_a > size_b : a < b;
  });
  using Load = std::pair<std::uint64_t, int>;
  const auto is_heavier = [](const Load& a, const Load& b) { return a > b; };
  std::vector<Load> loads;  // a heap
  for (int writer = 0; writer < writers; ++writer) loads.emplace_back(0, writer);
  for (const std::uint32_t i : large) {
    std::pop_heap(loads.begin(), loads.end(), is_heavier);
    writer_of[i] = loads.back().second;
    loads.back().first += counted_bytes(values[i].value.view);
    std::push_heap(loads.begin(), loads.end(), is_heavier);
  }
  return writer_of;
}

[[nodiscard]] inline std::string shown(const TensorView& view) {
  return to_string(view.dtype()) + " " + view.shape().to_string();
}
[[nodiscard]] inline std::string shown(const partition::detail::PartitionedParts& parts) {
  if (!parts.has_shape()) return "partitioned, without a shape";
  return "partitioned " + to_string(parts.dtype()) + " " + parts.shape().to_string();
}

// Throws Error (invalid_argument) on every rank unless all states have the same objects, and values of the same dtypes and
// shapes, but for what is below a PerRank. `encoded` is the encoded graph of what all have.
inline void require_one_structure(Channel& channel, const graph::detail::LiveGraph& live, const RanksGraph& graph,
                                  std::string_view encoded, const core::detail::Vec<RanksValue>& values,
                                  const core::detail::Vec<RanksPartitioned>& partitioned) {
  Hash hash{};
  together(channel, [&] {
    hash = hash_of(encoded);
    for (const RanksValue& each : values) hash = joined(hash, format::as_bytes(shown(each.value.view)));
    for (const RanksPartitioned& each : partitioned) hash = joined(hash, format::as_bytes(shown(*each.parts)));
  });
  if (is_same_everywhere(channel, hash)) return;
  std::vector<std::string> lines;  // the same order on ranks that have the same
  std::string message;
  agree(channel, Failure::of([&] {
          std::vector<std::string> of_node(live.graph.size());
          for (std::size_t id = 1; id < of_node.size(); ++id) {
            const auto node = static_cast<std::int32_t>(id);
            if (graph.common_id(node) >= 0) of_node[id] = live.graph.path(node);
          }
          for (const RanksValue& each : values)
            (of_node[static_cast<std::size_t>(each.node)] += ' ') += shown(each.value.view);
          for (const RanksPartitioned& each : partitioned)
            (of_node[static_cast<std::size_t>(each.node)] += ' ') += shown(*each.parts);
          for (std::string& line : of_node)
            if (!line.empty()) lines.push_back(std::move(line));
          put(message, lines);
        }));
  const std::vector<std::string> all = channel.gather(message);
  std::string sentence;
  agree(channel, Failure::of([&] {
          if (channel.rank() != 0) return;
          const auto first_not_in = [](const std::vector<std::string>& of, std::vector<std::string> others) {
            std::sort(others.begin(), others.end());
            for (const std::string& each : of)
              if (!std::binary_search(others.begin(), others.end(), each)) return "\"" + each + "\"";
            return std::string("nothing of its own");
          };
          std::size_t told = 0;
          for (std::size_t rank = 1; rank < all.size(); ++rank) {
            format::ByteReader reader(all[rank], "a message of a rank");
            const std::vector<std::string> theirs = take_texts(reader);
            if (theirs == lines) continue;
            if (++told > 3) continue;
            sentence += (told == 1 ? "rank 0 has " : "; rank 0 has ") + first_not_in(lines, theirs) + ", rank " +
                        std::to_string(rank) + " has " + first_not_in(theirs, lines);
          }
          if (told == 0) sentence = "their objects have other names, or come in another order";
          if (told > 3) sentence += "; " + std::to_string(told - 3) + " more ranks differ from rank 0";
        }));
  channel.broadcast(sentence);
  core::detail::fail(ErrorCode::invalid_argument,
                     {"the ranks cannot save one checkpoint, because their states are of different structures: ",
                      sentence, ". Nothing was saved"});
}

[[nodiscard]] inline Hash hash_of(const TensorView& view) {
  if (view.dtype() == DT_STRING) {
    Hash hash{};
    for (const std::string& each : view.strings()) hash = joined(hash, format::as_bytes(each));
    return hash;
  }
  if (view.scattered() == nullptr) return joined({}, view.bytes());
  core::detail::Vec<std::byte> bytes(view.scattered()->size());
  const std::span<std::byte> all(bytes.data(), bytes.size());
  view.scattered()->gather(0, all);
  return joined({}, all);
}

// Throws Error (failed_precondition) on every rank, with the paths and the ranks, where a value is not the same on all of
// them.
inline void require_same_values(Channel& channel, const graph::detail::LiveGraph& live,
                                const core::detail::Vec<RanksValue>& values) {
  core::detail::Vec<std::uint64_t> least, own;
  together(channel, [&] {
    least.resize(4 * values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Hash hash = hash_of(values[i].value.view);
      for (std::size_t k = 0; k < 2; ++k) least[4 * i + 2 * k] = hash[k], least[4 * i + 2 * k + 1] = ~hash[k];
    }
    own = least;
  });
  channel.least({least.data(), least.size()});
  constexpr std::size_t most = 10;
  core::detail::Vec<std::size_t> drifted;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t* const of = least.data() + 4 * i;
    if (of[0] == ~of[1] && of[2] == ~of[3]) continue;
    if (++count <= most) drifted.push_back(i);
  }
  if (count == 0) return;
  std::string message;
  for (const std::size_t i : drifted)
    for (const std::size_t k : {std::size_t{0}, std::size_t{2}}) format::append_fixed64(message, own[4 * i + k]);
  const std::vector<std::string> all = channel.gather(message);
  std::string sentence;
  agree(channel, Failure::of([&] {
          if (channel.rank() != 0) return;
          for (std::size_t d = 0; d < drifted.size(); ++d) {
            core::detail::Vec<std::size_t> others;
            for (std::size_t rank = 1; rank < all.size(); ++rank)
              if (all[rank].compare(16 * d, 16, all[0], 16 * d, 16) != 0) others.push_back(rank);
            sentence += (d == 0 ? "" : "; ") + live.graph.path(values[drifted[d]].node) + " of " +
                        names_of(std::span(others.data(), others.size())) + " is not that of rank 0";
          }
          if (count > drifted.size())
            sentence += "; so it is with " + std::to_string(count - drifted.size()) + " more values";
        }));
  channel.broadcast(sentence);
  core::detail::fail(ErrorCode::failed_precondition,
                     {"values that every rank should have alike have drifted apart: ", sentence,
                      ". Nothing was saved; give all ranks the same values, for instance by a broadcast from rank 0"});
}

}  // namespace CAIRN_NAMESPACE::mpi::detail
