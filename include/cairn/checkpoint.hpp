// checkpoint: what is saved, matched, kept.
//
//   cairn::Checkpoint checkpoint{"model"_a = model, "step"_a = step};
//   cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
//   manager.restore_or_initialize();
//   manager.save();
//
//   checkpoint/checkpoint.hpp     Checkpoint: save, write, restore, read, track, get
//   checkpoint/load_status.hpp    LoadStatus: what a restore found
//   checkpoint/manager.hpp        CheckpointManager; manager_options.hpp, retention.hpp
//   checkpoint/state_file.hpp     latest_checkpoint, get_checkpoint_state: the file `checkpoint`
//   checkpoint/variables.hpp      list_variables, load_variable
//   checkpoint/options.hpp        CheckpointOptions, RestoreOptions
//   checkpoint/tracked_state.hpp  what a Checkpoint does, without its types; restoration.hpp is one restore
#pragma once

#include "checkpoint/checkpoint.hpp"
#include "checkpoint/load_status.hpp"
#include "checkpoint/manager.hpp"
#include "checkpoint/options.hpp"
#include "checkpoint/state_file.hpp"
#include "checkpoint/variables.hpp"
