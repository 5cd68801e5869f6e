// io: how bytes reach the disk safely. This folder knows nothing of tensors.
//
//   cairn::io::write_file_atomically(cairn::io::native(), "training/checkpoint", text, cairn::Durability::full);
//
//   io/file_system.hpp   FileSystem, ReadableFile, WritableFile: all that cairn asks of a disk
//   io/native.hpp        native(): the files of the machine
//   io/posix.hpp         posix(): native() on Linux and other POSIX systems
//   io/windows.hpp       windows(): native() on Windows
//   io/publish.hpp       write_file_atomically, TemporaryFile: temporary names, and the rename to the final one
//   io/whole_file.hpp    read_whole_file: a small file as one text
//   io/path.hpp          parent_directory, file_name, join_path: paths as text
//   io/threads.hpp       run_in_threads: runs a few pieces of work at the same time
//   io/progress.hpp      ProgressCallback, StopRequest: options that watch and stop long work
//   io/watched_file_system.hpp  WatchedFileSystem: watches and stops any call that takes a FileSystem
#pragma once

#include "io/file_system.hpp"
#include "io/native.hpp"
#include "io/path.hpp"
#include "io/posix.hpp"
#include "io/progress.hpp"
#include "io/publish.hpp"
#include "io/threads.hpp"
#include "io/watched_file_system.hpp"
#include "io/whole_file.hpp"
#include "io/windows.hpp"
