// Crafted checkpoints: parts of a good one, changed at will, and sealed again with right checksums.
#pragma once

#include <cairn/bundle/detail/string_tensor.hpp>
#include <cairn/bundle/naming.hpp>
#include <cairn/format/block_builder.hpp>
#include <cairn/format/bundle_messages.hpp>
#include <cairn/format/detail/ordered_code.hpp>
#include <cairn/format/object_graph.hpp>
#include <cairn/format/table.hpp>
#include <cairn/format/table_format.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "io/files.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::test {

// The files of a checkpoint, as bytes.
struct CheckpointFiles {
  std::string index;
  std::vector<std::string> shards;

  [[nodiscard]] std::size_t size() const {
    std::size_t sum = index.size();
    for (const std::string& shard : shards) sum += shard.size();
    return sum;
  }
  void put(io::FileSystem& files, const std::string& prefix) const {
    write_file(files, bundle::index_path(prefix), index);
    const auto count = static_cast<std::int32_t>(shards.size());
    for (std::int32_t i = 0; i < count; ++i)
      write_file(files, bundle::data_path(prefix, i, count), shards[static_cast<std::size_t>(i)]);
  }
};

// A table of which every number can be wrong, and no checksum is.
class RawTable {
 public:
  struct Row {
    std::string key, value;
    // In place of what belongs there.
    std::optional<std::uint64_t> shared = {}, non_shared = {}, value_size = {};
  };
  using Rows = std::vector<Row>;

  static std::string block(const Rows& rows, const std::vector<std::uint32_t>& restarts = {0}) {
    std::string bytes;
    for (const Row& row : rows) {
      format::append_varint(bytes, row.shared.value_or(0));
      format::append_varint(bytes, row.non_shared.value_or(row.key.size()));
      format::append_varint(bytes, row.value_size.value_or(row.value.size()));
      bytes += row.key + row.value;
    }
    for (const std::uint32_t each : restarts) format::append_fixed32(bytes, each);
    format::append_fixed32(bytes, static_cast<std::uint32_t>(restarts.size()));
    return bytes;
  }

  format::BlockHandle add(std::string_view bytes, std::uint8_t compression = 0) {
    const format::BlockHandle handle{file_.size(), bytes.size()};
    file_ += bytes;
    file_ += static_cast<char>(compression);
    format::append_fixed32(file_, format::block_checksum(bytes, static_cast<format::Compression>(compression)));
    return handle;
  }
  static std::string encoded(const format::BlockHandle& handle) {
    std::string bytes;
    format::append_handle(bytes, handle);
    return bytes;
  }
  // `index`: the index block's rows; their values are handles.
  std::string finish(const Rows& index, const std::vector<std::uint32_t>& restarts = {0}) {
    return finish(add(block({})), add(block(index, restarts)));
  }
  std::string finish(const format::BlockHandle& metaindex, const format::BlockHandle& index) {
    std::string footer = encoded(metaindex) + encoded(index);
    footer.resize(40, '\0');
    format::append_fixed64(footer, format::table_magic);
    return file_ + footer;
  }
  [[nodiscard]] std::size_t size() const { return file_.size(); }

 private:
  std::string file_;
};

struct Craft {
  format::BundleHeader header;
  std::vector<std::pair<std::string, format::BundleEntry>> entries;  // without the object graph
  std::vector<std::string> shards;
  ObjectGraph graph;
  std::optional<std::string> graph_bytes;  // in place of the graph

  Craft() = default;
  // What `prefix` holds: one shard.
  Craft(io::FileSystem& files, const std::string& prefix) {
    const format::Table table(read_file(files, bundle::index_path(prefix)));
    shards.push_back(read_file(files, bundle::data_path(prefix, 0, 1)));
    table.for_each([&](std::string_view key, std::string_view value) {
      if (key.empty())
        header = format::decode_bundle_header(value);
      else
        entries.emplace_back(key, format::decode_bundle_entry(value));
    });
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].first != bundle::object_graph_key) continue;
      const format::BundleEntry& entry = entries[i].second;
      const auto bytes = std::string_view(shards[0]).substr(static_cast<std::size_t>(entry.offset),
                                                            static_cast<std::size_t>(entry.size));
      format::ByteReader reader(bytes);
      const std::uint64_t size = reader.read_varint64();
      graph = format::decode_object_graph(bytes.substr(bytes.size() - static_cast<std::size_t>(size)));
      entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }

  [[nodiscard]] static std::uint32_t crc(std::string_view bytes) {
    return format::mask_crc(format::crc32c(format::as_bytes(bytes)));
  }
  // Appends the bytes to the shard; the entry says where they are.
  void place(format::BundleEntry& entry, std::string_view bytes, std::size_t shard = 0) {
    entry.shard = static_cast<std::int32_t>(shard);
    entry.offset = shards.at(shard).size();
    entry.size = bytes.size();
    entry.crc32c = crc(bytes);
    shards[shard] += bytes;
  }
  void place_strings(format::BundleEntry& entry, const std::vector<std::string>& strings) {
    std::string bytes;
    const std::uint32_t checksum = bundle::detail::encode_strings(strings, [&](std::span<const std::byte> part) {
      bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
    });
    place(entry, bytes);
    entry.dtype = DT_STRING;
    entry.crc32c = checksum;
  }
  format::BundleEntry& add(const std::string& key, DType dtype, Shape shape, std::string_view bytes) {
    format::BundleEntry& entry = entries.emplace_back(key, format::BundleEntry{}).second;
    entry.dtype = dtype;
    entry.shape = std::move(shape);
    place(entry, bytes);
    return entry;
  }
  // A node with a value under the key, as a child of `parent`.
  std::int32_t add_node(std::int32_t parent, const std::string& name, const std::string& key = "") {
    const std::int32_t id = graph.add_node();
    if (!key.empty()) graph.add_attribute(id, {"VARIABLE_VALUE", "", key});
    graph.add_child(parent, {id, name});
    return id;
  }
  // The node at the end of the path, from the root; made where it is not there.
  std::int32_t node(const std::vector<std::string>& path) {
    std::int32_t at = 0;
    if (graph.empty()) (void)graph.add_node();
    for (const std::string& name : path) {
      std::int32_t next = -1;
      for (const ObjectReference child : graph[at].children)
        if (child.local_name == name) next = child.node_id;
      at = next >= 0 ? next : add_node(at, name);
    }
    return at;
  }

  // The rows of the index, header first, sorted by key.
  [[nodiscard]] RawTable::Rows rows() {
    format::BundleEntry entry;
    place_strings(entry, {graph_bytes ? *graph_bytes : format::encode(graph)});
    auto all = entries;
    all.emplace_back(bundle::object_graph_key, entry);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    RawTable::Rows rows{{"", format::encode(header)}};
    for (const auto& item : all) rows.push_back({item.first, format::encode(item.second)});
    return rows;
  }
  [[nodiscard]] CheckpointFiles sealed(const RawTable::Rows& rows) const {
    RawTable table;
    const format::BlockHandle handle = table.add(RawTable::block(rows));
    return {table.finish({{"\xff", RawTable::encoded(handle)}}), shards};
  }
  [[nodiscard]] CheckpointFiles sealed() {
    const auto all = rows();
    return sealed(all);
  }
};

}  // namespace cairn::test
