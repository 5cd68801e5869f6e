// Objects that are tracked after a restore get what it left pending, once, and nothing that belongs to another.
#include <cairn/checkpoint/detail/tracked_state.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

#include <memory>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {
struct Pair {
  float a = 0, b = 0;
};
using Files = cairn::testing::MemoryFileSystem;
// Saves these values under a path.
void save(Files& files, Pair pair, float other, const std::string& path = "p") {
  CheckpointIn(files, "pair"_a = pair, "other"_a = other).write(path);
}
}  // namespace

TEST_CASE("what is tracked later is restored at that moment, and the status follows") {
  Files files;
  save(files, {1, 2}, 3);
  float other = 0;
  CheckpointIn checkpoint(files, "other"_a = other);
  const LoadStatus status = checkpoint.read("p");
  CHECK(other == 3);
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  CHECK_THROWS_AS(status.assert_consumed(), Error);
  Pair pair;
  checkpoint.track("pair", pair);
  CHECK(pair.a == 1);
  CHECK(pair.b == 2);
  CHECK_NOTHROW(status.assert_consumed());
}

TEST_CASE("what is pending can be restored after its files were deleted") {
  Files files;
  save(files, {1, 2}, 3);
  float other = 0;
  CheckpointIn checkpoint(files, "other"_a = other);
  checkpoint.read("p").expect_partial();
  files.remove("p.index");
  files.remove("p.data-00000-of-00001");
  Pair pair;
  checkpoint.track("pair", pair);
  CHECK(pair.b == 2);
}

TEST_CASE("of two restores the later one counts; what only the earlier one has comes from there") {
  Files files;
  save(files, {1, 2}, 3, "old");
  Pair newer{5, 6};
  CheckpointIn(files, "pair"_a = newer).write("new");
  float nothing = 0;
  CheckpointIn checkpoint(files, "nothing"_a = nothing);
  checkpoint.read("old").expect_partial();
  checkpoint.read("new").expect_partial();
  Pair pair;
  float other = 0;
  checkpoint.track("pair", pair);
  checkpoint.track("other", other);
  CHECK(pair.a == 5);
  CHECK(other == 3);
}

TEST_CASE("a name that is taken is refused; pending values serve once") {
  Files files;
  save(files, {1, 2}, 3);
  float nothing = 0;
  CheckpointIn checkpoint(files, "nothing"_a = nothing);
  checkpoint.read("p").expect_partial();
  float other = 0, again = 7;
  CHECK(code_of([&] { checkpoint.track("nothing", other); }) == ErrorCode::already_exists);
  checkpoint.track("other", other);
  CHECK(code_of([&] { checkpoint.track("other", again); }) == ErrorCode::already_exists);
  CHECK(again == 7);
}

TEST_CASE("a track that fails leaves the object, what is pending and later tracks alone") {
  Files files;
  save(files, {1, 2}, 3);
  float nothing = 0;
  CheckpointIn checkpoint(files, "nothing"_a = nothing);
  const LoadStatus status = checkpoint.read("p");
  struct Mixed {
    float a = 9;
    double b = 9;
  };
  {
    auto mixed = std::make_unique<Mixed>();
    CHECK(code_of([&] { checkpoint.track("pair", *mixed); }) == ErrorCode::invalid_argument);
    CHECK(mixed->a == 9);
  }
  float other = 0;
  checkpoint.track("other", other);
  CHECK(other == 3);
  Pair pair;
  checkpoint.track("pair", pair);
  CHECK(pair.a == 1);
  CHECK(status.only_in_checkpoint().empty());
  CHECK(status.mismatched().empty());
  checkpoint.write("q");  // the failed object is not tracked
  CHECK(bundle::Reader("q", files).entries().size() == 5);
}

TEST_CASE("an object at the address of one that is gone is restored as itself") {
  Files files;
  Pair one{1, 2}, two{3, 4};
  CheckpointIn(files, "one"_a = one, "two"_a = two).write("p");
  struct Holder {
    std::vector<Pair> list;
  } holder;
  CheckpointIn checkpoint(files, "holder"_a = holder);
  checkpoint.read("p").expect_partial();
  alignas(Pair) std::byte memory[sizeof(Pair)];
  Pair* place = new (memory) Pair;
  checkpoint.track("one", *place);
  CHECK(place->b == 2);
  place = new (memory) Pair;
  checkpoint.track("two", *place);
  CHECK(place->b == 4);
}

TEST_CASE("objects that the program ends between a restore and a track are not looked at") {
  Files files;
  save(files, {1, 2}, 3);
  std::vector<std::unique_ptr<std::vector<Pair>>> lists;
  lists.push_back(std::make_unique<std::vector<Pair>>(3));
  CheckpointIn checkpoint(files, "lists"_a = lists);
  checkpoint.read("p").expect_partial();
  lists.clear();
  float other = 0;
  checkpoint.track("other", other);
  CHECK(other == 3);
}

TEST_CASE("a status outlives its checkpoint") {
  Files files;
  save(files, {1, 2}, 3);
  LoadStatus status;
  {
    Pair pair;
    float other = 0;
    CheckpointIn checkpoint(files, "pair"_a = pair, "other"_a = other);
    status = checkpoint.read("p");
  }
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(status.matched().size() == 3);
}
