// checkpoint: what is saved, matched, kept.
//
//   cairn::Checkpoint checkpoint{"model"_a = model, "step"_a = step};
//   cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
//   manager.restore_or_initialize();
//   manager.save();
//
//   checkpoint/checkpoint.hpp     Checkpoint: save, write, restore, read, track, get
//   checkpoint/load_status.hpp    LoadStatus: what a restore found
//   checkpoint/manager.hpp        CheckpointManager; manager_options.hpp, retention.hpp: what is kept, fall_back.hpp
//   checkpoint/managed_directory.hpp   what a manager does, without its types; live_directory.hpp does it, with
//                                 directory_lock.hpp, state_notes.hpp, deletions.hpp, remove_checkpoint.hpp,
//                                 leftovers.hpp; signals.hpp
//   checkpoint/cereal_format.hpp  format::Cereal: archives of cereal's under a manager; archive_form.hpp; JSON is
//                                 <cairn/json.hpp>
//   checkpoint/prune.hpp          prune: what a manager would delete, where none is at work
//   checkpoint/repair.hpp         repair: the file `checkpoint` anew, from what is there and whole
//   checkpoint/state_file.hpp     latest_checkpoint, get_checkpoint_state: the file `checkpoint`
//   checkpoint/checkpoints_iterator.hpp   a range of new checkpoints as they come
//   checkpoint/options.hpp        CheckpointOptions, RestoreOptions
//   checkpoint/tracked_state.hpp  what a Checkpoint does, without its types; live_state.hpp does it: in the background
//                                 with snapshot.hpp, async_writer.hpp, async_job.hpp; in the foreground with
//                                 write_values.hpp
//   checkpoint/incremental.hpp    what a save need not write: frozen_values.hpp, hash_values.hpp
//   checkpoint/restoration.hpp    one restore: by the object graph (graph_restoration.hpp), or by the names of
//   variables
//                                 from a checkpoint of TensorFlow 1 (name_restoration.hpp)
//
// A program that changed restores what it saved before; nothing changes unless all of it can be done:
//
//   checkpoint.restore(path, {.rename = {{"model.encoder.*", "model.backbone.*"}}, .cast = cairn::Cast::widen})
//       .assert_existing_objects_matched();
#pragma once

#include "graph/refusals.hpp"

#include "checkpoint/cereal_format.hpp"
#include "checkpoint/checkpoint.hpp"
#include "checkpoint/checkpoints_iterator.hpp"
#include "checkpoint/load_status.hpp"
#include "checkpoint/manager.hpp"
#include "checkpoint/options.hpp"
#include "checkpoint/prune.hpp"
#include "checkpoint/repair.hpp"
#include "checkpoint/state_file.hpp"
