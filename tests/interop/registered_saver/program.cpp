// Registered savers: one of the same name on each side, which packs the parts of a stack into one tensor.
#include "interop/case.hpp"

#include <functional>
#include <utility>

using namespace cairn::literals;

namespace {

struct Nothing {};
struct Stack {
  Nothing root_of_stack;  // nothing of a stack is saved but by the saver
};
struct State {
  Stack stack;
  float w = 0;
};
std::map<const Stack*, std::vector<float>> values_of;

std::vector<std::string> save_stacks(const cairn::Trackables& stacks, const std::string& file_prefix) {
  cairn::bundle::Writer writer(file_prefix);
  for (const auto& [name, object] : stacks) {
    const std::vector<float>& values = values_of[object.get_if<Stack>()];
    writer.add(name + "/value",
               cairn::TensorView(cairn::DT_FLOAT, cairn::Shape{static_cast<std::int64_t>(values.size())},
                                 std::as_bytes(std::span(values))));
  }
  writer.finish();
  return {file_prefix};
}

std::function<void()> restore_stacks(const cairn::Trackables& stacks, const std::string& merged_prefix) {
  std::vector<std::pair<const Stack*, std::vector<float>>> found;
  for (const auto& [name, object] : stacks) {
    const cairn::AnyTensor value = cairn::load_variable(merged_prefix, name + "/value");
    found.emplace_back(object.get_if<Stack>(),
                       std::vector<float>(value.span<float>().begin(), value.span<float>().end()));
  }
  return [found] {
    for (const auto& [stack, values] : found) values_of[stack] = values;
  };
}

const bool registered =
    (cairn::register_checkpoint_saver({.name = "stacks",
                                       .predicate = [](const cairn::Trackable& object) { return object.is<Stack>(); },
                                       .save_fn = save_stacks,
                                       .restore_fn = restore_stacks}),
     true);

}  // namespace

void read(const std::filesystem::path& directory) {
  State state;
  Stack other;
  cairn::Checkpoint checkpoint{"state"_a = state, "other"_a = other};
  checkpoint.restore((directory / "stacks-1").string()).assert_consumed();
  CAIRN_EXPECT(registered && state.w == 4);
  CAIRN_EXPECT(values_of[&state.stack] == (std::vector<float>{1, 2, 3}) && values_of[&other] == std::vector<float>{5});
}

void write(const std::filesystem::path& directory) {
  State state{{}, 8};
  Stack other;
  values_of[&state.stack] = {6, 7};
  values_of[&other] = {9};
  cairn::Checkpoint checkpoint{"state"_a = state, "other"_a = other};
  checkpoint.save(directory / "stacks");
}
