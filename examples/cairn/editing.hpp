// What all commands do that write a checkpoint: tell the changes, write, tell that.
#pragma once

#include "arguments.hpp"

#include <cairn/edit/checkpoint_editor.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tool {

inline constexpr const char* out_help =
    "where to write the new checkpoint: a path without extension, such as edited/ckpt. What is there is replaced at "
    "one "
    "instant, the input itself, too; folders that are missing are made. No file `checkpoint` is touched";

// What VALUE is on the manual pages.
inline constexpr const char* value_help =
    "VALUE is a number (0.5, -3, 1e-4, nan, -inf, 1+2j), true or false, a text, or a list in brackets, nested where "
    "the "
    "tensor has more axes: '[[1, 2], [3, 4]]', '[\"cat\", \"dog\"]'. A single value fills the whole tensor. @FILE.npy "
    "stands for the array in that file; @@ begins a text with @.";

// What is done with a value: the tensor keeps its shape, takes the value's, or is not there yet.
enum class Give { set, reshape, add };

// Gives a tensor the value that a word of the command line stands for, in its own dtype or in `dtype`. Throws
// WrongUsage, and cairn::Error.
void give(cairn::CheckpointEditor& editor, Give how, const std::string& name, const std::string& word,
          std::optional<cairn::DType> dtype = std::nullopt);

// What one option of an edit took.
struct OptionEdit {
  std::string option;  // "--erase"
  std::string value;
  cairn::LastEdit edit;
};

// Writes to `out`, unless it is a dry run, and prints what was changed, and what each option took.
void finish_edits(const Arguments& arguments, cairn::CheckpointEditor& editor, const std::string& out,
                  bool dry_run = false, const std::vector<OptionEdit>& options = {});

// Prints what was changed in the checkpoint `out`, and how many tensors it has, which is what `cairn ls` counts.
void tell_edits(const Arguments& arguments, const std::vector<cairn::CheckpointChange>& changes, const std::string& out,
                bool dry_run = false, const std::vector<OptionEdit>& options = {});

}  // namespace tool
