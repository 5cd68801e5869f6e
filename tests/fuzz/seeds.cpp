// Writes the seeds in corpus/, from which every harness begins: seeds CORPUS_FOLDER
//
// c++ -std=c++20 -Iinclude -Itests -DCAIRN_SOURCE_ROOT=\"$PWD\" tests/fuzz/seeds.cpp tests/damage/exercise.cpp -o seeds && ./seeds tests/fuzz/corpus
#include <cairn/bundle/writer.hpp>
#include <cairn/format/checkpoint_state.hpp>
#include <cairn/format/table_builder.hpp>
#include <cairn/io/native.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "damage/craft.hpp"
#include "damage/exercise.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

using namespace cairn;

namespace {

std::filesystem::path corpus;

void seed(const std::string& harness, const std::string& name, const std::string& bytes) {
  std::filesystem::create_directories(corpus / harness);
  std::ofstream(corpus / harness / name, std::ios::binary) << bytes;
}

// Snappy by literals, and with `copy` at the end the last four bytes once more.
std::string snappy(std::string_view text, bool copy) {
  std::string bytes;
  format::append_varint(bytes, text.size() + (copy ? 4 : 0));
  for (std::size_t at = 0; at < text.size(); at += 60) {
    const auto piece = text.substr(at, 60);
    bytes += static_cast<char>((piece.size() - 1) << 2);
    bytes += piece;
  }
  return copy ? bytes + "\x01\x04" : bytes;
}

}  // namespace

int main(int, char** arguments) {
  corpus = arguments[1];
  cairn::testing::MemoryFileSystem files;
  test::write_everything(files, "everything");
  test::Craft everything(files, "everything");
  const std::string index = test::read_file(files, "everything.index");

  test::Craft small;
  small.header = everything.header;
  small.shards.emplace_back();
  small.add("a", DT_FLOAT, Shape{2}, "12345678");
  small.place_strings(small.add("b", DT_STRING, Shape{2}, ""), {"", "text"});
  format::BundleEntry whole;
  whole.dtype = DT_INT8;
  whole.shape = {2, 2};
  whole.slices = {{{0, 1}, {}}, {{1, 1}, {}}};
  for (const auto& slice : whole.slices)
    small.add(cairn::format::detail::encode_slice_key("c", slice), DT_INT8, Shape{1, 2}, "xy");
  small.entries.emplace_back("c", whole);
  small.add_node(small.node({}), "b", "b");
  const auto sealed = small.sealed();

  seed("table", "everything", index);
  seed("table", "small", sealed.index);
  format::TableBuilder blocks(80);
  format::Table(index).for_each([&](std::string_view key, std::string_view value) {
    if (blocks.size() < 30) blocks.add(key, value);
  });
  seed("table", "many_blocks", blocks.finish());
  const auto rows = small.rows();
  test::RawTable compressed;
  const std::string block = test::RawTable::block(rows);
  const auto handle = compressed.add(snappy(block, false), 1);
  seed("table", "compressed", compressed.finish({{"\xff", test::RawTable::encoded(handle)}}));

  seed("block", "small", block);
  seed("block", "empty", test::RawTable::block({}));
  format::BlockBuilder shared(2);
  for (const char* const key : {"", "a", "ab", "abc", "abd", "b"}) shared.add(key, "value");
  seed("block", "shared", shared.finish());

  seed("messages", "header", std::string(1, '\0') + format::encode(everything.header));
  for (const auto& [key, entry] : small.entries)
    seed("messages", "entry_" + std::to_string(entry.offset) + (entry.slices.empty() ? "" : "_whole"),
         '\1' + format::encode(entry));
  seed("messages", "graph", '\2' + format::encode(everything.graph));
  seed("messages", "small_graph", '\2' + format::encode(small.graph));
  seed("messages", "groups", std::string("\1\x5b\x5b\x08\1\x5c\x5c", 7));

  seed("snappy", "literals",
       snappy("some text of more than sixty bytes, which takes two literals, and then a copy", true));
  seed("snappy", "run", std::string("\x40\0x\xf6\1\0\0\2\1", 8));
  seed("snappy", "long_copy",
       std::string("\x08\x0c"
                   "abcd\x0f\4\0\0\0",
                   11));

  seed("state_text", "manager", format::encode_text({"ckpt-2", {"ckpt-1", "ckpt-2"}, {1795423958.61, 1e16}, 20.5}));
  seed("state_text", "spellings",
       "# comment\nmodel_checkpoint_path: 'a' \"b\\n\\x41\\101\\u00e4\\U0001F600\",\r\n"
       "all_model_checkpoint_paths: [\"x\", 'y'];all_model_checkpoint_timestamps: -1.5e-3 "
       "last_preserved_timestamp:inf\n");
  seed("state_text", "empty", "");

  const auto bundle = [](const test::CheckpointFiles& checkpoint) {
    std::string bytes;
    format::append_fixed32(bytes, static_cast<std::uint32_t>(checkpoint.index.size()));
    return bytes + checkpoint.index + checkpoint.shards[0];
  };
  seed("bundle_restore", "everything", bundle(everything.sealed()));
  seed("bundle_restore", "small", bundle(sealed));
  test::Craft lists = everything;
  lists.entries.clear();
  lists.shards = {""};
  lists.graph = {};
  lists.add("f", DT_FLOAT, Shape{2, 3}, std::string(24, '\0'));
  lists.add("s", DT_STRING, Shape{}, "");
  lists.place_strings(lists.entries.back().second, {std::string("\1\2\0\0\0\1\0\0\0\0\0\0\0", 13)});
  for (const char* const place : {"layers", "maybe", "owned"})
    lists.add_node(lists.node({"lists", place, "0"}), "kernel", "f");
  lists.add_node(lists.node({"maps", "layers", "key"}), "kernel", "f");
  lists.add_node(lists.node({"classes"}), "variant", "s");
  const std::int32_t pointer = lists.node({"pointers", "node"});
  lists.graph.add_child(pointer, {pointer, "next"});
  seed("bundle_restore", "lists", bundle(lists.sealed()));
  const std::string v1 = test::read_file(io::native(), CAIRN_SOURCE_ROOT "/tests/bundle/format_v1/all");
  seed("bundle_restore", "v1", bundle({v1, {""}}));
  return 0;
}
