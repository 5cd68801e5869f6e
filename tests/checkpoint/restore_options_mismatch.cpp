// {.on_mismatch = ...} and {.on_mismatch_at = ...}: what is done about values of another dtype or shape.
#include <cairn/checkpoint/options.hpp>

#include <doctest/doctest.h>

#include <cairn/tensor/variable.hpp>

#include "checkpoint/states.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Files = cairn::testing::MemoryFileSystem;

struct Small {
  Variable<float, 2, 3> embedding;
  Variable<float, 2> bias;
  std::int32_t step = 4;
};
struct Grown {
  Variable<float, 4, 3> embedding;
  Variable<float, 3> bias;
  std::int32_t step = 0;
};
Small small() {
  Small state;
  state.embedding.assign({{1, 2, 3}, {4, 5, 6}});
  state.bias.assign({7, 8});
  return state;
}
template <class V>
std::vector<float> values(const V& variable) {
  return {variable.data(), variable.data() + variable.size()};
}
template <class V>
void fill(V& variable, float value) {
  std::fill_n(variable.data(), variable.size(), value);
}

}  // namespace

TEST_CASE("of a tensor that grew, the part that was saved is taken, the rest keeps what it is, and it is listed") {
  Small saved = small();
  Files files;
  CheckpointIn(files, saved).write("p");
  Grown grown;
  fill(grown.embedding, 9);
  fill(grown.bias, 9);
  const LoadStatus status = CheckpointIn(files, grown).read("p", {.on_mismatch = OnMismatch::common_part});
  CHECK(values(grown.embedding) == std::vector<float>{1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9});
  CHECK(values(grown.bias) == std::vector<float>{7, 8, 9});
  CHECK(grown.step == 4);
  REQUIRE(status.mismatched().size() == 2);
  CHECK(status.mismatched()[0].path == "embedding");
  CHECK(status.mismatched()[0].taken == "[2, 3]");
  CHECK(status.matched() == Names{"step"});
  CHECK(status.only_in_checkpoint().empty());
  CHECK(status.only_in_program().empty());
  CHECK(status.to_string().find("float32 [2, 3] in the checkpoint, float32 [4, 3] in the program; [2, 3] of it was "
                                "taken") != std::string::npos);
  CHECK_THROWS_AS(status.assert_existing_objects_matched(), Error);
}

TEST_CASE("of a tensor that is smaller in some dimensions and larger in others, each element keeps its indices") {
  Variable<std::int64_t, 2, 3, 2> saved;
  for (int i = 0; i < 12; ++i) saved.data()[i] = i + 1;
  Files files;
  CheckpointIn(files, "v"_a = saved).write("p");
  Variable<std::int64_t, 3, 2, 2> live;
  std::fill_n(live.data(), 12, -1);
  CheckpointIn(files, "v"_a = live).read("p", {.on_mismatch = OnMismatch::common_part}).expect_partial();
  CHECK(std::vector<std::int64_t>(live.data(), live.data() + 12) ==
        std::vector<std::int64_t>{1, 2, 3, 4, 7, 8, 9, 10, -1, -1, -1, -1});
  Variable<std::int64_t, 2, 1, 3> other;
  std::fill_n(other.data(), 6, -1);
  CheckpointIn(files, "v"_a = other).read("p", {.on_mismatch = OnMismatch::common_part}).expect_partial();
  CHECK(std::vector<std::int64_t>(other.data(), other.data() + 6) == std::vector<std::int64_t>{1, 2, -1, 7, 8, -1});
}

TEST_CASE("the common part is taken of strings and bools, and of numbers that are converted") {
  std::array<std::string, 2> words{"a", "b"};
  std::array<bool, 2> flags{true, true};
  std::array<float, 3> numbers{1, 2, 3};
  Files files;
  CheckpointIn(files, "words"_a = words, "flags"_a = flags, "numbers"_a = numbers).write("p");
  std::array<std::string, 3> more{"x", "y", "z"};
  std::array<bool, 3> more_flags{false, false, false};
  std::array<double, 2> fewer{0, 0};
  const LoadStatus status = CheckpointIn(files, "words"_a = more, "flags"_a = more_flags, "numbers"_a = fewer)
                                .read("p", {.on_mismatch = OnMismatch::common_part, .cast = Cast::widen});
  CHECK(more == std::array<std::string, 3>{"a", "b", "z"});
  CHECK(more_flags == std::array<bool, 3>{true, true, false});
  CHECK(fewer == std::array<double, 2>{1, 2});
  CHECK(status.mismatched().size() == 3);
}

TEST_CASE("the common part is converted as the cast says, and what is too large becomes the largest number") {
  std::array<std::int32_t, 2> numbers{300, -5};
  Files files;
  CheckpointIn(files, "numbers"_a = numbers).write("p");
  std::array<std::int8_t, 3> more{1, 1, 1};
  CheckpointIn(files, "numbers"_a = more)
      .read("p", {.on_mismatch = OnMismatch::common_part, .cast = Cast::saturate})
      .expect_partial();
  CHECK(more == std::array<std::int8_t, 3>{127, -5, 1});
}

TEST_CASE("where two values have no part in common the restore is refused, and nothing changed") {
  Small saved = small();
  Files files;
  CheckpointIn(files, saved).write("p");
  struct {
    Variable<float, 4, 3> embedding;
    Variable<float, 2, 1> bias;
  } other_rank;
  CHECK(code_of([&] { CheckpointIn(files, other_rank).read("p", {.on_mismatch = OnMismatch::common_part}); }) ==
        ErrorCode::invalid_argument);
  CHECK(values(other_rank.embedding) == std::vector<float>(12));
  struct {
    Variable<float, 4, 3> embedding;
    double step = 0;
  } other_dtype;
  CHECK(code_of([&] { CheckpointIn(files, other_dtype).read("p", {.on_mismatch = OnMismatch::common_part}); }) ==
        ErrorCode::invalid_argument);
  CHECK(values(other_dtype.embedding) == std::vector<float>(12));
}

TEST_CASE("what is done about a mismatch can be said for single objects: the first path that fits counts") {
  Small one = small(), two = small();
  Files files;
  CheckpointIn(files, "one"_a = one, "two"_a = two).write("p");
  const auto read = [&](const RestoreOptions& options) {
    Grown first, second;
    CheckpointIn checkpoint(files, "one"_a = first, "two"_a = second);
    const LoadStatus status = checkpoint.read("p", options);
    Names found;
    for (const Mismatch& each : status.mismatched()) found.push_back(each.path + each.taken);
    return found;
  };
  CHECK(read({.on_mismatch_at = {{"one.embedding", OnMismatch::common_part},
                                 {"one", OnMismatch::skip},
                                 {"two.*", OnMismatch::common_part}}}) ==
        Names{"one.embedding[2, 3]", "one.bias", "two.embedding[2, 3]", "two.bias[2]"});
  CHECK(read({.on_mismatch = OnMismatch::skip, .on_mismatch_at = {{"*.bias", OnMismatch::common_part}}}) ==
        Names{"one.embedding", "one.bias[2]", "two.embedding", "two.bias[2]"});
  const auto code = [&](const RestoreOptions& options) { return code_of([&] { (void)read(options); }); };
  CHECK(code({.on_mismatch_at = {{"one", OnMismatch::skip}}}) == ErrorCode::invalid_argument);
  CHECK(code({.on_mismatch = OnMismatch::skip, .on_mismatch_at = {{"two.bias", OnMismatch::error}}}) ==
        ErrorCode::invalid_argument);
}

TEST_CASE("a grown tensor of an object that is tracked later is taken in part, too") {
  Small saved = small();
  Files files;
  CheckpointIn(files, "model"_a = saved).write("p");
  float other = 0;
  CheckpointIn checkpoint(files, "other"_a = other);
  const LoadStatus status = checkpoint.read(
      "p", {.on_mismatch_at = {{"model.embedding", OnMismatch::common_part}, {"model", OnMismatch::skip}}});
  Grown grown;
  fill(grown.embedding, 9);
  checkpoint.track("model", grown);
  CHECK(values(grown.embedding)[5] == 6);
  CHECK(values(grown.embedding)[6] == 9);
  CHECK(status.mismatched().size() == 2);
}

TEST_CASE("the two options are set, changed, copied and read as an enumerator and a vector are") {
  RestoreOptions options;
  CHECK(options.on_mismatch == OnMismatch::error);
  options.on_mismatch = OnMismatch::skip;
  const std::vector<OnMismatchAt> rules{{"one"}, {"two", OnMismatch::common_part}};
  options.on_mismatch_at = rules;
  const RestoreOptions copy = options;
  options = {.on_mismatch = OnMismatch::error, .on_mismatch_at = {}};
  CHECK(copy.on_mismatch == OnMismatch::skip);
  CHECK(copy.on_mismatch != options.on_mismatch);
  CHECK(options.on_mismatch_at.empty());
  const OnMismatch back = copy.on_mismatch;
  CHECK(back == OnMismatch::skip);
  REQUIRE(copy.on_mismatch_at.size() == 2);
  CHECK(copy.on_mismatch_at[0].on_mismatch == OnMismatch::skip);
  CHECK(copy.on_mismatch_at[1].path == "two");
}
