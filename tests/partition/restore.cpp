// Boxes of a tensor that are restored: from whatever was saved, all or nothing, and without reading what is in none.
#include <cairn/partition.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/index.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/checkpoint/checkpoint.hpp>

#include "bundle/bundles.hpp"
#include "partition/states.hpp"
#include "support/counting_files.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

using namespace cairn;
using namespace cairn::test;
using cairn::testing::MemoryFileSystem;

namespace {

constexpr std::string_view key = "pressure/.ATTRIBUTES/VARIABLE_VALUE";
const std::string shard = "p.data-00000-of-00001";

Field field_of(const Shape& shape, std::vector<Box> boxes, int first = 1) {
  Field field{Partitioned<double>{shape, std::move(boxes)}};
  fill(field.pressure, first);
  return field;
}
void save(io::FileSystem& files, const Shape& shape, std::vector<Box> boxes) {
  Field field = field_of(shape, std::move(boxes));
  CheckpointIn(files, field).write("p");
}
// The bytes from data files that a restore reads, as a rank of several or as one process.
std::uint64_t bytes_of_restore(io::FileSystem& memory, Field& field, int ranks) {
  CountingFileSystem files(memory);
  CheckpointIn checkpoint(files, field);
  if (ranks == 1) {
    checkpoint.read("p").assert_consumed();
  } else {
    const partition::detail::PresentRank rank(0, ranks);
    checkpoint.read("p").assert_consumed();
  }
  const std::uint64_t other =
      memory.open("p.index")->size() + bundle::Reader("p", memory).lookup("_CHECKPOINTABLE_OBJECT_GRAPH").size;
  return files.counts().bytes_read - other;
}

}  // namespace

TEST_CASE("boxes are restored from every partition, over zeros and over values") {
  const Shape shape{5, 7};
  for (const std::vector<Box>& saved : divisions(shape)) {
    MemoryFileSystem files;
    save(files, shape, saved);
    for (std::vector<Box> boxes : divisions(shape))
      for (const bool is_one : {false, true})
        for (const bool is_new : {true, false}) {
          if (is_one) boxes = {boxes.back()};  // of several
          Field field{Partitioned<double>{shape, boxes}};
          if (!is_new) fill(field.pressure, 1000);
          const double* const place = field.pressure.data();
          CheckpointIn(files, field).read("p").assert_consumed().assert_existing_objects_matched();
          CHECK(is_filled(field.pressure));
          CHECK(field.pressure.data() == place);
        }
    Field nothing{Partitioned<double>{shape, std::vector<Box>{}}};
    CheckpointIn(files, nothing).read("p").assert_consumed();
    struct Plain {
      Variable<double, 5, 7> pressure;
    } plain;
    CheckpointIn(files, plain).read("p").assert_consumed();
    CHECK(plain.pressure(4, 6) == 35);
  }
}

TEST_CASE("large boxes are restored by several threads, over zeros, over values, and where only the end is no zero") {
  const Shape shape{1200, 700};  // of several pieces, rows and pieces do not end together
  for (const Band& band : {block_rows(1200, 0, 3), block_columns(700, 1, 3)}) {
    MemoryFileSystem files;
    save(files, shape, {block_rows(1200, 0, 2).of(shape), block_rows(1200, 1, 2).of(shape)});
    for (const int first : {0, 5}) {
      Field field{Partitioned<double>{shape, band}};
      if (first != 0) fill(field.pressure, first);
      CheckpointIn(files, field).read("p").assert_consumed();
      CHECK(is_filled(field.pressure));
      field.pressure = Partitioned<double>{shape, band};
      field.pressure.span().back() = 9;
      CheckpointIn(files, field).read("p", {.threads = 2}).assert_consumed();
      CHECK(is_filled(field.pressure));
    }
  }
}

TEST_CASE("more than fits into a copy is checked first, and read once more over values") {
  const Shape shape{1200, 1400};  // 12.8 MiB, and rows that are far from each other
  const std::vector<Box> columns{block_columns(1400, 0, 2).of(shape), block_columns(1400, 1, 2).of(shape)};
  for (const bool is_whole : {true, false}) {
    MemoryFileSystem files;
    save(files, shape, is_whole ? std::vector<Box>{{{0, 0}, shape}} : columns);
    Field field = field_of(shape, columns, 5);
    const std::uint64_t read = bytes_of_restore(files, field, 1);
    CHECK(is_filled(field.pressure));
    CHECK(read >= 2 * field.pressure.size() * 8 - (std::uint64_t{6} << 20));  // which is kept of what was there
    CHECK(read < 2 * field.pressure.size() * 8);
    change_file(files, shard, [](std::string& bytes) { bytes[12000000] ^= 1; });
    for (const int first : {0, 5}) {
      field.pressure = {shape, columns};
      if (first != 0) fill(field.pressure, first);
      const Partitioned<double> before = field.pressure;
      CHECK(code_of([&] { CheckpointIn(files, field).read("p"); }) == ErrorCode::data_loss);
      CHECK(std::equal(before.span().begin(), before.span().end(), field.pressure.span().begin()));
    }
  }
}

TEST_CASE(
    "many tensors are restored together, from slices, cut by boxes or whole; damage in one changes none of them") {
  const Shape shape{16, 256};  // 32 KiB
  constexpr int count = 220;   // more than is kept of what they replace
  const auto field = [&](const std::vector<Box>& boxes, int first) {
    Partitioned<double> filled{shape, boxes};
    if (first != 0) fill(filled, first);
    return filled;
  };
  struct State {
    std::vector<Partitioned<double>> fields;
  };
  struct Plain {
    std::vector<Variable<double, 16, 256>> fields;
  };
  for (const std::vector<Box>& saved :
       {std::vector<Box>{block_rows(16, 0, 2).of(shape), block_rows(16, 1, 2).of(shape)},
        std::vector<Box>{block_columns(256, 0, 2).of(shape), block_columns(256, 1, 2).of(shape)}}) {
    MemoryFileSystem files;
    State state{std::vector<Partitioned<double>>(count, field(saved, 1))};
    CheckpointIn(files, state).write("p");
    for (const bool is_damaged : {false, true}) {
      if (is_damaged) change_file(files, shard, [](std::string& bytes) { bytes[bytes.size() / 3] ^= 1; });
      for (const int first : {0, 7}) {
        for (const auto& boxes : {saved, {block_rows(16, 1, 3).of(shape), block_rows(16, 0, 3).of(shape)}}) {
          State other{std::vector<Partitioned<double>>(count, field(boxes, first))};
          CountingFileSystem counted(files);
          const auto code = code_of([&] { CheckpointIn(counted, other).read("p").assert_consumed(); });
          CHECK(code == (is_damaged ? std::optional(ErrorCode::data_loss) : std::nullopt));
          if (boxes == saved && saved[0].shape[1] == 256) CHECK(counted.counts().reads < 2 * count / 8);
          const Partitioned<double> expected = field(boxes, code ? first : 1);
          CHECK(std::all_of(other.fields.begin(), other.fields.end(), [&](const Partitioned<double>& each) {
            return std::memcmp(each.data(), expected.data(), each.span().size_bytes()) == 0;
          }));
        }
        Plain plain{std::vector<Variable<double, 16, 256>>(count)};
        for (auto& each : plain.fields) std::fill(each.span().begin(), each.span().end(), first);
        CHECK((code_of([&] { CheckpointIn(files, plain).read("p").assert_consumed(); }) == std::nullopt) != is_damaged);
        CHECK(std::all_of(plain.fields.begin(), plain.fields.end(), [&](const auto& each) {
          return each(0, 1) == (is_damaged ? first : 2) && each(15, 255) == (is_damaged ? first : 16 * 256);
        }));
      }
    }
  }
}

TEST_CASE("a rank reads the bytes of its boxes, and one process the entries that its boxes touch") {
  const Shape shape{64, 2048};  // rows of 16 KiB
  const std::uint64_t all = 64 * 2048 * 8;
  for (const bool is_whole : {true, false}) {
    MemoryFileSystem files;
    save(files, shape,
         is_whole ? std::vector<Box>{{{0, 0}, shape}}
                  : std::vector<Box>{block_rows(64, 0, 2).of(shape), block_rows(64, 1, 2).of(shape)});
    for (const Band& band : {block_rows(64, 1, 4), block_columns(2048, 2, 4)}) {
      Field field{Partitioned<double>{shape, band}};
      CHECK(bytes_of_restore(files, field, 4) == all / 4);
      CHECK(is_filled(field.pressure));
    }
    Field quarter{Partitioned<double>{shape, block_rows(64, 1, 4)}};
    CHECK(bytes_of_restore(files, quarter, 1) == (is_whole ? all : all / 2) + all / 4);
    Field half_of_it{Partitioned<double>{shape, block_rows(64, 1, 2)}};
    CHECK(bytes_of_restore(files, half_of_it, 1) == (is_whole ? all + all / 2 : all / 2));
    Field everything{
        Partitioned<double>{shape, {block_columns(2048, 0, 2).of(shape), block_columns(2048, 1, 2).of(shape)}}};
    CHECK(bytes_of_restore(files, everything, 1) == all);
  }
}

TEST_CASE("what the ranks have read of an entry tells together whether it is damaged") {
  const Shape shape{40, 600};
  for (const bool is_damaged : {false, true}) {
    MemoryFileSystem files;
    save(files, shape, {{{0, 0}, shape}});
    if (is_damaged) change_file(files, shard, [](std::string& bytes) { bytes[100000] ^= 1; });
    const bundle::Reader reader("p", files);
    const bundle::Entry& entry = reader.lookup(key);
    for (const auto& boxes : divisions(shape)) {
      if (boxes.size() == 1) continue;
      bundle::detail::PartlyRead sum{key, &entry};
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        const partition::detail::PresentRank rank(static_cast<int>(i), static_cast<int>(boxes.size()));
        Field field{Partitioned<double>{shape, boxes[i]}};
        CheckpointIn(files, field).read("p").assert_consumed();
        for (const bundle::detail::PartlyRead& each : rank.partly_read()) sum.bytes += each.bytes, sum.crc ^= each.crc;
      }
      CHECK(sum.is_all());
      CHECK((format::mask_crc(sum.crc) == entry.crc32c) == !is_damaged);
    }
  }
}

TEST_CASE("damage in an entry that is read leaves the values as they were, and damage in another one is not met") {
  const Shape shape{40, 600};
  for (const int first : {0, 7})
    for (const std::size_t at : {10u, 90000u, 100000u, 191000u}) {
      MemoryFileSystem files;
      save(files, shape, {block_rows(40, 0, 2).of(shape), block_rows(40, 1, 2).of(shape)});
      change_file(files, shard, [&](std::string& bytes) { bytes[at] ^= 1; });
      const auto restored = [&](std::vector<Box> boxes) {
        struct Two {
          Partitioned<double> pressure;
        } state{{shape, std::move(boxes)}};
        if (first != 0) fill(state.pressure, first);
        const Partitioned<double> before = state.pressure;
        const auto code = code_of([&] { CheckpointIn(files, state).read("p"); });
        if (code) CHECK(std::equal(before.span().begin(), before.span().end(), state.pressure.span().begin()));
        if (!code) CHECK(is_filled(state.pressure));
        return code;
      };
      const bool is_in_first = at < 40 * 600 * 4;
      CHECK(restored({{{0, 0}, {20, 600}}}) == (is_in_first ? std::optional(ErrorCode::data_loss) : std::nullopt));
      CHECK(restored({{{21, 10}, {2, 20}}}) == (is_in_first ? std::nullopt : std::optional(ErrorCode::data_loss)));
      CHECK(restored({{{0, 0}, {40, 3}}, {{0, 3}, {40, 597}}}) == ErrorCode::data_loss);
    }
}

TEST_CASE("a restore that fails elsewhere leaves boxes as they were") {
  struct Two {
    Partitioned<double> pressure{Shape{4}, block_rows(4, 0, 2)};
    std::vector<double> zeta = std::vector<double>(4);
  };
  MemoryFileSystem files;
  Two saved;
  saved.pressure = Partitioned<double>{Shape{4}};
  fill(saved.pressure);
  CheckpointIn(files, saved).write("p");
  const std::uint64_t offset = bundle::Reader("p", files).lookup("zeta/.ATTRIBUTES/VARIABLE_VALUE").offset;
  change_file(files, shard, [&](std::string& bytes) { bytes[static_cast<std::size_t>(offset)] ^= 1; });
  Two state;
  CHECK(code_of([&] { CheckpointIn(files, state).read("p"); }) == ErrorCode::data_loss);
  CHECK(state.pressure(0) == 0);
  CHECK(state.pressure(1) == 0);
}

TEST_CASE("parts that are missing, overlap, or are not what the tensor's entry says are refused") {
  const Shape shape{4, 2};
  const auto code_where = [&](auto change) {
    MemoryFileSystem files;
    save(files, shape, {{{0, 0}, {2, 2}}, {{2, 0}, {2, 2}}});
    bundle::Index index = bundle::Reader("p", files).index();
    change(index);
    put_bundle(files, "p", index, {read_file(files, shard)});
    Field field{Partitioned<double>{shape, block_columns(2, 0, 2)}};
    const auto code = code_of([&] { CheckpointIn(files, field).read("p"); });
    CHECK((!code || field.pressure(0, 0) == 0));
    return code;
  };
  const auto whole = [](bundle::Index& index) -> bundle::Entry& {
    for (auto& [name, entry] : index.entries)
      if (name == key) return entry;
    throw std::logic_error("no such key");
  };
  CHECK(code_where([](bundle::Index&) {}) == std::nullopt);
  CHECK(code_where([](bundle::Index& index) { index.slices.erase(index.slices.begin()); }) == ErrorCode::data_loss);
  CHECK(code_where([&](bundle::Index& index) { whole(index).slices.pop_back(); }) == ErrorCode::data_loss);
  CHECK(code_where([&](bundle::Index& index) { whole(index).slices.push_back({{1, 2}, {0, 2}}); }) ==
        ErrorCode::data_loss);
  CHECK(code_where([&](bundle::Index& index) { whole(index).slices[0] = {{-1, 3}, {0, 2}}; }) == ErrorCode::data_loss);
  CHECK(code_where([&](bundle::Index& index) { whole(index).slices[0] = {{0, std::int64_t{1} << 62}, {0, 2}}; }) ==
        ErrorCode::data_loss);
  CHECK(code_where([](bundle::Index& index) { index.slices[0].second.shape = {1, 4}; }) == ErrorCode::data_loss);
  CHECK(code_where([](bundle::Index& index) { index.slices[0].second.offset = 1 << 20; }) == ErrorCode::data_loss);
  CHECK(code_where([](bundle::Index& index) { index.slices[0].second.dtype = DT_INT64; }) == ErrorCode::data_loss);
  CHECK(code_where([](bundle::Index& index) { index.slices[0].second.shard = 3; }) == ErrorCode::data_loss);
  CHECK(code_where([&](bundle::Index& index) { whole(index).shape = {4, std::int64_t{1} << 40}; }) ==
        ErrorCode::data_loss);
  CHECK(code_where([&](bundle::Index& index) { whole(index).shape = {5, 2}; }) == ErrorCode::data_loss);
}

TEST_CASE("another shape or dtype is a mismatch: refused with both, skipped, or cast box by box") {
  const Shape shape{6, 3};
  MemoryFileSystem files;
  save(files, shape, {block_rows(6, 0, 2).of(shape), block_rows(6, 1, 2).of(shape)});
  Field taller{Partitioned<double>{Shape{7, 3}, block_rows(7, 0, 2)}};
  const std::string said = sentence_of([&] { CheckpointIn(files, taller).read("p"); });
  CHECK(contains(said, "is float64 [6, 3] in the checkpoint, float64 [7, 3] in the program (pressure)"));
  fill(taller.pressure, 4);
  CHECK(CheckpointIn(files, taller).read("p", {.on_mismatch = OnMismatch::skip}).mismatched().size() == 1);
  CHECK(is_filled(taller.pressure, 4));
  taller.pressure = Partitioned<double>{Shape{7, 3}};
  CHECK(code_of([&] { CheckpointIn(files, taller).read("p", {.on_mismatch = OnMismatch::common_part}); }) ==
        ErrorCode::invalid_argument);
  Field none;
  CHECK(contains(sentence_of([&] { CheckpointIn(files, none).read("p"); }), "float64 without a shape in the program"));

  struct Single {
    Partitioned<float> pressure;
  } single{{shape, {{{1, 0}, {4, 2}}, {{5, 1}, {1, 2}}}}};
  CHECK(code_of([&] { CheckpointIn(files, single).read("p"); }) == ErrorCode::invalid_argument);
  CheckpointIn(files, single).read("p", {.cast = Cast::any}).assert_consumed();
  CHECK(is_filled(single.pressure));
}

TEST_CASE("a byte that is no bool becomes one") {
  struct Flags {
    Partitioned<bool> flags{Shape{4}};
  } flags;
  MemoryFileSystem files;
  bundle::Index index;
  const std::string bytes{'\0', '\1', '\2', '\x80'};
  index.entries.emplace_back("flags", entry_of(DT_BOOL, {4}, bytes));
  put_bundle(files, "p", index, {bytes});
  CheckpointIn(files, flags).read("p").assert_existing_objects_matched();
  for (std::int64_t i = 0; i < 4; ++i)
    CHECK(reinterpret_cast<const unsigned char&>(flags.flags(i)) == (i == 0 ? 0 : 1));
}
