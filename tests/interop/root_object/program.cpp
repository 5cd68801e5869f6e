// An object as the root: its members are the root's children, and it is its own child "root".
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Inner {
  float zeta = 0;
};
struct Root {
  cairn::Variable<float, 2, 3> weights;
  std::int64_t step = 0;
  Inner inner;
};
struct Counted {
  cairn::Variable<float, 2, 3> weights;
  std::int64_t save_counter = 41;
};

Root filled() {
  Root root;
  fill(root.weights, 1);
  fill(root.step, 2);
  fill(root.inner.zeta, 3);
  return root;
}
void expect_filled(const Root& root) {
  CAIRN_EXPECT(is_filled(root.weights, 1) && is_filled(root.step, 2) && is_filled(root.inner.zeta, 3));
}

}  // namespace

void write(const std::filesystem::path& directory) {
  Root root = filled();
  std::int32_t zero = 0, attached = 0;
  fill(zero, 4);
  fill(attached, 5);
  cairn::Checkpoint{root}.save(directory / "alone");
  cairn::Checkpoint{root, "zero"_a = zero, "attached"_a = attached}.save(directory / "more");
  cairn::Checkpoint{root}.write(directory / "written");
  Counted counted;
  CAIRN_EXPECT(cairn::Checkpoint{counted}.save(directory / "counted") == (directory / "counted-42").string());
  CAIRN_EXPECT(counted.save_counter == 42);
}

void read(const std::filesystem::path& directory) {
  const auto in = [&](const char* name) { return (directory / name).string(); };
  Root alone;
  cairn::Checkpoint{alone}.restore(in("alone-1")).assert_consumed();
  expect_filled(alone);
  Root more;
  std::int32_t zero = 0, attached = 0;
  cairn::Checkpoint{more, "zero"_a = zero, "attached"_a = attached}.restore(in("more-1")).assert_consumed();
  expect_filled(more);
  CAIRN_EXPECT(is_filled(zero, 4) && is_filled(attached, 5));
  Root written;
  cairn::Checkpoint{written}.read(in("written")).assert_consumed();
  expect_filled(written);
  Root named;
  cairn::Checkpoint{"weights"_a = named.weights, "step"_a = named.step, "inner"_a = named.inner}
      .restore(in("alone-1"))
      .assert_consumed();
  expect_filled(named);
  Counted counted;
  cairn::Checkpoint{counted}.restore(in("counted-42")).assert_consumed();
  CAIRN_EXPECT(counted.save_counter == 42);
}
