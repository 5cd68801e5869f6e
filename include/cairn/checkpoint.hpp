// checkpoint: saves, matches and restores a program's state, and decides which checkpoints are kept.
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
//   checkpoint/checkpoint_saver.hpp      CheckpointSaver, Trackable: the arguments of register_checkpoint_saver
//   checkpoint/registered_saver.hpp      register_checkpoint_saver: functions of the program that save and restore objects
//   checkpoint/manager.hpp        CheckpointManager: numbered checkpoints in one directory
//   checkpoint/manager_options.hpp       CheckpointManagerOptions
//   checkpoint/step_counter.hpp   StepCounter: the step that checkpoint_interval counts
//   checkpoint/retention.hpp      KeepBest: which checkpoints are kept
//   checkpoint/fall_back.hpp      FallBackReport: damaged checkpoints that a restore passed over
//   checkpoint/checkpoints_iterator.hpp  checkpoints_iterator: a range of new checkpoints as they come
//   checkpoint/prune.hpp          prune: deletes the checkpoints that a manager would delete, while no manager runs
//   checkpoint/repair.hpp         repair: writes the file `checkpoint` again, from the undamaged checkpoints
//
// This door also has latest_checkpoint and get_checkpoint_state, which read the file `checkpoint`, and list_variables
// and load_variable, which read a checkpoint without an object of the program.
//
// A program whose structs have changed restores its older checkpoints. A restore that fails changes no value:
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
