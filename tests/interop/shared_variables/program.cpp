// One object reached twice is one node; cycles; parents.
#include "interop/case.hpp"

#include <functional>
#include <memory>

using namespace cairn::literals;

namespace {

struct Layer {
  cairn::Variable<float, 3> w;
};
struct Ring {
  cairn::Variable<float, 2> value;
  Ring* next = nullptr;
  Ring* self_ = nullptr;
};
struct Tree {
  double v = 0;
  std::weak_ptr<Tree> parent;
  std::vector<std::shared_ptr<Tree>> children_;
};
using Free = cairn::Variable<float, 2>;
struct Shared {
  std::shared_ptr<Layer> encoder, decoder;
  Layer* raw = nullptr;
  Ring a, b;
  std::shared_ptr<Tree> tree;
  std::shared_ptr<std::int64_t> number, same_number;
  std::vector<std::map<std::string, cairn::Variable<float, 3>*>> deep;
  std::reference_wrapper<Free> free, again;
};

Shared empty(Free& free) { return {{}, {}, {}, {}, {}, {}, {}, {}, {}, free, free}; }

void tie(Shared& shared) {
  shared.a.next = &shared.b;
  shared.b.next = shared.a.self_ = &shared.a;
}

Shared filled(Free& free) {
  Shared shared = empty(free);
  shared.encoder = shared.decoder = std::make_shared<Layer>();
  shared.raw = shared.encoder.get();
  shared.deep = {{{"w", &shared.encoder->w}}};
  shared.tree = std::make_shared<Tree>();
  for (int i = 0; i < 2; ++i) {
    auto child = std::make_shared<Tree>();
    child->parent = shared.tree;
    shared.tree->children_.push_back(child);
  }
  shared.number = shared.same_number = std::make_shared<std::int64_t>();
  return shared;
}

template <class Use>
void each(Shared& shared, Use use) {
  use(shared.decoder->w, 1U);
  use(shared.a.value, 2U);
  use(shared.b.value, 3U);
  use(shared.tree->v, 4U);
  use(shared.tree->children_.at(0)->v, 5U);
  use(shared.tree->children_.at(1)->v, 6U);
  use(*shared.same_number, 8U);
  use(shared.free.get(), 9U);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Free free;
  Shared shared = filled(free);
  tie(shared);
  each(shared, [](auto& value, std::uint32_t seed) { fill(value, seed); });
  cairn::Checkpoint checkpoint{"shared"_a = shared};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  const std::string path = (directory / "ckpt-1").string();
  Free free;
  // Pointers that are null: what can be made is made, and made once.
  Shared made = empty(free);
  tie(made);
  cairn::Checkpoint{"shared"_a = made}.restore(path).assert_consumed();
  CAIRN_EXPECT(made.encoder != nullptr && made.encoder == made.decoder && made.raw == made.encoder.get());
  CAIRN_EXPECT(made.number != nullptr && made.number == made.same_number);
  CAIRN_EXPECT(made.tree != nullptr && made.tree->children_.size() == 2);
  for (const auto& child : made.tree->children_) CAIRN_EXPECT(child->parent.lock() == made.tree);
  each(made, [](auto& value, std::uint32_t seed) { CAIRN_EXPECT(is_filled(value, seed)); });

  // Pointers that are set already: what they point to is restored where it is.
  Shared present = filled(free);
  fill(free, 2);
  tie(present);
  Layer* const layer = present.encoder.get();
  cairn::Checkpoint{"shared"_a = present}.restore(path).assert_consumed();
  CAIRN_EXPECT(present.encoder.get() == layer && present.decoder.get() == layer && present.raw == layer);
  each(present, [](auto& value, std::uint32_t seed) { CAIRN_EXPECT(is_filled(value, seed)); });

  // Two objects where one was saved: the first has it, as in TensorFlow.
  Shared apart = filled(free);
  tie(apart);
  apart.decoder = std::make_shared<Layer>();
  cairn::Checkpoint checkpoint{"shared"_a = apart};
  const auto status = checkpoint.restore(path);
  CAIRN_EXPECT(is_filled(apart.encoder->w, 1) && !is_filled(apart.decoder->w, 1));
  CAIRN_EXPECT(status.only_in_program() == std::vector<std::string>{"shared.decoder.w"});
  CAIRN_EXPECT(status.only_in_checkpoint().empty());
}
