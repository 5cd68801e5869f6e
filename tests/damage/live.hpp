// The states that hostile checkpoints are restored into: between them, every kind of thing that can be tracked and that
// a file could make grow.
#pragma once

#include <cairn/cereal.hpp>
#include <cairn/checkpoint.hpp>
#include <cairn/tensor.hpp>

#include <cereal/types/map.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/variant.hpp>
#include <cereal/types/vector.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace cairn::test {

struct Layer {
  Variable<float, 2, 3> kernel;
  Variable<float, 3> bias;
};

// A class with cereal's protocol.
class Counter {
 public:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("count", count), cereal::make_nvp("history", history), cereal::make_nvp("inner", inner));
  }
  std::int64_t count = 0;
  std::vector<double> history;
  std::map<std::string, float> inner;
};

// A class that holds its like.
class Tree {
 public:
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("value", value), cereal::make_nvp("next", next));
  }
  float value = 0;
  std::shared_ptr<Tree> next;
};

struct Node {
  Variable<float> value;
  std::unique_ptr<Node> next;
  std::vector<std::shared_ptr<Node>> children;
};

struct Plain {
  Layer first;
  std::array<Layer, 2> second;
  std::tuple<Variable<float>, std::string> pair;
  Variable<float, dynamic, 3> rows;
  std::int64_t step = 0;
  bool flag = false;
  std::string note;
};

// Saved as columns where it is in a list.
struct Sample {
  double weight = 0;
  std::array<float, 3> values{};
  bool is_good = false;
};

struct Lists {
  std::vector<Layer> layers;
  std::deque<Variable<float>> numbers;
  std::list<std::string> names;
  std::vector<float> losses;
  std::vector<std::string> texts;
  std::vector<bool> bits;
  std::vector<std::vector<float>> rows;
  std::vector<std::optional<Layer>> maybe;
  std::vector<std::shared_ptr<Layer>> owned;
  std::vector<Sample> samples;
  std::deque<Sample> queue;
  std::vector<std::array<float, 2>> points;
};

struct Maps {
  std::map<std::string, Layer> layers;
  std::unordered_map<std::string, std::vector<float>> rows;
  std::map<std::string, std::optional<Variable<float>>> maybe;
  std::map<std::string, std::map<std::string, std::string>> texts;
};

struct Pointers {
  std::optional<Layer> maybe;
  std::unique_ptr<Node> node;
  std::shared_ptr<Layer> shared;
  std::shared_ptr<Layer> again;
  Layer* raw = nullptr;
};

struct Classes {
  Counter counter;
  std::vector<Counter> counters;
  Tree tree;
  std::variant<std::int32_t, std::string, std::vector<double>> variant;
};

struct Everything {
  Plain plain;
  Lists lists;
  Maps maps;
  Pointers pointers;
  Classes classes;
};

// Something everywhere.
inline void fill(Everything& all) {
  const auto layer = [](float first) {
    Layer made;
    for (float& each : made.kernel.span()) each = first++;
    for (float& each : made.bias.span()) each = first++;
    return made;
  };
  all.plain.first = layer(1);
  all.plain.second = {layer(2), layer(3)};
  all.plain.pair = {Variable<float>(4), "text"};
  all.plain.rows = Variable<float, dynamic, 3>(Shape{2, 3});
  all.plain.step = 7;
  all.plain.flag = true;
  all.plain.note = "a note that is too long for a short string";
  for (int i = 0; i < 3; ++i) {
    const auto number = static_cast<float>(i);
    all.lists.layers.push_back(layer(number));
    all.lists.numbers.emplace_back(number);
    all.lists.names.push_back("name " + std::to_string(i));
    all.lists.losses.push_back(number);
    all.lists.texts.push_back(std::string(static_cast<std::size_t>(i), 'x'));
    all.lists.bits.push_back(i % 2 == 0);
    all.lists.rows.emplace_back(static_cast<std::size_t>(i), number);
    all.lists.maybe.emplace_back(layer(number));
    all.lists.owned.push_back(std::make_shared<Layer>(layer(number)));
    all.lists.samples.push_back({1.0 * i, {number, 1, 2}, i % 2 == 0});
    all.lists.queue.push_back({1.0 * i, {1, number, 2}, i % 2 == 1});
    all.lists.points.push_back({number, 1});
    const std::string key = "key" + std::to_string(i);
    all.maps.layers[key] = layer(number);
    all.maps.rows[key] = {number, number};
    all.maps.maybe[key].emplace(number);
    all.maps.texts[key]["inner"] = "value";
  }
  all.pointers.maybe = layer(5);
  all.pointers.node = std::make_unique<Node>();
  all.pointers.node->next = std::make_unique<Node>();
  all.pointers.node->children.push_back(std::make_shared<Node>());
  all.pointers.shared = std::make_shared<Layer>(layer(6));
  all.pointers.again = all.pointers.shared;
  all.classes.counter.count = 3;
  all.classes.counter.history = {1, 2, 3};
  all.classes.counter.inner["a"] = 1;
  all.classes.counters.resize(2);
  all.classes.tree.next = std::make_shared<Tree>();
  all.classes.variant = std::vector<double>{1, 2, 3};
}

// A state that is the root of a checkpoint in any file system.
template <class T>
class Tracked {
 public:
  Tracked(T& object, io::FileSystem& files)
      : state_(core::detail::make_shared<checkpoint::detail::TrackedState>(
            graph::detail::Root{.object = graph::detail::slot_of(object).get(), .children = {}}, files)) {}
  void write(const std::string& prefix) { state_->write(prefix, {}); }
  LoadStatus restore(const std::string& prefix, OnMismatch on_mismatch = OnMismatch::error) {
    return state_->restore(prefix, {.on_mismatch = on_mismatch}, false);
  }

 private:
  core::detail::Shared<checkpoint::detail::TrackedState> state_;
};

}  // namespace cairn::test
