// What all commands do that write a checkpoint: tell the changes, write, tell that.
#pragma once

#include "arguments.hpp"

#include <cairn/edit/checkpoint_editor.hpp>

#include <string>
#include <vector>

namespace tool {

inline constexpr const char* out_help =
    "where to write the new checkpoint: a path without extension, such as edited/ckpt. What is there is replaced at "
    "one "
    "instant, the input itself, too; folders that are missing are made. No file `checkpoint` is touched";

// What one option of an edit took.
struct OptionEdit {
  std::string option;  // "--erase"
  std::string value;
  cairn::LastEdit edit;
};

// Writes to `out`, unless it is a dry run, and prints what was changed, and what each option took.
void finish_edits(const Arguments& arguments, cairn::CheckpointEditor& editor, const std::string& out,
                  bool dry_run = false, const std::vector<OptionEdit>& options = {});

}  // namespace tool
