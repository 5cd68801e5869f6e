// An array of another library is no value that cereal's archives know.
// needs: <Eigen/Core>
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: kernel
// expect: it_needs_functions_of_cereal
// expect: cairn: this member is an array of another library, which is a tensor
// errors: 1
#include <cairn/checkpoint.hpp>
#include <cairn/json.hpp>
#include <cairn/types/eigen.hpp>

struct Training {
  int step = 0;
  Eigen::MatrixXf kernel;
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
#ifdef CAIRN_WRONG
  cairn::CheckpointManager<decltype(checkpoint), cairn::format::Json> manager{checkpoint, "training"};
#else
  cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 5}};
#endif
  manager.save();
}
