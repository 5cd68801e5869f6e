// tf.Module, named tuples, tuples, lists and dicts: plain structs, tuples, vectors and maps here.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Dense {
  cairn::Variable<float, 2, 3> kernel;
  cairn::Variable<float, 3> bias;
};
struct Point {  // a named tuple
  cairn::Variable<float, 2> x;
  Dense y;
};
struct Network {
  std::vector<std::shared_ptr<Dense>> layers;
  std::map<std::string, Dense> heads;
  std::pair<double, std::vector<std::int64_t>> pair;
  Point point;
  std::shared_ptr<Dense> first;
  std::map<std::string, std::vector<std::tuple<std::int32_t>>> nested;
};

void fill_dense(Dense& dense, std::uint32_t seed) {
  fill(dense.kernel, seed);
  fill(dense.bias, seed + 1);
}
bool is_dense(const Dense& dense, std::uint32_t seed) {
  return is_filled(dense.kernel, seed) && is_filled(dense.bias, seed + 1);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Network network;
  for (const std::uint32_t seed : {1u, 3u}) {
    network.layers.push_back(std::make_shared<Dense>());
    fill_dense(*network.layers.back(), seed);
  }
  network.first = network.layers[0];
  fill_dense(network.heads["left"], 5);
  fill_dense(network.heads["right"], 7);
  fill(network.pair.first, 9);
  network.pair.second.resize(2);
  fill(network.pair.second, 10);
  fill(network.point.x, 11);
  fill_dense(network.point.y, 13);
  auto& list = network.nested["list"];
  list.resize(2);
  fill(std::get<0>(list[0]), 15);
  fill(std::get<0>(list[1]), 16);
  cairn::Checkpoint checkpoint{"network"_a = network};
  checkpoint.save(directory / "ckpt");

  struct {
    std::tuple<cairn::Variable<float, 2>> point;
  } by_index;
  fill(std::get<0>(by_index.point), 11);
  cairn::Checkpoint{"network"_a = by_index}.write(directory / "tuple");
}

void read(const std::filesystem::path& directory) {
  const std::string path = (directory / "ckpt-1").string();
  Network network;
  cairn::Checkpoint checkpoint{"network"_a = network};
  checkpoint.restore(path).assert_consumed();
  CAIRN_EXPECT(network.layers.size() == 2 && is_dense(*network.layers[0], 1) && is_dense(*network.layers[1], 3));
  CAIRN_EXPECT(network.first == network.layers[0]);
  CAIRN_EXPECT(network.heads.size() == 2 && is_dense(network.heads["left"], 5) && is_dense(network.heads["right"], 7));
  CAIRN_EXPECT(is_filled(network.pair.first, 9) && is_filled(network.pair.second, 10));
  CAIRN_EXPECT(is_filled(network.point.x, 11) && is_dense(network.point.y, 13));
  const auto& list = network.nested.at("list");
  CAIRN_EXPECT(list.size() == 2 && is_filled(std::get<0>(list[0]), 15) && is_filled(std::get<0>(list[1]), 16));

  // A named tuple is found by its indices, too.
  struct {
    std::tuple<cairn::Variable<float, 2>, Dense> point;
  } by_index;
  cairn::Checkpoint{"network"_a = by_index}.restore(path).assert_existing_objects_matched();
  CAIRN_EXPECT(is_filled(std::get<0>(by_index.point), 11) && is_dense(std::get<1>(by_index.point), 13));
}
