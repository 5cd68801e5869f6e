// What the coordinating rank of a save of many ranks does, without the ranks: the index of made-up entries, merged by the code
// of <cairn/mpi.hpp>. Every rank has a part of every tensor.
//
//   merge_ranks [TENSORS] RANKS...        10000 tensors; prints time, the bytes that come and go, and the memory at its peak
#include <cairn/mpi/detail/index_merge.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace {

// The table that a rank sends: of each tensor the whole, with one slice, and the part.
std::string table_of(std::int64_t rank, std::int64_t ranks, std::int64_t tensors) {
  cairn::core::detail::Vec<cairn::bundle::detail::KeyedEntry> entries;
  std::vector<std::string> keys;
  keys.reserve(static_cast<std::size_t>(2 * tensors));
  std::uint64_t offset = 0;
  for (std::int64_t i = 0; i < tensors; ++i) {
    const std::string name = "model/layers/" + std::to_string(i) + "/kernel/.ATTRIBUTES/VARIABLE_VALUE";
    const cairn::format::TensorSlice slice{{rank * 16, 16}, {0, 512}};
    cairn::bundle::Entry whole;
    whole.dtype = cairn::DT_FLOAT;
    whole.shape = cairn::Shape{ranks * 16, 512};
    whole.slices.push_back(slice);
    keys.push_back(name);
    entries.push_back({keys.back(), whole});
    cairn::bundle::Entry part;
    part.dtype = cairn::DT_FLOAT;
    part.shape = cairn::Shape{16, 512};
    part.offset = offset;
    part.size = 16 * 512 * 4;
    part.crc32c = static_cast<std::uint32_t>(offset * 2654435761u + static_cast<std::uint64_t>(rank));
    offset += part.size;
    keys.push_back(cairn::format::detail::encode_slice_key(name, slice));
    entries.push_back({keys.back(), part});
  }
  return cairn::bundle::detail::encode_index({}, entries);
}
double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t tensors = argc > 2 ? std::stoll(argv[1]) : 10'000;
  for (int i = argc > 2 ? 2 : 1; i < argc; ++i) {
    const std::int64_t ranks = std::stoll(argv[i]);
    std::vector<std::string> tables;
    std::size_t sent = 0;
    for (std::int64_t rank = 0; rank < ranks; ++rank) {
      tables.push_back(table_of(rank, ranks, tensors));
      sent += tables.back().size();
    }
    cairn::core::detail::Vec<cairn::mpi::detail::RanksIndex> parts;
    for (std::size_t rank = 0; rank < tables.size(); ++rank)
      parts.push_back({{rank, rank}, tables[rank], static_cast<std::int32_t>(rank)});
    const double before = peak_mebibytes();
    const auto began = std::chrono::steady_clock::now();
    const std::string index = cairn::mpi::detail::IndexMerge(parts).encode(static_cast<std::int32_t>(ranks));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf(
        "%lld ranks, %lld tensors: %.2f s, %.0f MB come, %.0f MB go, memory %.0f MiB before, %.0f at its peak\n",
        static_cast<long long>(ranks), static_cast<long long>(tensors), took.count(), static_cast<double>(sent) / 1e6,
        static_cast<double>(index.size()) / 1e6, before, peak_mebibytes());
  }
}
