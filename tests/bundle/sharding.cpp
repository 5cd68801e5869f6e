#include <cairn/bundle/detail/sharding.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

using cairn::Box;
using cairn::Shape;
using cairn::bundle::detail::ShardId;
using cairn::bundle::detail::ShardPlanner;

namespace {

// "shard [starts]+[extents]" of each piece.
std::vector<std::string> pieces(ShardPlanner& planner, const Shape& shape, std::uint64_t element) {
  std::vector<std::string> result;
  planner.place(cairn::bundle::detail::box_of(shape), element, [&](ShardId shard, const Box& box) {
    result.push_back(std::to_string(shard) + " " + Shape(box.start).to_string() + "+" + box.shape.to_string());
  });
  return result;
}
using Pieces = std::vector<std::string>;

}  // namespace

TEST_CASE("without a size everything is in one shard, and nothing is cut") {
  ShardPlanner planner;
  CHECK(planner.count() == 0);
  CHECK(planner.place(std::uint64_t{1} << 50) == 0);
  CHECK(pieces(planner, {1000, 1000}, 8) == Pieces{"0 [0, 0]+[1000, 1000]"});
  CHECK(planner.count() == 1);
  planner.begin_shard();
  CHECK(planner.count() == 1);  // nothing is in it yet
  planner.begin_shard();
  CHECK(planner.place(1) == 1);
  CHECK(planner.count() == 2);
}

TEST_CASE("a tensor fills what is left of a shard, and goes on in the next") {
  ShardPlanner planner(64);
  CHECK(planner.place(30) == 0);
  CHECK(pieces(planner, {10, 2}, 4) == Pieces{"0 [0, 0]+[4, 2]", "1 [4, 0]+[6, 2]"});
  CHECK(planner.place(16) == 1);
  CHECK(planner.place(1) == 2);
  CHECK(planner.count() == 3);
}

TEST_CASE("it is cut along the axis that gives the fewest parts, the first of equals") {
  ShardPlanner wide(40);
  CHECK(pieces(wide, {2, 10}, 4) == Pieces{"0 [0, 0]+[1, 10]", "1 [1, 0]+[1, 10]"});
  ShardPlanner equal(8);
  CHECK(pieces(equal, {2, 2}, 4) == Pieces{"0 [0, 0]+[1, 2]", "1 [1, 0]+[1, 2]"});
  ShardPlanner columns(30);
  CHECK(pieces(columns, {3, 4}, 4) == Pieces{"0 [0, 0]+[3, 2]", "1 [0, 2]+[3, 2]"});
  ShardPlanner rows_too_long(24);
  CHECK(pieces(rows_too_long, {2, 10}, 4)[0] == "0 [0, 0]+[2, 3]");
}

TEST_CASE("what is larger than a shard and cannot be cut gets one of its own, behind all others") {
  ShardPlanner planner(10);
  CHECK(planner.place(11) == -1);
  CHECK(planner.place(10) == 0);
  CHECK(pieces(planner, {}, 16) == Pieces{"-2 []+[]"});
  CHECK(pieces(planner, {3, 2}, 16) == Pieces{"-3 [0, 0]+[3, 2]"});
  CHECK(planner.place(1) == 1);
  CHECK(planner.count() == 5);
  CHECK(planner.number_of(1) == 1);
  CHECK(planner.number_of(-1) == 2);
  CHECK(planner.number_of(-3) == 4);
}

TEST_CASE("where not one row fits, rows are cut further, and every piece fits") {
  ShardPlanner planner(8);
  const Pieces all = pieces(planner, {10, 4}, 4);
  CHECK(all.size() == 20);
  CHECK(all[0] == "0 [0, 0]+[1, 2]");
  CHECK(all[1] == "1 [0, 2]+[1, 2]");
  CHECK(all[19] == "19 [9, 2]+[1, 2]");
}

TEST_CASE("the pieces of any tensor are each of its elements once, and fill no shard beyond its size") {
  for (const Shape& shape : {Shape{7, 3, 5}, Shape{100}, Shape{13, 2, 3}, Shape{1, 1, 9}, Shape{4, 4, 4, 4}})
    for (std::uint64_t size = 4; size < 600; size += 7) {
      CAPTURE(size);
      ShardPlanner planner(size);
      std::map<ShardId, std::uint64_t> filled;
      std::vector<int> seen(static_cast<std::size_t>(shape.num_elements()));
      for (int round = 0; round < 2; ++round)
        planner.place(cairn::bundle::detail::box_of(shape), 4, [&](ShardId shard, const Box& box) {
          filled[shard] += static_cast<std::uint64_t>(box.shape.num_elements()) * 4;
          for (cairn::bundle::detail::CommonRuns runs(cairn::bundle::detail::box_of(shape), box); runs.next();)
            for (std::size_t i = 0; i < runs.length; ++i) ++seen[runs.in_a + i];
        });
      for (const int count : seen) REQUIRE(count == 2);
      for (const auto& [shard, bytes] : filled) REQUIRE(bytes <= size);
      CHECK(filled.size() == static_cast<std::size_t>(planner.count()));
      CHECK(filled.rbegin()->first == planner.count() - 1);  // no number is left out
    }
}

TEST_CASE("what has no bytes goes to the shard that is being filled") {
  ShardPlanner planner(8);
  CHECK(planner.place(8) == 0);
  CHECK(planner.place(0) == 0);
  CHECK(pieces(planner, {0, 3}, 4) == Pieces{"0 [0, 0]+[0, 3]"});
  CHECK(planner.place(1) == 1);
}
