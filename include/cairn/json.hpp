// json: checkpoints that people can read. Opt-in, because cereal's JSON needs rapidjson.
//
//   #include <cairn/json.hpp>
//   cairn::CheckpointManager<decltype(checkpoint), cairn::format::Json> manager{checkpoint, "training"};
//   manager.save();      // training/ckpt-1.json
#pragma once

#include "checkpoint.hpp"

#include <cereal/archives/json.hpp>

namespace cairn::format {

using Json = Cereal<cereal::JSONOutputArchive, cereal::JSONInputArchive>;

}  // namespace cairn::format
