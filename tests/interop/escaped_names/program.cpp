// Names with '.', '/', '.ATTRIBUTES', spaces, UTF-8: escaped in keys, plain in the graph, found again on both sides.
#include "interop/case.hpp"

#include <fstream>
#include <sstream>

using namespace cairn::literals;

namespace {

const std::vector<std::string> names{"a/b",
                                     "a.b",
                                     ".S",
                                     "a..Sb",
                                     "a.ATTRIBUTES/",
                                     "d/.ATTRIBUTES/f",
                                     "VARIABLE_VALUE",
                                     ".",
                                     "/",
                                     "..",
                                     "//",
                                     "./",
                                     "/.",
                                     " ",
                                     "two words",
                                     "grüße",
                                     "你好",
                                     "tab\tnew\nline",
                                     "\"quoted\"",
                                     "back\\slash",
                                     "0",
                                     "-1",
                                     "_CHECKPOINTABLE_OBJECT_GRAPH",
                                     "checkpoint",
                                     "e\u0301",
                                     "\x7f",
                                     std::string(300, 'x'),
                                     "a",
                                     "a/",
                                     "/a",
                                     ".OPTIMIZER_SLOT",
                                     "self",
                                     "%s%n",
                                     "\U0001f600"};

struct State {
  std::map<std::string, cairn::Variable<float, 2>> map;
  std::map<std::string, std::map<std::string, cairn::Variable<float, 2>>> maps;
};

std::string keys_of(const std::filesystem::path& path) {
  std::string keys;
  for (const auto& [key, shape] : cairn::list_variables(path)) keys += key + '\0';
  return keys;
}

}  // namespace

void write(const std::filesystem::path& directory) {
  State state;
  std::uint32_t seed = 1;
  for (const std::string& name : names) {
    fill(state.map[name], seed);
    fill(state.maps[name][name], seed++);
  }
  cairn::Checkpoint checkpoint{"map"_a = state.map, "maps"_a = state.maps};
  const std::string path = checkpoint.save(directory / "ckpt");
  std::ofstream(directory / "keys_of_cairn", std::ios::binary) << keys_of(path);
}

void read(const std::filesystem::path& directory) {
  State state;
  const std::string path = (directory / "ckpt-1").string();
  cairn::Checkpoint checkpoint{"map"_a = state.map, "maps"_a = state.maps};
  checkpoint.restore(path).assert_consumed();
  CAIRN_EXPECT(state.map.size() == names.size());
  std::uint32_t seed = 1;
  for (const std::string& name : names) {
    CAIRN_EXPECT(is_filled(state.map.at(name), seed));
    CAIRN_EXPECT(is_filled(state.maps.at(name).at(name), seed++));
  }
  std::ostringstream keys;
  keys << std::ifstream(directory / "keys", std::ios::binary).rdbuf();
  CAIRN_EXPECT(keys_of(path) == keys.str());
  const cairn::AnyTensor found = cairn::load_variable(path, "map/d.S..ATTRIBUTES.Sf/.ATTRIBUTES/VARIABLE_VALUE");
  CAIRN_EXPECT(found.shape() == cairn::Shape{2});
  State saved_only;
  cairn::Checkpoint{"map"_a = saved_only.map}.restore((directory / "saved_only-1").string()).assert_consumed();
  CAIRN_EXPECT(is_filled(saved_only.map.at(".ATTRIBUTES"), 1));
}
