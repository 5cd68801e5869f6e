// Dicts: children by key, found by name whatever their order.
#include "interop/case.hpp"

#include <map>
#include <unordered_map>

using namespace cairn::literals;

namespace {

struct Item {
  cairn::Variable<float, 3> w;
  std::int64_t n = 0;
};
struct Maps {
  std::map<std::string, cairn::Variable<float, 2>> sorted;
  std::unordered_map<std::string, double> unordered;
  std::map<std::string, Item> structs;
  std::map<std::string, std::map<std::string, std::int32_t>> nested;
  std::unordered_map<std::string, std::vector<float>> vectors;
  std::map<std::string, std::vector<cairn::Variable<float, 2>>> lists;
  std::map<std::string, Item> emptied;
};

Maps filled() {
  Maps maps;
  fill(maps.sorted["alpha"], 1);
  fill(maps.sorted["mid"], 2);
  fill(maps.sorted["zeta"], 3);
  for (std::uint32_t i = 0; i < 20; ++i) fill(maps.unordered["k" + std::to_string(i)], 10 + i);
  fill(maps.structs["a"].w, 31);
  fill(maps.structs["a"].n, 32);
  fill(maps.structs["b"].w, 33);
  fill(maps.structs["b"].n, 34);
  fill(maps.nested["x"]["1"], 41);
  fill(maps.nested["x"]["0"], 42);
  maps.nested["y"];
  fill(maps.nested["z"]["q"], 43);
  maps.vectors = {{"short", std::vector<float>(1)}, {"long", std::vector<float>(5)}};
  fill(maps.vectors["short"], 51);
  fill(maps.vectors["long"], 52);
  maps.lists["l"].resize(2);
  fill(maps.lists["l"][0], 61);
  fill(maps.lists["l"][1], 62);
  return maps;
}

// Other keys, and some of the right ones with other values.
Maps unlike() {
  Maps maps;
  maps.sorted["mid"];
  maps.sorted["only here"];
  maps.unordered = {{"k3", 5}, {"other", 6}};
  maps.structs["c"].n = 7;
  maps.nested["y"]["1"] = 8;
  maps.nested["w"]["1"] = 9;
  maps.vectors["long"] = {1};
  maps.lists["l"].resize(5);
  maps.emptied["gone"];
  return maps;
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Maps maps = filled();
  cairn::Checkpoint checkpoint{"maps"_a = maps};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  for (const char* name : {"sorted-1", "reversed-1"}) {
    for (Maps maps : {Maps(), unlike(), filled()}) {
      cairn::Checkpoint checkpoint{"maps"_a = maps};
      checkpoint.restore((directory / name).string()).assert_consumed();
      CAIRN_EXPECT(maps.sorted.size() == 3 && is_filled(maps.sorted.at("alpha"), 1) &&
                   is_filled(maps.sorted.at("mid"), 2) && is_filled(maps.sorted.at("zeta"), 3));
      CAIRN_EXPECT(maps.unordered.size() == 20 && is_filled(maps.unordered.at("k0"), 10) &&
                   is_filled(maps.unordered.at("k19"), 29));
      CAIRN_EXPECT(maps.structs.size() == 2 && is_filled(maps.structs.at("a").w, 31) &&
                   is_filled(maps.structs.at("b").n, 34));
      CAIRN_EXPECT(maps.nested == filled().nested);
      CAIRN_EXPECT(maps.vectors.size() == 2 && is_filled(maps.vectors.at("short"), 51) &&
                   is_filled(maps.vectors.at("long"), 52) && maps.vectors.at("long").size() == 5);
      CAIRN_EXPECT(maps.lists.at("l").size() == 2 && is_filled(maps.lists.at("l")[1], 62));
      CAIRN_EXPECT(maps.emptied.empty());
    }
  }
}
