// A restore that fails has changed nothing, whichever value fails and however large the state is.
#include <cairn/graph/detail/restore_plan.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"

#include <cstring>
#include <map>
#include <memory>

using namespace cairn;
using namespace cairn::test;

namespace {

struct Part {
  float value = 0;
  std::string text;
};
template <std::size_t large>
struct State {
  Variable<float, dynamic> big{Shape{static_cast<std::int64_t>(large)}};
  bool flag = false;
  std::vector<bool> bits;
  std::vector<float> grows;
  std::vector<Part> parts;
  std::map<std::string, Part> map;
  std::optional<Part> maybe;
  std::unique_ptr<Part> unique;
  std::shared_ptr<Part> shared;
  Variable<std::string, 2> strings;
  std::string text;
  std::int64_t last = 0;
};
template <std::size_t large>
void fill(State<large>& state, float with, std::size_t length) {
  std::fill_n(state.big.data(), large, with);
  state.flag = length == 2;
  state.bits.assign(length, true);
  state.grows.assign(length, with);
  state.parts.assign(length, {with, "part"});
  state.map = {{std::to_string(length), {with, "map"}}};
  if (length == 2) state.maybe = Part{with, "maybe"};
  if (length == 2) state.unique = std::make_unique<Part>(Part{with, "unique"});
  if (length == 3) state.shared = std::make_shared<Part>(Part{with, "shared"});
  state.strings = {std::to_string(with), "b"};
  state.text = std::to_string(with);
  state.last = static_cast<std::int64_t>(with);
}
// Everything that is saved of a state, for comparing.
template <class S>
std::string picture(S& state) {
  const SavedState saved(root_of(state));
  std::string text;
  for (const auto& [key, value] : saved.values) {
    text += key + value.shape.to_string();
    text.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    for (const auto& each : value.strings) text += each + ";";
  }
  return text;
}

template <std::size_t large>
void fail_at_every_key() {
  State<large> source;
  fill(source, 2, 2);
  SavedState saved(root_of(source));
  const std::string wanted = picture(source);
  for (const std::string& key : saved.keys()) {
    CAPTURE(key);
    State<large> target;
    fill(target, 3, 3);
    const std::string before = picture(target);
    const Part* const shared = target.shared.get();
    saved.damaged = {key};
    CHECK(code_of([&] { saved.restore(root_of(target)); }) == ErrorCode::data_loss);
    CHECK((picture(target) == before));
    CHECK(target.shared.get() == shared);
    saved.damaged.clear();
    saved.restore(root_of(target));
    CHECK((picture(target) == wanted));
  }
}

}  // namespace

TEST_CASE("a damaged value, whichever it is, leaves a small state as it was") { fail_at_every_key<16>(); }

TEST_CASE("a damaged value, whichever it is, leaves a state larger than the staging buffer as it was") {
  constexpr std::size_t large = cairn::graph::detail::RestoreActions::max_staged_bytes / sizeof(float) + 1;
  fail_at_every_key<large>();
}

TEST_CASE("a disk that fails after all checks of a large state is reported as what it is") {
  State<cairn::graph::detail::RestoreActions::max_staged_bytes / sizeof(float) + 1> source;
  fill(source, 2, 2);
  SavedState saved(root_of(source));
  saved.restore(root_of(source));
  saved.reads_until_failure = saved.reads - 1;
  saved.reads = 0;
  try {
    saved.restore(root_of(source));
    FAIL("not reported");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::data_loss);
    CHECK(std::string(error.what()).find("after all checksums had been found good") != std::string::npos);
  }
}

TEST_CASE("a plan that is destroyed before its commit leaves no trace") {
  State<16> source, target;
  fill(source, 2, 2);
  fill(target, 3, 3);
  const SavedState saved(root_of(source));
  const std::string before = picture(target);
  {
    cairn::graph::detail::RestorePlan plan = match(saved.graph, saved, root_of(target));
    plan.check();
  }
  CHECK((picture(target) == before));
}
