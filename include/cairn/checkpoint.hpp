// checkpoint: a program's state saved, matched and restored, and the checkpoints that are kept.
//
//   using namespace cairn::literals;
//   cairn::Checkpoint checkpoint{"model"_a = model, "step"_a = step};
//   cairn::CheckpointManager manager{checkpoint, "training", {.max_to_keep = 3}};
//   manager.restore_or_initialize();
//   manager.save();
//
//   checkpoint/checkpoint.hpp     Checkpoint: save, write, restore, read, track, get
//   checkpoint/load_status.hpp    LoadStatus: the result of a restore, as lists and assertions
//   checkpoint/options.hpp        CheckpointOptions, RestoreOptions, WriteCallback
//   checkpoint/named.hpp          "name"_a = object
//   checkpoint/checkpoint_saver.hpp      CheckpointSaver, Trackable: what register_checkpoint_saver takes
//   checkpoint/registered_saver.hpp      register_checkpoint_saver: functions of the program that save and restore objects
//   checkpoint/manager.hpp        CheckpointManager: numbered checkpoints in one directory
//   checkpoint/manager_options.hpp       CheckpointManagerOptions
//   checkpoint/step_counter.hpp   StepCounter: the step that checkpoint_interval counts
//   checkpoint/retention.hpp      KeepBest: which checkpoints are kept
//   checkpoint/fall_back.hpp      FallBackReport: damaged checkpoints that a restore passed over
//   checkpoint/checkpoints_iterator.hpp  checkpoints_iterator: a range of new checkpoints as they come
//   checkpoint/prune.hpp          prune: deletes what a manager would delete, where none is at work
//   checkpoint/repair.hpp         repair: writes the file `checkpoint` anew, from what is there and whole
//
// This door also has latest_checkpoint and get_checkpoint_state, which read that file, and list_variables and
// load_variable, which read a checkpoint without an object of the program.
//
// A program that has changed restores what it saved before. Nothing changes unless all of it can be done:
//
//   checkpoint.restore(path, {.rename = {{"model.encoder.*", "model.backbone.*"}}, .cast = cairn::Cast::widen})
//       .assert_existing_objects_matched();
#pragma once

#include "reflect/detail/refusals.hpp"

#include "bundle/find_checkpoint.hpp"
#include "checkpoint/checkpoint.hpp"
#include "checkpoint/checkpoint_saver.hpp"
#include "checkpoint/checkpoints_iterator.hpp"
#include "checkpoint/fall_back.hpp"
#include "checkpoint/load_status.hpp"
#include "checkpoint/manager.hpp"
#include "checkpoint/manager_options.hpp"
#include "checkpoint/named.hpp"
#include "checkpoint/options.hpp"
#include "checkpoint/prune.hpp"
#include "checkpoint/registered_saver.hpp"
#include "checkpoint/repair.hpp"
#include "checkpoint/retention.hpp"
#include "checkpoint/step_counter.hpp"
#include "edit/variables.hpp"
