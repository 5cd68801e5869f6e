// WriterOptions: how a bundle's files are written, and how they are cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace cairn::bundle {

struct WriterOptions {
  bool durable = true;  // fsync before each rename, and the directory after it; without it the order is the same
  // Bytes that a data file should not exceed; 0 for one data file. Tensors are placed and cut as TensorFlow's
  // MaxShardSizePolicy does (sharding.hpp has the rules, and what is larger than a shard).
  std::uint64_t shard_size = 0;
  // Every tensor begins at a multiple of so many bytes, as TensorFlow's BundleWriter::Options has it: zeros fill up
  // what is behind a tensor. They do not count for shard_size.
  std::uint64_t data_alignment = 1;
  // How many threads write at most, each on its own range of a data file; small tensors are written by one.
  std::size_t threads = 2;
  // The index gets a second, temporary name before it gets its own, and this is told it: whoever removes that name when
  // the bundle is entered in a list leaves a bundle that no list names recognisable until then.
  std::string* second_name = nullptr;
};

}  // namespace cairn::bundle
