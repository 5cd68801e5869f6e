// A SavedModel directory is as good as a checkpoint's path: its variables are restored.
#include "interop/case.hpp"

namespace {

struct Inner {
  std::vector<float> unused_here;
  std::vector<cairn::Variable<float>> list;
};
struct Model {
  cairn::Variable<float, 3, 2> weights;
  Inner inner;
};

}  // namespace

void write(const std::filesystem::path&) {}  // cairn writes no SavedModel

void read(const std::filesystem::path& directory) {
  const std::string path = (directory / "model").string();
  Model model;
  cairn::Checkpoint checkpoint{model};
  const auto status = checkpoint.restore(path);
  CAIRN_EXPECT(is_filled(model.weights, 1));
  CAIRN_EXPECT(model.inner.list.size() == 2 && is_filled(model.inner.list.at(1), 3));
  CAIRN_EXPECT(status.only_in_checkpoint().empty());
  auto only_in_program = status.only_in_program();
  std::sort(only_in_program.begin(), only_in_program.end());
  CAIRN_EXPECT(only_in_program == std::vector<std::string>{"inner.unused_here", "save_counter"});
  CAIRN_EXPECT(cairn::list_variables(path).size() == 4);
}
