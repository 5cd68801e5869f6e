// Classes with cereal's functions: nodes whose children have the names that the class gives.
#include "interop/case.hpp"

#include <cairn/cereal.hpp>

#include <cereal/types/map.hpp>
#include <cereal/types/stack.hpp>
#include <cereal/types/utility.hpp>

#include <map>
#include <stack>
#include <utility>

using namespace cairn::literals;

namespace {

class Layer {
 public:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(weights), CEREAL_NVP(step), CEREAL_NVP(names));
  }
  cairn::Variable<float, 2, 3> weights;
  std::int32_t step = 0;
  std::vector<std::string> names;
};

// What it saves is made while it saves.
class Split {
 public:
  template <class Archive>
  void save(Archive& archive) const {
    const double sum = half;
    archive(cereal::make_nvp("sum", sum), cereal::make_nvp("note", std::string("split")));
  }
  template <class Archive>
  void load(Archive& archive) {
    double sum = 0;
    std::string text;
    archive(cereal::make_nvp("sum", sum), cereal::make_nvp("note", text));
    half = sum;
    note = text;
  }
  double half = 0;
  std::string note;
};

struct Unnamed {
  Unnamed() = default;
  float a = 0, b = 0;
};
template <class Archive>
void serialize(Archive& archive, Unnamed& unnamed) {
  archive(unnamed.a, unnamed.b);
}

class Counter {
 public:
  template <class Archive>
  void serialize(Archive& archive, std::uint32_t version) {
    seen = version;
    archive(CEREAL_NVP(count));
  }
  std::int64_t count = 0;
  std::uint32_t seen = 0;
};

struct State {
  Layer layer;
  Split split;
  Unnamed unnamed;
  Counter counter;
  std::vector<Counter> counters;
  std::map<std::string, Counter> by_name;
};
struct Others {
  std::stack<int> stack;
  std::map<std::pair<int, int>, double> pairs;
};

}  // namespace

CEREAL_CLASS_VERSION(Counter, 2)

void write(const std::filesystem::path& directory) {
  State state;
  fill(state.layer.weights, 1);
  fill(state.layer.step, 2);
  state.layer.names = {"a", "b"};
  fill(state.split.half, 3);
  fill(state.unnamed.a, 5);
  fill(state.unnamed.b, 6);
  fill(state.counter.count, 7);
  state.counters.resize(2);
  fill(state.counters[0].count, 8);
  fill(state.counters[1].count, 9);
  fill(state.by_name["x"].count, 10);
  cairn::Checkpoint checkpoint{"state"_a = state};
  checkpoint.save(directory / "ckpt");

  Others others;
  others.stack.push(3);
  others.pairs[{1, 2}] = 0.5;
  cairn::Checkpoint{others}.save(directory / "others");
  Others again;
  cairn::Checkpoint{again}.restore((directory / "others-1").string()).assert_consumed();
  CAIRN_EXPECT(again.stack == others.stack && again.pairs == others.pairs);
}

void read(const std::filesystem::path& directory) {
  State state;
  cairn::Checkpoint checkpoint{"state"_a = state};
  checkpoint.restore((directory / "ckpt-1").string()).assert_consumed();
  CAIRN_EXPECT(is_filled(state.layer.weights, 1) && is_filled(state.layer.step, 2));
  CAIRN_EXPECT(state.layer.names == std::vector<std::string>{"a", "b"});
  CAIRN_EXPECT(is_filled(state.split.half, 3) && state.split.note == "split");
  CAIRN_EXPECT(is_filled(state.unnamed.a, 5) && is_filled(state.unnamed.b, 6));
  CAIRN_EXPECT(is_filled(state.counter.count, 7) && state.counter.seen == 2);
  CAIRN_EXPECT(state.counters.size() == 2 && is_filled(state.counters.at(1).count, 9));
  CAIRN_EXPECT(state.by_name.size() == 1 && is_filled(state.by_name.at("x").count, 10));
}
