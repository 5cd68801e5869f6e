// {.rename = ...} and {.prefix = ...}: a checkpoint whose program called things otherwise.
#include <cairn/checkpoint/detail/tracked_state.hpp>

#include <doctest/doctest.h>

#include "checkpoint/states.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {
using Files = cairn::testing::MemoryFileSystem;

struct Layer {
  float kernel = 0, bias = 0;
};
struct OldModel {
  Layer encoder{1, 2}, head{3, 4};
};
struct OldTraining {
  OldModel model;
  std::int64_t step = 5;
};
struct NewModel {
  Layer backbone, head;
};
struct NewTraining {
  NewModel model;
  std::int64_t step = 0;
};

void save_training(Files& files) {
  OldTraining old;
  CheckpointIn(files, old).save("p");
}
}  // namespace

TEST_CASE("a rename with a star finds what the program calls otherwise, and all asserts pass") {
  Files files;
  save_training(files);
  NewTraining training;
  CheckpointIn checkpoint(files, training);
  CHECK_NOTHROW(checkpoint.restore("p-1", {.rename = {{"model.encoder.*", "model.backbone.*"}}}).assert_consumed());
  CHECK(training.model.backbone.kernel == 1);
  CHECK(training.model.backbone.bias == 2);
  CHECK(training.model.head.kernel == 3);
  CHECK(training.step == 5);
  CHECK(checkpoint.save_counter() == 1);
}

TEST_CASE("a rename without a star takes what is below with it") {
  Files files;
  save_training(files);
  NewTraining training;
  CheckpointIn(files, training).restore("p-1", {.rename = {{"model.encoder", "model.backbone"}}}).assert_consumed();
  CHECK(training.model.backbone.bias == 2);
}

TEST_CASE("a star may stand for several names, and for everything") {
  struct Renamed {
    float weight = 0, bias = 0;
  };
  struct Model {
    Renamed encoder, head;
  };
  struct Deep {
    Model net;
    std::int64_t steps = 0;
  };
  Files files;
  save_training(files);
  Model model;
  CheckpointIn(files, "model"_a = model)
      .restore("p-1", {.rename = {{"*.kernel", "*.weight"}}})
      .assert_existing_objects_matched();
  CHECK(model.encoder.weight == 1);
  CHECK(model.encoder.bias == 2);
  CHECK(model.head.weight == 3);

  OldModel lifted{{}, {}};
  std::int64_t step = 0;
  CheckpointIn(files, cairn::checkpoint::detail::RootOf<OldModel>{lifted}, "step"_a = step)
      .restore("p-1", {.rename = {{"model.*", "*"}}})
      .assert_consumed();
  CHECK(lifted.head.bias == 4);

  OldTraining inner{{{}, {}}, 0};
  CheckpointIn(files, "outer"_a = inner).restore("p-1", {.rename = {{"*", "outer.*"}}}).assert_consumed();
  CHECK(inner.model.encoder.kernel == 1);
  CHECK(inner.step == 5);
}

TEST_CASE("the first rule that fits decides; a more special one goes before") {
  struct Model {
    Layer backbone, head;
    float first = 0;
  };
  Files files;
  save_training(files);
  Model model;
  const LoadStatus status =
      CheckpointIn(files, "model"_a = model)
          .read("p-1", {.rename = {{"model.encoder.kernel", "model.first"}, {"model.encoder.*", "model.backbone.*"}}});
  CHECK(model.first == 1);
  CHECK(model.backbone.bias == 2);
  CHECK(status.only_in_program() == Names{"model.backbone.kernel"});
  CHECK(sentence_of([&] {
          CheckpointIn(files, "model"_a = model)
              .read("p-1", {.rename = {{"model.encoder", "model.backbone"}, {"model.encoder.kernel", "model.first"}}})
              .expect_partial();
        }).find("an earlier rule renames all that it fits") != std::string::npos);
}

TEST_CASE("two names can be exchanged") {
  Files files;
  struct Two {
    float a = 0, b = 0;
  };
  Two saved{1, 2};
  CheckpointIn(files, saved).write("p");
  Two two;
  CheckpointIn(files, two).read("p", {.rename = {{"a", "b"}, {"b", "a"}}}).assert_consumed();
  CHECK(two.a == 2);
  CHECK(two.b == 1);
}

TEST_CASE("one saved value goes into several variables") {
  Files files;
  Layer embedding{1, 2};
  CheckpointIn(files, "embedding"_a = embedding).write("p");
  Layer encoder, decoder;
  CheckpointIn(files, "encoder"_a = encoder, "decoder"_a = decoder)
      .read("p", {.rename = {{"embedding", "encoder"}, {"embedding", "decoder"}}})
      .assert_consumed();
  CHECK(encoder.bias == 2);
  CHECK(decoder.kernel == 1);
  CHECK(decoder.bias == 2);
}

TEST_CASE("what the checkpoint shares can be taken apart") {
  struct Tied {
    std::shared_ptr<Layer> encoder, decoder;
  };
  struct Apart {
    Layer encoder, decoder;
  };
  Files files;
  Tied tied{std::make_shared<Layer>(Layer{1, 2}), nullptr};
  tied.decoder = tied.encoder;
  CheckpointIn(files, tied).write("p");
  Apart apart;
  CHECK_THROWS_AS(CheckpointIn(files, apart).read("p").assert_existing_objects_matched(), Error);
  CheckpointIn(files, apart).read("p", {.rename = {{"decoder", "decoder"}}}).assert_consumed();
  CHECK(apart.encoder.bias == 2);
  CHECK(apart.decoder.bias == 2);
}

TEST_CASE("what is shared stays shared when it is renamed") {
  struct Old {
    std::shared_ptr<Layer> a, b;
  };
  struct New {
    std::shared_ptr<Layer> c, b;
  };
  Files files;
  Old old{std::make_shared<Layer>(Layer{1, 2}), nullptr};
  old.b = old.a;
  CheckpointIn(files, old).write("p");
  New fresh;
  CheckpointIn(files, fresh).read("p", {.rename = {{"a", "c"}}}).assert_consumed();
  REQUIRE(fresh.c != nullptr);
  CHECK(fresh.c == fresh.b);
  CHECK(fresh.c->bias == 2);
}

TEST_CASE("several saved objects become one; of two values the renamed one is restored") {
  Files files;
  save_training(files);
  Layer all;
  const LoadStatus status =
      CheckpointIn(files, "all"_a = all)
          .read("p-1", {.rename = {{"model.encoder.kernel", "all.kernel"}, {"model.head.bias", "all.bias"}}});
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  CHECK(all.kernel == 1);
  CHECK(all.bias == 4);
  CHECK(status.only_in_checkpoint() == Names{"step", "save_counter", "model.encoder.bias", "model.head.kernel"});

  OldModel model{{}, {}};
  const LoadStatus over =
      CheckpointIn(files, "model"_a = model).read("p-1", {.rename = {{"model.encoder", "model.head"}}});
  CHECK(model.head.kernel == 1);
  CHECK(over.only_in_checkpoint() == Names{"step", "save_counter", "model.head.kernel", "model.head.bias"});
}

TEST_CASE("renames reach into lists and maps, whose names may hold dots") {
  struct Old {
    std::vector<Layer> layers{{1, 2}, {3, 4}};
    std::map<std::string, float> named{{"a.b", 5.0f}, {"c/d", 6.0f}};
  };
  struct New {
    std::vector<Layer> blocks;
    std::map<std::string, float> values;
  };
  Files files;
  Old old;
  CheckpointIn(files, old).write("p");
  New fresh;
  CheckpointIn(files, fresh)
      .read("p", {.rename = {{"layers.*", "blocks.*"}, {"named.*", "values.*"}}})
      .expect_partial();
  REQUIRE(fresh.blocks.size() == 2);
  CHECK(fresh.blocks[1].bias == 4);
  CHECK(fresh.values == std::map<std::string, float>{{"a.b", 5.0f}, {"c/d", 6.0f}});
}

TEST_CASE("a rename that fits nothing names the nearest path, and nothing changes") {
  Files files;
  save_training(files);
  NewTraining training;
  CheckpointIn checkpoint(files, training);
  const auto restore = [&](const char* from) {
    return
        [&checkpoint, from] { checkpoint.restore("p-1", {.rename = {{from, "model.backbone.*"}}}).expect_partial(); };
  };
  const std::string sentence = sentence_of(restore("model.encodr.*"));
  CHECK_MESSAGE(sentence.find("\"model.encodr.*\" fits nothing in the checkpoint p-1; the nearest path in the "
                              "checkpoint is \"model.encoder\"") != std::string::npos,
                sentence);
  CHECK(code_of(restore("nothing.*")) == ErrorCode::invalid_argument);
  CHECK(training.model.head.kernel == 0);
  CHECK(training.step == 0);
}

TEST_CASE("rules that cannot be meant are refused") {
  Files files;
  save_training(files);
  NewTraining training;
  const auto with = [&](std::vector<Rename> rules) {
    return code_of([&] { CheckpointIn(files, training).restore("p-1", {.rename = rules}).expect_partial(); });
  };
  CHECK(with({{"", "a"}}) == ErrorCode::invalid_argument);
  CHECK(with({{"a", ""}}) == ErrorCode::invalid_argument);
  CHECK(with({{"model.*", "*.*"}}) == ErrorCode::invalid_argument);
  CHECK(with({{"model.encoder", "x"}, {"model.head", "x"}}) == ErrorCode::invalid_argument);
  CHECK(training.step == 0);
}

TEST_CASE("a prefix restores the part below it, as if that were the root") {
  Files files;
  save_training(files);
  Layer encoder;
  const LoadStatus status = CheckpointIn(files, encoder).restore("p-1", {.prefix = "model.encoder"});
  CHECK(encoder.kernel == 1);
  CHECK_NOTHROW(status.assert_consumed());

  NewModel model;
  const LoadStatus part =
      CheckpointIn(files, model).read("p-1", {.rename = {{"encoder", "backbone"}}, .prefix = "model"});
  CHECK_NOTHROW(part.assert_consumed());
  CHECK(model.backbone.bias == 2);
  CHECK(model.head.bias == 4);

  const std::string sentence =
      sentence_of([&] { CheckpointIn(files, encoder).restore("p-1", {.prefix = "model.encode"}).expect_partial(); });
  CHECK_MESSAGE(sentence.find("\"model.encoder\"") != std::string::npos, sentence);
}

TEST_CASE("the value that a prefix leads to is listed as the root when nobody takes it") {
  Files files;
  save_training(files);
  std::map<std::string, float> nothing;
  CHECK(CheckpointIn(files, nothing).read("p-1", {.prefix = "model.encoder.bias"}).only_in_checkpoint() ==
        Names{"(root)"});
}

TEST_CASE("part of a checkpoint comes into part of a state") {
  Files files;
  save_training(files);
  NewTraining training;
  training.step = 9;
  const LoadStatus status = CheckpointIn(files, "pretrained"_a = training.model.backbone)
                                .read("p-1", {.rename = {{"model.encoder", "pretrained"}}});
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  CHECK(training.model.backbone.kernel == 1);
  CHECK(training.step == 9);
}

TEST_CASE("what is tracked after a restore with renames is found under the new name") {
  Files files;
  save_training(files);
  std::int64_t step = 0;
  CheckpointIn checkpoint(files, "step"_a = step);
  const LoadStatus status = checkpoint.read("p-1", {.rename = {{"model.encoder", "backbone"}}});
  Layer backbone;
  checkpoint.track("backbone", backbone);
  CHECK(backbone.bias == 2);
  CHECK(status.matched() == Names{"step", "backbone.kernel", "backbone.bias"});
}

TEST_CASE("a rename to what the program does not have is listed with the name that was looked for") {
  struct Old {
    struct {
      float w = 1;
    } encoder;
    float bias = 2;
  } old;
  struct New {
    struct {
      float w = 7;
    } backbone;
    float bias = 0;
  } now;
  cairn::testing::MemoryFileSystem files;
  CheckpointIn(files, old).write("p");
  const LoadStatus status = CheckpointIn(files, now).read("p", {.rename = {{"encoder", "backbnoe"}}});
  CHECK(status.only_in_checkpoint() == Names{"encoder.w (renamed to backbnoe.w)"});
  CHECK(status.only_in_program() == Names{"backbone.w"});
  CHECK(now.bias == 2);
  CHECK(now.backbone.w == 7);
}

TEST_CASE("a list of renames and a prefix are set, changed, copied and read as a vector and a string are") {
  const std::vector<Rename> rules{{"a", "b"}, {"c", "d"}};
  RestoreOptions options;
  CHECK(options.rename.empty());
  CHECK(options.prefix.empty());
  options.rename = rules;
  options.rename.push_back({"e", "f"});
  RestoreOptions copy = options;
  options.rename = {{"only", "one"}};
  REQUIRE(copy.rename.size() == 3);
  CHECK(copy.rename[2].to == "f");
  CHECK(options.rename[0].from == "only");
  std::string read;
  for (const Rename& rule : copy.rename) read += rule.from;
  CHECK(read == "ace");
  const std::vector<Rename> back = copy.rename;
  CHECK(back.size() == 3);
  copy.rename.clear();
  CHECK(copy.rename.empty());
  options.rename = {};
  CHECK(options.rename.begin() == options.rename.end());
  CHECK(RestoreOptions{.rename = std::vector<Rename>{}}.rename.empty());

  options.prefix = "model";
  const std::string prefix = options.prefix;
  copy.prefix = prefix + ".encoder";
  CHECK(options.prefix == "model");
  CHECK("model.encoder" == copy.prefix);
  CHECK(options.prefix != copy.prefix);
  CHECK(RestoreOptions{.prefix = {}}.prefix == "");
  CHECK_FALSE(copy.prefix.empty());

  // Taken from the options, the rules still hold.
  Files files;
  save_training(files);
  NewTraining training;
  RestoreOptions moved{.rename = {{"model.encoder", "model.backbone"}}};
  const RestoreOptions taken = std::move(moved);
  CheckpointIn(files, training).restore("p-1", taken).assert_consumed();
}

TEST_CASE("where values were found on either side alone, assertions and refusals say how a rename is told") {
  Files files;
  save_training(files);
  NewTraining training;
  CheckpointIn checkpoint(files, training);
  const LoadStatus status = checkpoint.restore("p-1");
  for (const bool all : {true, false})
    CHECK(sentence_of([&] { all ? status.assert_consumed() : status.assert_existing_objects_matched(); })
              .find("other names with {.rename = {{\"old\", \"new\"}}} (propose_renames), a part of a checkpoint with "
                    "RestoreOptions::prefix.\n4 values matched") != std::string::npos);
  struct {
    Layer head;
    float more = 0;
  } larger;
  CheckpointIn larger_checkpoint(files, larger);
  CHECK(sentence_of([&] { larger_checkpoint.restore("p-1").assert_existing_objects_matched(); }).find(".rename") !=
        std::string::npos);
  struct {
    Variable<double, 2> step;
    float renamed = 0;
  } other;
  CHECK(sentence_of([&] {
          CheckpointIn(files, other).restore("p-1");
        }).find("name what is called otherwise in the program with {.rename = {{\"old\", \"new\"}}}, or skip") !=
        std::string::npos);
}
