// json: checkpoints as JSON files, which people can read. This door is included by no other one, because cereal's JSON
// needs rapidjson.
//
//   #include <cairn/json.hpp>
//   cairn::CheckpointManager<decltype(checkpoint), cairn::format::Json> manager{checkpoint, "training"};
//   manager.save();      // training/ckpt-1.json
//
// Only cairn reads these files, and only a program that tracks the same objects under the same names. A restore throws
// Error with ErrorCode::data_loss for any other file, and for a damaged one.
#pragma once

#include "cereal.hpp"
#include "checkpoint.hpp"
#include "core/detail/needs_cereal.hpp"

#include <cereal/archives/json.hpp>

namespace CAIRN_NAMESPACE::format {

// The format of a CheckpointManager that writes JSON.
using Json = Cereal<cereal::JSONOutputArchive, cereal::JSONInputArchive>;

}  // namespace CAIRN_NAMESPACE::format
