// archive: cereal's archives over a bundle, and cereal's classes as members of a state.
//
//   struct Particle {                                   // a class with cereal's serialize can be a member of any state
//     template <class Archive> void serialize(Archive& archive) { archive(CEREAL_NVP(position), CEREAL_NVP(mass)); }
//     ...
//   };
//   cairn::BundleOutputArchive archive("run/particles"); // and cairn's archives can be used by themselves
//   archive(CEREAL_NVP(particles));
//
//   archive/output.hpp   BundleOutputArchive: writes a checkpoint
//   archive/input.hpp    BundleInputArchive: reads a checkpoint
//   archive/types.hpp    Variables and plain structs in cereal's own archives (JSON, XML, portable binary)
#pragma once

#include "archive/archived_type.hpp"
#include "archive/class_type.hpp"
#include "archive/input.hpp"
#include "archive/output.hpp"
#include "archive/types.hpp"
