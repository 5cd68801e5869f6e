// Crafted checkpoints in which few bytes stand for many: everything is legal but the number of times.
#include "damage/crafted.hpp"

#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/rewrite.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/edit.hpp>
#include <cairn/picture/picture.hpp>

#include "damage/live.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

// An index of any number of entries that all have this value, under the keys that come one after the other.
class ManyRows {
 public:
  ManyRows() { row(0, "", format::encode(good_checkpoint().header)); }

  void row(std::size_t shared, std::string_view rest, std::string_view value) {
    format::append_varint(block_, shared);
    format::append_varint(block_, rest.size());
    format::append_varint(block_, value.size());
    (block_ += rest) += value;
  }
  // Three bytes that ascend with the number.
  static std::string digits(unsigned number) {
    return {static_cast<char>(number >> 16), static_cast<char>(number >> 8), static_cast<char>(number)};
  }
  [[nodiscard]] std::string finish() {
    format::append_fixed32(block_, 0);
    format::append_fixed32(block_, 1);
    RawTable table;
    const auto handle = table.add(block_);
    return table.finish({{"\xff", RawTable::encoded(handle)}});
  }

 private:
  std::string block_;
};

using Path = std::vector<std::string>;

constexpr unsigned many_elements = many(300'000);

// The node at the end of the path has many children, without values. The root has it, too, if there is a name for it.
CheckpointFiles many_children(const Path& path, const std::string& name_in_root = {}) {
  Craft craft = good_checkpoint();
  const std::int32_t list = craft.node(path);
  craft.graph.erase_children(list, [](const ObjectReference&) { return true; });
  const std::size_t first = craft.graph.size();
  while (craft.graph.size() < first + many_elements) craft.graph.add_node();
  if (!name_in_root.empty()) craft.graph.add_child(0, {list, name_in_root});
  for (unsigned i = 0; i < many_elements; ++i)
    craft.graph.add_child(list, {static_cast<std::int32_t>(first + i), std::to_string(i)});
  return craft.sealed();
}

// The key is that of the node's only value.
void make_variable(ObjectGraph& graph, std::int32_t node, std::string_view key) {
  graph.erase_attributes(node, [](const SerializedTensor&) { return true; });
  graph.add_attribute(node, {"VARIABLE_VALUE", "", key});
}

constexpr std::int64_t many_strings = many(4'000'000);

// A tensor of many empty strings. `places`: the nodes that say it is their value.
CheckpointFiles empty_strings(const std::vector<Path>& places) {
  Craft craft = good_checkpoint();
  format::BundleEntry entry;
  entry.shape = Shape{many_strings};
  craft.place_strings(entry, std::vector<std::string>(static_cast<std::size_t>(many_strings)));
  craft.entries.emplace_back("many", entry);
  for (const auto& path : places) make_variable(craft.graph, craft.node(path), "many");
  return craft.sealed();
}

Craft empty_craft() {
  Craft craft;
  craft.header = good_checkpoint().header;
  craft.shards.emplace_back();
  return craft;
}

}  // namespace

TEST_CASE("crafted keys of a mebibyte that share all but their end") {
  require_all_harmless(1, [](unsigned, Random&) {
    ManyRows rows;
    const std::size_t length = std::size_t{1} << 20;
    rows.row(0, std::string(length, 'k'), "");
    for (unsigned i = 0; i < 5'000; ++i) rows.row(length, ManyRows::digits(i), "");
    return CheckpointFiles{rows.finish(), {""}};
  });
}

// What nobody restored is listed by the status, and by its text.
TEST_CASE("crafted names of variables that share all but their end, where a program restores by names") {
  constexpr unsigned names = many(60'000);
  constexpr std::size_t length = 256;
  require_all_harmless(
      1,
      [](unsigned, Random&) {
        ManyRows rows;
        rows.row(0, std::string(length, 'k'), "");
        for (unsigned i = 0; i < names; ++i) rows.row(length, ManyRows::digits(i), "");
        return CheckpointFiles{rows.finish(), {""}};
      },
      names * (2 * length + sizeof(std::string)));
}

TEST_CASE("crafted indexes of a hundred thousand blocks, and of a million restart points") {
  require_all_harmless(2, [](unsigned variant, Random&) {
    Craft craft = good_checkpoint();
    const auto rows = craft.rows();
    RawTable table;
    if (variant == 1) {
      const auto handle = table.add(RawTable::block(rows, std::vector<std::uint32_t>(many(1'000'000), 0)));
      return CheckpointFiles{table.finish({{"\xff", RawTable::encoded(handle)}}), craft.shards};
    }
    RawTable::Rows index;
    const auto first = table.add(RawTable::block(rows));
    index.push_back({rows.back().key, RawTable::encoded(first)});
    for (unsigned i = 0; i < many(100'000); ++i) {
      const std::string key = "z" + ManyRows::digits(i);
      index.push_back({key, RawTable::encoded(table.add(RawTable::block({})))});
    }
    return CheckpointFiles{table.finish(index), craft.shards};
  });
}

TEST_CASE("crafted tensors of ten thousand parts: rows, the same row, parts that overlap in staircases") {
  require_all_harmless(3, [](unsigned variant, Random&) {
    constexpr std::int64_t parts = 10'000;
    Craft craft = empty_craft();
    format::BundleEntry full;
    full.dtype = DT_UINT8;
    full.shape = variant == 2 ? Shape{2 * parts, 2} : Shape{parts};
    std::vector<std::pair<std::string, format::BundleEntry>> entries;
    for (std::int64_t i = 0; i < parts; ++i) {
      format::TensorSlice slice(full.shape.rank());
      slice[0] = {variant == 1 ? i / 2 : i, variant == 2 ? 2 : 1};
      full.slices.push_back(slice);
      format::BundleEntry part;
      part.dtype = DT_UINT8;
      part.shape = variant == 2 ? Shape{2, 2} : Shape{1};
      craft.place(part, variant == 2 ? "abcd" : "a");
      if (variant != 1 || i % 2 == 0) entries.emplace_back(cairn::format::detail::encode_slice_key("t", slice), part);
    }
    craft.entries = std::move(entries);
    craft.entries.emplace_back("t", full);
    return craft.sealed();
  });
}

TEST_CASE("crafted graphs of hundreds of thousands of nodes that hold nothing, or one edge, or one name") {
  require_all_harmless(4, [](unsigned variant, Random&) {
    Craft craft = good_checkpoint();
    std::string bytes = format::encode(craft.graph);
    const unsigned count = many(200'000);
    const std::string nothing("\x0a\0", 2), edge("\x0a\x02\x0a\0", 4), attribute("\x0a\x02\x12\0", 4),
        slot("\x0a\x02\x1a\0", 4);
    for (unsigned i = 0; i < count; ++i)
      bytes += variant == 0 ? nothing : variant == 1 ? edge : variant == 2 ? attribute : slot;
    craft.graph_bytes = bytes;
    return craft.sealed();
  });
}

// Each is one byte in the file, and as a std::string many: whoever asks for them gets them, once.
TEST_CASE("crafted tensors of four million empty strings, anywhere and where lists of strings are restored") {
  const std::vector<Path> lists{{"lists", "texts"}, {"texts"}};
  require_all_harmless(
      2, [&](unsigned variant, Random&) { return variant == 0 ? empty_strings({}) : empty_strings(lists); },
      static_cast<std::size_t>(many_strings) * sizeof(std::string));
}

TEST_CASE("crafted tensors of four million empty strings are checked, compared, copied and shown like any bytes") {
  constexpr std::size_t mib = std::size_t{1} << 20;
  cairn::testing::MemoryFileSystem files;
  const CheckpointFiles checkpoint = empty_strings({});
  checkpoint.put(files, "p");
  const auto require_bounded = [&](const std::string& what, auto call) {
    CAPTURE(what);
    const PeakMemory peak;
    call();
    CHECK(peak.bytes() / mib <= 4 * checkpoint.size() / mib + 64);
  };
  require_bounded("verify", [&] {
    for (const Finding& finding : verify("p", files)) CHECK(finding.key != "many");
  });
  require_bounded("the reader's verify", [&] { bundle::Reader("p", files).verify("many"); });
  require_bounded("diff", [&] { CHECK(diff("p", "p", {}, files).empty()); });
  require_bounded("merge and write", [&] {
    CheckpointEditor editor("p", files);
    editor.merge("p");
    editor.write("merged", {.durability = Durability::none});
  });
  require_bounded("rewrite", [&] { bundle::rewrite(bundle::Reader("p", files), "copy", {}, files); });
  require_bounded("picture", [&] { (void)Picture("p", {}, files).html(); });
}

// The elements are the program's own objects, of the size that it gave them, and each of their two values that gets
// nothing is a path in the status and a line in its text. What finds, makes and matches them is ours.
constexpr std::size_t told = 2 * (sizeof(std::string) + 24 + 48);

TEST_CASE("crafted nodes of three hundred thousand children where lists of structs are restored") {
  const std::size_t element = sizeof(Layer) + 9 * sizeof(float);
  require_all_harmless(
      1, [](unsigned, Random&) { return many_children({"lists", "layers"}); }, many_elements * (element + told));
}

TEST_CASE(
    "crafted nodes of three hundred thousand children where maps of structs are restored, which are a list's to "
    "another "
    "program, too") {
  const std::size_t element = sizeof(std::map<std::string, Layer>::value_type) + 4 * sizeof(void*) + 9 * sizeof(float);
  require_all_harmless(
      2,
      [](unsigned variant, Random&) {
        return variant == 0 ? many_children({"maps", "layers"}) : many_children({"lists", "layers"}, "layers");
      },
      many_elements * (element + told));
}
