// A path that leads nowhere names the nearest one that leads somewhere.
// expect: no_such_path<cairn::checkpoint::detail::tracked_objects<cairn::checkpoint::detail::RootOf<Training
// expect: model.hiden.kernal
// expect: model.hidden.kernel
// expect: cairn: this path does not lead to a member
// errors: 1
#include <cairn/checkpoint.hpp>

#include <array>
#include <vector>

struct Layer {
  float kernel = 0;
};
struct Model {
  Layer hidden;
  std::array<Layer, 3> layers;
  std::vector<Layer> blocks;
};
struct Training {
  Model model;
};

#ifdef CAIRN_WRONG
auto& get(Training& training) { return cairn::Checkpoint{training}.get<"model.hiden.kernal">(); }
#else
auto& get(Training& training) { return cairn::Checkpoint{training}.get<"model.hidden.kernel">(); }
#endif

Training training;
[[maybe_unused]] auto& member = get(training);
