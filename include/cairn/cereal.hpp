// cereal: cereal's archives over a bundle, cereal's classes as members of a state, and checkpoints in other formats.
//
//   struct Particle {                                   // a class with cereal's serialize can be a member of any state
//     template <class Archive> void serialize(Archive& archive) { archive(CEREAL_NVP(position), CEREAL_NVP(mass)); }
//     ...
//   };
//   cairn::BundleOutputArchive archive("run/particles"); // and cairn's archives can be used by themselves
//   archive(CEREAL_NVP(particles));
//
// Any other type that cereal can archive (std::stack, maps whose keys are structs, polymorphic pointers, ...) becomes
// one string tensor with cereal's portable bytes. Include cereal's header for the type, such as
// <cereal/types/stack.hpp>. Variables and plain structs without serialize can be written to cereal's own archives
// (JSON, XML, portable binary).
//
// Include this header before or after <cairn/checkpoint.hpp>, above the first Checkpoint of such a class. Without it
// the compiler refuses a class with serialize, in a sentence that names this header.
//
//   cereal/output.hpp   BundleOutputArchive: writes a checkpoint
//   cereal/input.hpp    BundleInputArchive: reads a checkpoint
//   cereal/format.hpp   format::Cereal: a CheckpointManager that writes one of cereal's archives; <cairn/json.hpp>
#pragma once

#include "reflect/detail/refusals.hpp"

#include "cereal/detail/archived_type.hpp"
#include "cereal/detail/class_type.hpp"
#include "cereal/detail/types.hpp"
#include "cereal/format.hpp"
#include "cereal/input.hpp"
#include "cereal/output.hpp"
