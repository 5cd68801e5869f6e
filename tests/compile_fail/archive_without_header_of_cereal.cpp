// A container that a bundle knows by itself needs cereal's header in JSON.
// expect: this_member_cannot_be_tracked<Training, cairn::reflect::detail::spelled<
// expect: layers
// expect: it_needs_a_header_of_cereal
// expect: cairn: this member is of a type that is saved with cereal's header for it.
// errors: 1
#include <cairn/checkpoint.hpp>
#include <cairn/json.hpp>
#ifndef CAIRN_WRONG
#include <cereal/types/map.hpp>
#endif

#include <map>

struct Layer {
  int units = 1;
};
struct Training {
  int step = 0;
  std::map<std::string, Layer> layers;
};

void use(Training& training) {
  cairn::Checkpoint checkpoint{training};
  cairn::CheckpointManager<decltype(checkpoint), cairn::format::Json> manager{checkpoint, "training"};
  manager.save();
}
