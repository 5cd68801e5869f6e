// What optimizers of TensorFlow 1 and Keras 2 keep beside the graph.
#include <cairn/checkpoint.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace cairn::literals;

namespace {
const std::string slots = std::string(CAIRN_SOURCE_ROOT) + "/tests/checkpoint/v1/slots-1";
const std::string slot_m = "(root).opt's state 'm' for (root).w";
const std::string slot_v = "(root).opt's state 'v' for (root).w";

struct Powers {
  float beta1_power = 0, beta2_power = 0;
};
}  // namespace

TEST_CASE("slot variables that nobody claims are listed by what they are") {
  Powers opt;
  cairn::Variable<float, 2> w;
  cairn::Checkpoint checkpoint{"opt"_a = opt, "w"_a = w};
  const cairn::LoadStatus status = checkpoint.restore(slots);
  CHECK(status.only_in_checkpoint() == std::vector<std::string>{slot_m, slot_v});
  CHECK_NOTHROW(status.assert_existing_objects_matched());
  CHECK_THROWS_AS(status.assert_consumed(), cairn::Error);
  CHECK(opt.beta1_power == doctest::Approx(0.81));
}

TEST_CASE("with skip_slot_variables they need not be claimed, but the optimizer's own values must") {
  Powers opt;
  cairn::Variable<float, 2> w;
  cairn::Checkpoint checkpoint{"opt"_a = opt, "w"_a = w};
  const cairn::LoadStatus status = checkpoint.restore(slots, {.skip_slot_variables = true});
  CHECK_NOTHROW(status.assert_consumed());
  CHECK(status.only_in_checkpoint().empty());

  cairn::Checkpoint without{"w"_a = w};
  CHECK(without.restore(slots, {.skip_slot_variables = true}).only_in_checkpoint() ==
        std::vector<std::string>{"opt.beta1_power", "opt.beta2_power"});
}

TEST_CASE("slot variables can be given to objects of the program") {
  struct Adam {
    float beta1_power = 0, beta2_power = 0;
    struct Slots {
      cairn::Variable<float, 2> w;
    } m, v;
  } opt;
  cairn::Variable<float, 2> w;
  cairn::Checkpoint checkpoint{"opt"_a = opt, "w"_a = w};
  checkpoint.restore(slots, {.rename = {{"(root).opt's state 'm' for (root).*", "opt.m.*"}, {slot_v, "opt.v.w"}}})
      .assert_consumed();
  CHECK(opt.m.w(0) == doctest::Approx(0.1));
  CHECK(opt.v.w(1) == doctest::Approx(0.001));
}

TEST_CASE("the prefix of an optimizer leaves out slots of variables elsewhere") {
  Powers opt;
  cairn::Checkpoint checkpoint{opt};
  CHECK_NOTHROW(checkpoint.read(slots, {.prefix = "opt"}).assert_consumed());
  CHECK(opt.beta2_power == doctest::Approx(0.998001));
}
