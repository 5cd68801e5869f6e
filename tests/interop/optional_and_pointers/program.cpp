// What may be absent is no edge.
#include "interop/case.hpp"

#include <memory>
#include <optional>

using namespace cairn::literals;

namespace {

struct Layer {
  cairn::Variable<float, 3> w;
};
struct Link {
  float v = 0;
  std::unique_ptr<Link> next;
};
struct State {
  std::optional<cairn::Variable<float, 2>> some;
  std::optional<float> none;
  std::unique_ptr<Layer> owned, missing;
  std::optional<Layer> layer, no_layer;
  std::optional<std::vector<float>> numbers;
  std::optional<std::string> text, no_text;
  std::vector<std::optional<float>> holes;
  std::map<std::string, std::unique_ptr<Layer>> by_name;
  std::shared_ptr<std::int64_t> shared;
  Layer* nobody = nullptr;
  std::weak_ptr<Layer> weak;
  std::unique_ptr<Link> links;
};

State filled() {
  State state;
  fill(state.some.emplace(), 1);
  state.owned = std::make_unique<Layer>();
  fill(state.owned->w, 2);
  fill(state.layer.emplace().w, 3);
  fill(state.numbers.emplace(4), 4);
  state.text = "text";
  state.holes = {0, std::nullopt, 0};
  fill(*state.holes[0], 5);
  fill(*state.holes[2], 7);
  state.by_name["a"] = std::make_unique<Layer>();
  fill(state.by_name["a"]->w, 8);
  state.shared = std::make_shared<std::int64_t>();
  fill(*state.shared, 9);
  for (std::uint32_t seed = 40; seed > 20; --seed) {
    auto link = std::make_unique<Link>();
    fill(link->v, seed);
    link->next = std::move(state.links);
    state.links = std::move(link);
  }
  return state;
}

// Full where the checkpoint has nothing, empty where it has something. TensorFlow does not say what a struct's member
// was without an object: it is kept, and listed. A list or a dict that it has is what it says.
State unlike() {
  State state;
  state.none = 1.0F;
  state.missing = std::make_unique<Layer>();
  state.no_layer.emplace();
  state.no_text = "here";
  state.holes = {std::nullopt, 2.0F, std::nullopt, 4.0F};
  state.by_name["b"] = std::make_unique<Layer>();
  return state;
}

}  // namespace

void write(const std::filesystem::path& directory) {
  State state = filled();
  cairn::Checkpoint checkpoint{"state"_a = state};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  for (auto* make : {+[] { return State(); }, &unlike, &filled}) {
    State state = make();
    cairn::Checkpoint checkpoint{"state"_a = state};
    const cairn::LoadStatus status = checkpoint.restore((directory / "ckpt-1").string());
    CAIRN_EXPECT(status.only_in_checkpoint().empty());
    CAIRN_EXPECT(state.some && is_filled(*state.some, 1));
    if (make == &unlike) {
      CAIRN_EXPECT(status.only_in_program() ==
                   std::vector<std::string>({"state.none", "state.missing.w", "state.no_layer.w", "state.no_text"}));
      CAIRN_EXPECT(state.none == 1.0F && state.missing && state.no_layer && state.no_text == "here");
    } else {
      status.assert_consumed();
      CAIRN_EXPECT(!state.none && !state.missing && !state.no_layer && !state.no_text);
    }
    CAIRN_EXPECT(state.owned && is_filled(state.owned->w, 2));
    CAIRN_EXPECT(state.layer && is_filled(state.layer->w, 3));
    CAIRN_EXPECT(state.numbers && state.numbers->size() == 4 && is_filled(*state.numbers, 4));
    CAIRN_EXPECT(state.text == "text");
    CAIRN_EXPECT(state.holes.size() == 3);
    CAIRN_EXPECT(is_filled(state.holes.at(0).value(), 5) && !state.holes.at(1) &&
                 is_filled(state.holes.at(2).value(), 7));
    CAIRN_EXPECT(state.by_name.size() == 1 && is_filled(state.by_name.at("a")->w, 8));
    CAIRN_EXPECT(state.shared && is_filled(*state.shared, 9));
    std::uint32_t seed = 21;
    for (const Link* link = state.links.get(); link != nullptr; link = link->next.get())
      CAIRN_EXPECT(is_filled(link->v, seed++));
    CAIRN_EXPECT(seed == 41);
  }
}
