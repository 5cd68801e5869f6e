#include <cairn/edit/diff.hpp>

#include <doctest/doctest.h>

#include <cairn/edit/checkpoint_editor.hpp>

#include "edit/states.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using cairn::test::key;
using cairn::test::Saved;

namespace {

template <class T>
cairn::CheckpointDiff diff_of(const std::vector<T>& a, const std::vector<T>& b, double tolerance = 0) {
  const cairn::test::ScratchDirectory scratch;
  for (const auto& [name, values] : {std::pair("a", &a), std::pair("b", &b)}) {
    cairn::bundle::Writer writer((scratch.path() / name).string(), {.durability = cairn::Durability::none});
    const cairn::AnyTensor tensor(cairn::Shape{static_cast<std::int64_t>(values->size())}, std::span<const T>(*values));
    writer.add("x", tensor.view());
    writer.finish();
  }
  return cairn::diff(scratch.path() / "a", scratch.path() / "b", {.tolerance = tolerance});
}

}  // namespace

TEST_CASE("two checkpoints of one content do not differ, and what differs stands in one table") {
  const Saved saved(3);
  const cairn::CheckpointDiff none = cairn::diff(saved.path, saved.scratch.path());
  CHECK(none.empty());
  CHECK(none.same == 11);
  cairn::CheckpointEditor editor{saved.path};
  editor.set("optimizer.iterations", 103).erase(key("optimizer/learning_rate")).replace("note", 1.0f);
  editor.add("new", 1).write(saved.at("other"));
  const cairn::CheckpointDiff diff = cairn::diff(saved.path, saved.at("other"));
  CHECK(diff.only_in_a == std::vector<std::string>{key("optimizer/learning_rate")});
  CHECK(diff.only_in_b == std::vector<std::string>{key("new")});
  REQUIRE(diff.changed.size() == 2);  // the object graph, too
  CHECK(diff.changed[1].largest_difference == 100);
  CHECK(
      diff.to_string() ==
      saved.path + " and " + saved.at("other") +
          ": 7 tensors are the same, 2 differ, 1 of another dtype or shape, 1 only in the first, 1 only in the second\n"
          "  only in the first   " +
          key("optimizer/learning_rate") + "\n" + "  only in the second  " + key("new") + "\n" +
          "  dtype or shape      " + key("note") + "  string [] in the first, float32 [] in the second\n" +
          "  differs             _CHECKPOINTABLE_OBJECT_GRAPH  string []: 1 of 1 element\n" + "  differs             " +
          key("optimizer/iterations") + "  int64 []: 1 of 1 element, by 100 at most, 100 in the mean\n");
}

TEST_CASE("differences are counted over the tolerance, the mean over all elements") {
  const cairn::CheckpointDiff diff = diff_of<float>({1, 2, 3, 4}, {1, 2.5f, 3, 6}, 0.75);
  REQUIRE(diff.changed.size() == 1);
  CHECK(diff.changed[0].elements == 1);
  CHECK(diff.changed[0].largest_difference == 2);
  CHECK(diff.changed[0].mean_difference == 0.625);
  CHECK(diff_of<float>({1, 2}, {1, 2.5f}, 0.5).empty());
}

TEST_CASE("of strings it is counted how many differ, in length or in bytes") {
  const std::vector<std::string> texts{"a", "", "abc", "abc"};
  CHECK(diff_of<std::string>(texts, texts).empty());
  const cairn::CheckpointDiff diff = diff_of<std::string>(texts, {"", "a", "abc", "abd"});
  REQUIRE(diff.changed.size() == 1);
  CHECK(diff.changed[0].elements == 3);
  CHECK(diff.changed[0].largest_difference == std::nullopt);
}

TEST_CASE("integers differ by their whole value, zeros and NaNs not by their bits") {
  const std::int64_t large = (std::int64_t{1} << 62) + 1;
  CHECK(diff_of<std::int64_t>({large}, {large - 1}).changed[0].largest_difference == 1);
  CHECK(diff_of<std::int64_t>({std::numeric_limits<std::int64_t>::min()}, {std::numeric_limits<std::int64_t>::max()})
            .changed[0]
            .largest_difference == std::ldexp(1.0, 64));
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  CHECK(diff_of<double>({nan, 0.0, infinity}, {-nan, -0.0, infinity}).empty());
  CHECK(diff_of<double>({nan}, {0.0}).changed[0].largest_difference == infinity);
  CHECK(diff_of<double>({infinity}, {-infinity}, 1e300).changed.size() == 1);
}

TEST_CASE("numbers that are near for their size are the same within a relative tolerance") {
  const cairn::test::ScratchDirectory scratch;
  const auto diff = [&](const std::vector<double>& a, const std::vector<double>& b, cairn::DiffOptions options) {
    for (const auto& [name, values] : {std::pair("a", &a), std::pair("b", &b)}) {
      cairn::bundle::Writer writer((scratch.path() / name).string(), {.durability = cairn::Durability::none});
      const cairn::AnyTensor tensor(cairn::Shape{static_cast<std::int64_t>(values->size())}, std::span(*values));
      writer.add("x", tensor.view());
      writer.finish();
    }
    const auto found = cairn::diff(scratch.path() / "a", scratch.path() / "b", options);
    return found.changed.empty() ? std::uint64_t{0} : found.changed[0].elements;
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> a{1000, 1, 0, infinity, -2}, b{1001, 1.01, 1e-9, infinity, -2.0001};
  CHECK(diff(a, b, {}) == 4);
  CHECK(diff(a, b, {.relative_tolerance = 2e-3}) == 2);
  CHECK(diff(b, a, {.relative_tolerance = 2e-3}) == 2);
  CHECK(diff(a, b, {.tolerance = 1e-8, .relative_tolerance = 2e-3}) == 1);
  CHECK(diff({infinity, infinity}, {-infinity, 1}, {.relative_tolerance = 1}) == 2);
}

TEST_CASE("values of other dtypes are compared as numbers where that is asked for") {
  const Saved saved(3);
  cairn::CheckpointEditor{saved.path}
      .cast("*", cairn::DT_HALF)
      .cast("optimizer.iterations", cairn::DT_UINT64)
      .write(saved.at("cast"));
  CHECK(cairn::diff(saved.path, saved.at("cast")).other_type.size() == 8);
  CHECK(cairn::diff(saved.path, saved.at("cast"), {.across_dtypes = true}).empty());
  cairn::CheckpointEditor{saved.at("cast")}.set("note", "x").set("optimizer.iterations", 7).write(saved.at("cast"));
  const auto diff = cairn::diff(saved.path, saved.at("cast"), {.across_dtypes = true});
  REQUIRE(diff.changed.size() == 2);
  CHECK(diff.changed[1].largest_difference == 4);
  CHECK(diff.changed[1].other_dtype == cairn::DT_UINT64);
  CHECK(diff.to_string().find("int64 and uint64 []: 1 of 1 element, by 4 at most") != std::string::npos);
  cairn::CheckpointEditor{saved.path}.replace("note", 1.0f).write(saved.at("number"));
  CHECK(cairn::diff(saved.path, saved.at("number"), {.across_dtypes = true}).other_type.size() == 1);
}

TEST_CASE("checkpoints are compared as if the first had been renamed") {
  const Saved saved(3);
  cairn::CheckpointEditor{saved.path}.rename("model", "outer.net").rename("note", "text").write(saved.at("renamed"));
  CHECK(cairn::diff(saved.path, saved.at("renamed")).only_in_b.size() == 3);
  const auto same =
      cairn::diff(saved.path, saved.at("renamed"), {.rename = {{"note", "text"}, {"model", "outer.net"}}});
  CHECK(same.empty());
  CHECK(same.same == 11);
  const auto part = cairn::diff(saved.path, saved.at("renamed"), {.rename = {{"model", "outer.net"}}});
  CHECK(part.only_in_a == std::vector<std::string>{key("note")});
  CHECK(part.only_in_b == std::vector<std::string>{key("text")});
  CHECK(part.changed.size() == 1);  // the object graph
  cairn::CheckpointEditor{saved.at("renamed")}.set("text", "other").write(saved.at("renamed"));
  const auto changed =
      cairn::diff(saved.path, saved.at("renamed"), {.rename = {{"note", "text"}, {"model", "outer.net"}}});
  REQUIRE(changed.changed.size() == 1);
  CHECK(changed.changed[0].key == key("text"));
}
