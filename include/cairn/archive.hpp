// archive: how cereal meets a bundle.
//
//   struct Particle {                                   // a class with cereal's serialize can be a member of any state
//     template <class Archive> void serialize(Archive& archive) { archive(CEREAL_NVP(position), CEREAL_NVP(mass)); }
//     ...
//   };
//   cairn::BundleOutputArchive archive("run/particles"); // and cairn's archives can be used by themselves
//   archive(CEREAL_NVP(particles));
//
//   archive/output.hpp         BundleOutputArchive
//   archive/input.hpp          BundleInputArchive
//   archive/types.hpp          Variables and plain structs in cereal's own archives (JSON, XML, portable binary)
//   archive/class_type.hpp     classes with serialize, or save and load, as nodes of the object graph
//   archive/class_archives.hpp the archives that such classes meet
//   archive/archived_type.hpp  whatever else cereal can archive, as one string (portable_output.hpp, bounded_input.hpp)
//   archive/source.hpp, save_graph.hpp, kept_plan.hpp   a bundle as the walk reads and writes it
#pragma once

#include "archive/archived_type.hpp"
#include "archive/class_type.hpp"
#include "archive/input.hpp"
#include "archive/output.hpp"
#include "archive/types.hpp"
