// Bundles in memory for tests: views of values, and bundles whose index and shards are put together by hand.
#pragma once

#include <cairn/bundle/files.hpp>
#include <cairn/bundle/index.hpp>
#include <cairn/bundle/naming.hpp>
#include <cairn/core/element.hpp>
#include <cairn/format/crc32c.hpp>
#include <cairn/io/native.hpp>
#include <cairn/tensor/tensor_view.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::test {

template <class T>
TensorView view_of(const std::vector<T>& values, Shape shape) {
  return TensorView(dtype_of<T>, std::move(shape), std::as_bytes(std::span(values)));
}
template <class T>
TensorView view_of(const T& value) {
  return TensorView(dtype_of<T>, Shape{}, std::as_bytes(std::span(&value, 1)));
}

inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The bundle's files, named by what follows the prefix, with their contents.
inline std::map<std::string, std::string> files_of(const std::string& prefix, io::FileSystem& files = io::native()) {
  std::map<std::string, std::string> contents{{".index", read_file(files, bundle::index_path(prefix))}};
  for (const std::string& path : bundle::data_files(prefix, files))
    contents[path.substr(prefix.size())] = read_file(files, path);
  return contents;
}

inline std::uint32_t masked_crc(std::string_view bytes) {
  return format::mask_crc(format::crc32c(std::as_bytes(std::span(bytes))));
}

// An entry whose checksum is right for `bytes`, which begin at `offset` of the shard.
inline bundle::Entry entry_of(DType dtype, Shape shape, std::string_view bytes, std::uint64_t offset = 0,
                              std::int32_t shard = 0) {
  bundle::Entry entry;
  entry.dtype = dtype;
  entry.shape = std::move(shape);
  entry.shard = shard;
  entry.offset = offset;
  entry.size = bytes.size();
  entry.crc32c = masked_crc(bytes);
  return entry;
}

// Writes the files of a bundle as they are given, right or wrong, replacing what is there.
inline void put_bundle(io::FileSystem& files, const std::string& prefix, const bundle::Index& index,
                       const std::vector<std::string>& shards) {
  const auto put = [&](const std::string& path, const std::string& content) {
    if (files.exists(path)) files.remove(path);
    write_file(files, path, content);
  };
  put(bundle::index_path(prefix), bundle::encode_index(index));
  for (std::size_t i = 0; i < shards.size(); ++i)
    put(bundle::data_path(prefix, static_cast<std::int32_t>(i), static_cast<std::int32_t>(shards.size())), shards[i]);
}

}  // namespace cairn::test
