// Pointers that may dangle: edges only to what other edges lead to as well.
#include <cairn/graph/detail/slot_types.hpp>

#include <doctest/doctest.h>

#include <cairn/graph/detail/match.hpp>

#include "graph/saved_state.hpp"

#include <memory>

using namespace cairn;
using namespace cairn::test;

namespace {
struct Model {
  Variable<float> a, b;
};
struct Observer {
  void* seen = nullptr;
};
// Seen first by the walk, as Keras' optimizers are.
struct Training {
  Observer observer;
  Model model;
};
struct ModelElsewhere {
  Observer observer;
  struct {
    Variable<float> c;
  } model;
};

class ObserverType : public cairn::graph::detail::ObjectType {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "Observer"; }
  void children(void* object, const cairn::graph::detail::ChildSink& sink) const override {
    static const cairn::graph::detail::LooseSlot slot(&cairn::graph::detail::object_type<Variable<float>>);
    sink({.name = "seen", .slot = {&static_cast<Observer*>(object)->seen, &slot}});
  }
};
}  // namespace

template <>
struct cairn::reflect::detail::Adapter<Observer> {
  using type = ObserverType;
};

TEST_CASE("a loose edge leads to what another edge leads to, and may be the shorter path to it") {
  Training source{{}, {1, 2}};
  source.observer.seen = &source.model.b;
  const cairn::graph::detail::LiveGraph live = cairn::graph::detail::walk(root_of(source));
  REQUIRE(live.graph[1].children.size() == 1);
  const auto seen = static_cast<std::size_t>(live.graph[1].children[0].node_id);
  CHECK(live.objects[seen].address == &source.model.b);
  CHECK(live.graph[live.graph[1].children[0].node_id].attributes[0].checkpoint_key ==
        "observer/seen/.ATTRIBUTES/VARIABLE_VALUE");
}

TEST_CASE("a loose edge to what nothing else leads to is no edge, and its object is not looked at") {
  Training source{{}, {1, 2}};
  auto gone = std::make_unique<Variable<float>>();
  source.observer.seen = gone.get();
  gone.reset();
  CHECK(cairn::graph::detail::walk(root_of(source)).graph[1].children.empty());
  const SavedState saved(root_of(source));
  const Restored restored = saved.restore(root_of(source));
  CHECK(restored.matched == Names{"model.a", "model.b"});
  CHECK(restored.only_in_program.empty());
}

TEST_CASE("a restore finds by a loose edge what it does not find by the others") {
  Training source{{}, {1, 2}};
  source.observer.seen = &source.model.b;
  const SavedState saved(root_of(source));

  ModelElsewhere target{{}, {9}};
  target.observer.seen = &target.model.c;
  const Restored restored = saved.restore(root_of(target));
  CHECK(restored.matched == Names{"observer.seen"});
  CHECK(restored.only_in_checkpoint == Names{"model.a"});
  CHECK(restored.only_in_program.empty());
  CHECK(target.model.c == 2);

  Training same{{}, {8, 9}};
  same.observer.seen = &same.model.a;  // which the checkpoint has under its own name
  CHECK(saved.restore(root_of(same)).only_in_checkpoint.empty());
  CHECK(same.model.a == 1);
  CHECK(same.model.b == 2);
}
