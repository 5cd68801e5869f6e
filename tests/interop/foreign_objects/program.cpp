// What TensorFlow saves besides variables: hash tables, generators, Python state, slot variables, shards, background
// saves.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

struct Generator {
  std::array<std::int64_t, 3> _state_var{};
};
struct Everything {
  cairn::Variable<float, 3> weights;
  Generator generator;
  std::string notes;
  std::int64_t step = 0;
};
struct Model {
  cairn::Variable<float, 2> w;
  cairn::Variable<float, 1> b;
};

}  // namespace

void write(const std::filesystem::path&) {}

void read(const std::filesystem::path& directory) {
  const auto in = [&](const char* name) { return (directory / name).string(); };
  Everything everything;
  const auto status = cairn::Checkpoint{"everything"_a = everything}.restore(in("everything-1"));
  status.assert_existing_objects_matched();
  CAIRN_EXPECT(status.only_in_checkpoint() == std::vector<std::string>{"everything.table"});
  CAIRN_EXPECT(is_filled(everything.weights, 1) && is_filled(everything.step, 2));
  CAIRN_EXPECT(everything.notes == std::string("some\0bytes", 10));
  CAIRN_EXPECT(everything.generator._state_var != (std::array<std::int64_t, 3>{}));
  CAIRN_EXPECT(cairn::load_variable(in("everything-1"), "everything/table/.ATTRIBUTES/table-values").shape() ==
               cairn::Shape{2});

  Model model;
  const auto slots = cairn::Checkpoint{"model"_a = model}.restore(in("slots-1"));
  CAIRN_EXPECT(is_filled(model.w, 4));
  slots.assert_existing_objects_matched();
  CAIRN_EXPECT_THROWS(cairn::ErrorCode::failed_precondition, "optimizer's state 'm' for (root).model.w",
                      slots.assert_consumed());

  cairn::Variable<float, 20, 7> a;
  std::vector<std::int64_t> b;
  bool c = false;
  cairn::Checkpoint{"a"_a = a, "b"_a = b, "c"_a = c}.read(in("shards")).assert_consumed();
  CAIRN_EXPECT(is_filled(a, 1) && b.size() == 40 && is_filled(b, 2) && is_filled(c, 3));

  // Background saves of TensorFlow count nothing: both files say 0. The next number is free all the same.
  cairn::Variable<float, 2> v;
  cairn::Checkpoint checkpoint{"v"_a = v};
  cairn::CheckpointManager manager{checkpoint, directory / "background", {.max_to_keep = 3}};
  CAIRN_EXPECT(manager.restore_or_initialize() == (directory / "background" / "ckpt-2").string());
  CAIRN_EXPECT(is_filled(v, 1));
  CAIRN_EXPECT(manager.save() == (directory / "background" / "ckpt-3").string());
  CAIRN_EXPECT(manager.checkpoints().size() == 3);
}
