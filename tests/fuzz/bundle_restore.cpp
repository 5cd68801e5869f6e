// Input: a whole checkpoint of one shard: u32le size of the index, the index, the shard; the index may be a file of
// TensorFlow's old format V1 instead. It is read, verified, and restored into live.hpp's states. The mutator changes an entry, a tensor, or the object graph, and seals everything
// above it again.
#include "fuzz/sealed_table.hpp"

#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>

#include "damage/live.hpp"
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace cairn;
using test::RawTable;

namespace {

struct Whole {
  std::string index, shard;

  static Whole of(std::string_view bytes) {
    format::ByteReader reader(bytes);
    try {
      const auto index = reader.read_bytes(std::min<std::uint64_t>(reader.read_fixed32(), reader.remaining()));
      return {std::string(index), std::string(bytes.substr(reader.position()))};
    } catch (const Error&) {
      return {};
    }
  }
  [[nodiscard]] std::string bytes() const {
    std::string all;
    format::append_fixed32(all, static_cast<std::uint32_t>(index.size()));
    return all + index + shard;
  }
};

// The rows of the first data block; nothing when they cannot be read.
RawTable::Rows rows_of(const std::string& index) {
  RawTable::Rows rows;
  const auto parts = fuzz::TableParts::of(index);
  if (!parts) return rows;
  fuzz::run([&] {
    format::Block(parts->blocks[0].contents, "", 0).for_each([&](std::string_view key, std::string_view value) {
      rows.push_back({std::string(key), std::string(value)});
    });
  });
  return rows;
}

std::string sealed(const RawTable::Rows& rows) {
  RawTable table;
  const auto handle = table.add(RawTable::block(rows));
  return table.finish({{"\xff", RawTable::encoded(handle)}});
}

// Changes the bytes of a tensor; its entry says where they are now, and that they are right.
void change_tensor(std::string& value, std::string& shard, std::mt19937& random) {
  format::BundleEntry entry = format::decode_bundle_entry(value);
  const auto offset = static_cast<std::uint64_t>(entry.offset);
  const auto size = static_cast<std::uint64_t>(entry.size);
  if (offset > shard.size() || size > shard.size() - offset) return;
  const std::string_view stored = std::string_view(shard).substr(offset, size);
  std::string bytes;
  if (entry.dtype == DT_STRING) {
    std::vector<std::string> strings;
    format::ByteReader reader(stored);
    std::vector<std::uint64_t> lengths(
        static_cast<std::size_t>(std::clamp<std::int64_t>(entry.shape.checked_num_elements().value_or(0), 0, 1000)));
    for (auto& length : lengths) length = reader.read_varint64();
    (void)reader.read_fixed32();
    for (const auto length : lengths) strings.emplace_back(reader.read_bytes(length));
    if (strings.empty() || random() % 8 == 0) strings.emplace_back();
    std::string& string = strings[random() % strings.size()];
    string = fuzz::mutated(string);
    entry.crc32c = cairn::bundle::detail::encode_strings(strings, [&](std::span<const std::byte> part) {
      bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
    });
    if (entry.shape.rank() == 1 && random() % 2 == 0) entry.shape = Shape{static_cast<std::int64_t>(strings.size())};
  } else {
    bytes = fuzz::mutated(std::string(stored));
    entry.crc32c = test::Craft::crc(bytes);
    if (entry.shape.rank() == 1 && size_of(entry.dtype) != 0 && random() % 2 == 0) {
      entry.shape = Shape{static_cast<std::int64_t>(bytes.size() / size_of(entry.dtype))};
      bytes.resize(bytes.size() / size_of(entry.dtype) * size_of(entry.dtype));
      entry.crc32c = test::Craft::crc(bytes);
    }
  }
  entry.size = bytes.size();
  if (bytes.size() <= size) {
    shard.replace(offset, bytes.size(), bytes);
  } else {
    entry.offset = shard.size();
    shard += bytes;
  }
  value = format::encode(entry);
}

template <class State>
void restore(io::FileSystem& files, OnMismatch on_mismatch) {
  State state;
  fuzz::run([&] { (void)test::Tracked<State>(state, files).restore("p", on_mismatch).to_string(); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Whole whole = Whole::of(fuzz::text_of(data, size));
  cairn::testing::MemoryFileSystem files;
  test::CheckpointFiles{whole.index, {whole.shard}}.put(files, "p");
  fuzz::run([&] {
    const bundle::Reader reader("p", files);
    for (const auto& item : reader.entries()) {
      bool is_read = false;
      fuzz::run([&] {
        (void)reader.read(item.first);
        is_read = true;
      });
      fuzz::run([&] {
        reader.verify(item.first);
        is_read = false;
      });
      fuzz::require(!is_read);  // what can be read is found good
    }
  });
  (void)verify("p", files);
  // Copied file by file it is the same as tensor by tensor.
  fuzz::run([&] {
    const std::vector<std::string> parts{"p"};
    bundle::detail::MergeCopy copy(3);
    bundle::detail::MergedTables merged(files, parts, bundle::detail::MergedTables::Numbers::by_number,
                                        [&](const bundle::detail::PartEntries& entry) { copy.see(entry); });
    if (!bundle::detail::copy_files(parts, merged, copy, "m", Durability::none, files)) return;
    bundle::detail::copy_tensors(parts, merged, "n", Durability::none, files);
    fuzz::require(bundle::read_index(files, "m.index").entries == bundle::read_index(files, "n.index").entries);
    for (const std::string& path : bundle::data_files("n", files, merged.num_shards()))
      fuzz::require(test::read_file(files, "m" + path.substr(1)) == test::read_file(files, path));
  });
  // The index alone may be a checkpoint of TensorFlow's old format V1, which has values beside its entries.
  test::write_file(files, "v1", whole.index);
  fuzz::run([&] {
    const bundle::Reader reader("v1", files);
    for (const auto& item : reader.entries()) fuzz::run([&] { (void)reader.read(item.first); });
  });
  restore<test::Everything>(files, OnMismatch::skip);
  restore<test::Everything>(files, OnMismatch::error);
  test::Everything full;
  test::fill(full);
  fuzz::run([&] { (void)test::Tracked<test::Everything>(full, files).restore("p", OnMismatch::skip); });
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  std::mt19937 random(seed);
  Whole whole = Whole::of(fuzz::text_of(data, size));
  auto rows = rows_of(whole.index);
  if (rows.empty() || random() % 20 == 0) return LLVMFuzzerMutate(data, size, max_size);
  auto& row = rows[random() % rows.size()];
  const auto graph =
      std::find_if(rows.begin(), rows.end(), [](const auto& each) { return each.key == bundle::object_graph_key; });
  fuzz::run([&] {
    switch (random() % 8) {
      case 0:
        row.value = fuzz::mutated(row.value);
        break;
      case 1:
        row.key = fuzz::mutated(row.key);
        if (random() % 2 == 0)
          std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
        break;
      case 2:
        whole.shard = fuzz::mutated(whole.shard);
        break;
      case 3:
      case 4:
        change_tensor(row.value, whole.shard, random);
        break;
      default:
        if (graph != rows.end()) change_tensor(graph->value, whole.shard, random);
    }
  });
  whole.index = sealed(rows);
  return fuzz::give(whole.bytes(), data, size, max_size);
}
