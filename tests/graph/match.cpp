// Which saved value goes to which object: by the names of edges, as TensorFlow matches.
#include <cairn/graph/detail/match.hpp>

#include <doctest/doctest.h>

#include <cairn/reflect/members.hpp>

#include "graph/saved_state.hpp"

#include <memory>

using namespace cairn;
using namespace cairn::test;

namespace {
struct Layer {
  float kernel = 0;
  float bias = 0;
};
struct Model {
  Layer a, b;
};
struct More {
  Layer a, b, c;
};
struct Wrong {
  Layer a;
  struct {
    double kernel = 0;
    float bias = 0;
  } b;
};
struct New {
  float weights = 0;
};
struct Chain {
  float value = 0;
  std::unique_ptr<Chain> next;
};
Model model() { return {{1, 2}, {3, 4}}; }
}  // namespace

template <>
inline constexpr auto cairn::members<New> = cairn::describe(cairn::rename<"weights">("kernel", "old"));

TEST_CASE("everything comes back under its names, also a second time") {
  Model source = model();
  const SavedState saved(root_of(source));
  Model target;
  for (int i = 0; i < 2; ++i) {
    target.a.kernel = 9;
    const Restored restored = saved.restore(root_of(target));
    CHECK(restored.matched == Names{"a.kernel", "a.bias", "b.kernel", "b.bias"});
    CHECK(restored.only_in_checkpoint.empty());
    CHECK(restored.only_in_program.empty());
    CHECK(target.a.kernel == 1);
    CHECK(target.b.bias == 4);
  }
}

TEST_CASE("what only the file has and what only the program has is listed, and the rest restored") {
  Model source = model();
  More more{.a = {}, .b = {}, .c = {5, 6}};
  const Restored into_more = SavedState(root_of(source)).restore(root_of(more));
  CHECK(into_more.only_in_program == Names{"c.kernel", "c.bias"});
  CHECK(more.c.kernel == 5);
  CHECK(more.b.bias == 4);
  const SavedState saved(root_of(more));
  Model target;
  const Restored into_less = saved.restore(root_of(target));
  CHECK(into_less.only_in_checkpoint == Names{"c.kernel", "c.bias"});
  CHECK(into_less.only_in_program.empty());
}

TEST_CASE("names match, not keys: the same edges under other keys restore") {
  Model source = model();
  SavedState saved(root_of(source));
  const std::string key(saved.graph[3].attributes[0].checkpoint_key);
  saved.values["elsewhere"] = saved.values[key];
  saved.values.erase(key);
  saved.graph.set_key(3, 0, "elsewhere");
  Model target;
  saved.restore(root_of(target));
  CHECK(target.a.kernel == 1);
}

TEST_CASE("a renamed member is found under each of its names") {
  for (const std::string name : {"kernel", "old", "weights"}) {
    float value = 8;
    const SavedState saved(child(name, value));
    New target;
    saved.restore(root_of(target));
    CHECK(target.weights == 8);
  }
  float value = 8;
  New target;
  CHECK(SavedState(child("other", value)).restore(root_of(target)).only_in_program == Names{"kernel"});
}

TEST_CASE("another dtype refuses everything, with key, path and both types") {
  Model source = model();
  const SavedState saved(root_of(source));
  Wrong target;
  try {
    saved.restore(root_of(target));
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    CHECK(error.key() == "b/kernel/.ATTRIBUTES/VARIABLE_VALUE");
    CHECK(error.expected() == "float64 []");
    CHECK(error.found() == "float32 []");
    const std::string text = error.what();
    CHECK(text.find("(b.kernel)") != std::string::npos);
    CHECK(text.find("nothing was restored") != std::string::npos);
  }
  CHECK(target.a.kernel == 0);
  CHECK(target.b.bias == 0);
}

TEST_CASE("what differs can be skipped: it is listed, the rest is restored") {
  Model source = model();
  const SavedState saved(root_of(source));
  Wrong target;
  target.b.kernel = 7;
  const Restored restored = saved.restore(root_of(target), OnMismatch::skip);
  REQUIRE(restored.mismatched.size() == 1);
  CHECK(restored.mismatched[0].path == "b.kernel");
  CHECK(restored.only_in_checkpoint.empty());
  CHECK(restored.only_in_program.empty());
  CHECK(target.b.kernel == 7);
  CHECK(target.b.bias == 4);
}

TEST_CASE("a struct where a value was saved leaves the value over, and the other way round") {
  float value = 5;
  Layer layer{1, 2};
  Layer into_struct{7, 8};
  const Restored one = SavedState(child("x", value)).restore(child("x", into_struct));
  CHECK(one.only_in_checkpoint == Names{"x"});
  CHECK(one.only_in_program == Names{"x.kernel", "x.bias"});
  const Restored two = SavedState(child("x", layer)).restore(child("x", value));
  CHECK(two.only_in_program == Names{"x"});
  CHECK(two.only_in_checkpoint == Names{"x.kernel", "x.bias"});
  CHECK(value == 5);
}

TEST_CASE("a list restores into members called by numbers, as containers of TensorFlow interchange") {
  struct Named {
    float bias = 0;
    std::string name;
  };
  std::vector<Named> list{{2, "a"}, {4, "b"}};
  const SavedState saved(child("x", list));
  std::map<std::string, Named> map;
  saved.restore(child("x", map));
  CHECK(map.at("1").bias == 4);
  std::pair<Named, Named> pair;
  saved.restore(child("x", pair));
  CHECK(pair.first.bias == 2);
}

TEST_CASE("a key that the graph names but the file lacks is not found, and nothing changes") {
  Model source = model();
  SavedState saved(root_of(source));
  saved.values.erase("b/bias/.ATTRIBUTES/VARIABLE_VALUE");
  Model target;
  CHECK(code_of([&] { saved.restore(root_of(target)); }) == ErrorCode::not_found);
  CHECK(target.a.kernel == 0);
}

TEST_CASE("of two saved children of one name the last one counts") {
  float value = 1;
  SavedState saved(child("x", value));
  saved.graph.add_child(0, {2, "x"});
  add_node(saved.graph, {}, "second");
  saved.values["second"] = saved.values.begin()->second;
  const float two = 2;
  std::memcpy(saved.values["second"].bytes.data(), &two, sizeof two);
  saved.restore(child("x", value));
  CHECK(value == 2);
}

TEST_CASE("python's state comes into a string") {
  SavedState saved;
  saved.graph = graph_of({node({{1, "state"}}), node({})});
  saved.graph.add_attribute(1, {"py_state", "", "state/.ATTRIBUTES/py_state"});
  saved.values["state/.ATTRIBUTES/py_state"] = {DT_STRING, Shape{}, {}, {"{\"step\": 3}"}};
  std::string state;
  saved.restore(child("state", state));
  CHECK(state == "{\"step\": 3}");
}

TEST_CASE("a graph that leads back to its beginning fills a recursive struct once") {
  SavedState saved;
  saved.graph = graph_of({node({{1, "next"}, {2, "value"}}), node({{1, "next"}, {2, "value"}}), node({}, "v")});
  float one = 1;
  saved.values["v"] = SavedState(child("x", one)).values.begin()->second;
  Chain chain;
  saved.restore(root_of(chain));
  REQUIRE(chain.next != nullptr);
  CHECK(chain.next->next == nullptr);
}

static void make_chain(SavedState& saved, std::int32_t length) {
  for (std::int32_t i = 0; i < length; ++i) add_node(saved.graph, {{i + 1, "next"}});
  add_node(saved.graph, {});
}

TEST_CASE("a chain of nine thousand nodes comes into a recursive struct") {
  constexpr std::int32_t length = 9'000;
  Chain chain;
  SavedState saved;
  make_chain(saved, length);
  saved.restore(root_of(chain));
  std::int32_t found = 0;
  for (auto next = std::move(chain.next); next != nullptr; next = std::move(next->next)) ++found;
  CHECK(found == length);
}

TEST_CASE("a chain so long that its end would overflow the stack is refused") {
  Chain chain;
  SavedState saved;
  make_chain(saved, 20'000);
  try {
    saved.restore(root_of(chain));
    FAIL("it was restored");
  } catch (const cairn::Error& error) {
    CHECK(error.code() == cairn::ErrorCode::data_loss);
  }
  CHECK(chain.next == nullptr);
}

TEST_CASE("many values below a very long name do not make as many very long paths") {
  const std::string name(1'000'000, 'x');
  SavedState saved;
  saved.graph = graph_of({node({{1, "map"}}), node({{2, name}}), node({})});
  for (std::int32_t i = 0; i < 20'000; ++i) {
    saved.graph.add_child(2, {i + 3, "v" + std::to_string(i)});
    add_node(saved.graph, {}, "k");
  }
  float one = 1;
  saved.values["k"] = SavedState(child("x", one)).values.begin()->second;
  std::map<std::string, std::map<std::string, float>> map;
  CHECK(saved.restore(child("map", map)).matched.size() == 20'000);
  float nothing = 0;
  CHECK(saved.restore(child("nothing", nothing)).only_in_checkpoint.size() == 20'000);
}

TEST_CASE("nested structs that a grown list's elements have beyond the file are listed") {
  struct Small {
    std::string value;
  };
  struct Large {
    std::string value;
    Model model;
  };
  std::vector<Small> source(3);
  const SavedState saved(child("list", source));
  std::vector<Large> target(1);
  const Restored restored = saved.restore(child("list", target));
  CHECK(restored.only_in_program.size() == 12);
  CHECK(restored.only_in_program[0] == "list.0.model.a.kernel");
}

TEST_CASE("an object left out by one path and found by another is no longer missing") {
  struct State {
    Layer* alias = nullptr;
    std::shared_ptr<Layer> layer = std::make_shared<Layer>();
  };
  struct Saved {
    std::shared_ptr<Layer> layer = std::make_shared<Layer>(Layer{1, 2});
  } source;
  State target;
  target.alias = target.layer.get();
  const Restored restored = SavedState(root_of(source)).restore(root_of(target));
  CHECK(target.layer->bias == 2);
  CHECK(restored.only_in_program.empty());
}

TEST_CASE("a root that is its own child lists what it misses by its own paths, also when the file has no such edge") {
  Model source = model();
  const SavedState saved(child("a", source.a));  // named objects: no edge "root"
  Model target;
  cairn::graph::detail::Root root = root_of(target);
  root.children.push_back({"root", cairn::graph::detail::slot_of(target)});
  CHECK(saved.restore(root).only_in_program == Names{"b.kernel", "b.bias"});
}

TEST_CASE("a pointer that becomes empty keeps the object that a raw pointer of the state leads to") {
  struct Leaf {
    float value = 0;
    std::optional<float> more;
  };
  struct Owner {
    std::unique_ptr<Leaf> leaf;
  };
  struct State {
    Leaf* view = nullptr;
    Owner owner;
  };
  Leaf leaf{3, 4.0f};
  State source{&leaf, {}};
  State target{nullptr, {std::make_unique<Leaf>()}};
  target.view = target.owner.leaf.get();
  SavedState(root_of(source)).restore(root_of(target));
  REQUIRE(target.owner.leaf.get() == target.view);
  CHECK(target.view->value == 3);
  CHECK(target.view->more == 4.0f);
}

TEST_CASE("what a root misses deeper inside is listed by its own path, though the file has no edge to the root") {
  struct Inner {
    float kept = 1;
  };
  struct Outer {
    Inner inner;
  };
  struct Wider {
    float kept = 0;
    float more = 0;
  };
  struct Target {
    Wider inner;
  };
  Outer source;
  const SavedState saved(child("inner", source.inner));
  Target target;
  cairn::graph::detail::Root root = root_of(target);
  root.children.push_back({"root", cairn::graph::detail::slot_of(target)});
  CHECK(saved.restore(root).only_in_program == Names{"inner.more"});
  CHECK(target.inner.kept == 1);
}
