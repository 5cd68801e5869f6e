// io: how bytes reach the disk, safely. Knows nothing of tensors.
//
//   cairn::io::write_file_atomically(cairn::io::posix(), "training/checkpoint", text, /*durable=*/true);
//
//   io/file_system.hpp   FileSystem, ReadableFile, WritableFile: all that cairn asks of a disk
//   io/posix.hpp         posix(): the machine's own files
//   io/posix_lock.hpp    one owner at a time for a folder, among all processes
//   io/memory.hpp        MemoryFileSystem: files in memory that can lose power
//   io/faulty.hpp        FaultyFileSystem: fails at the n-th call
//   io/publish.hpp       temporary names, write_file_atomically
//   io/threads.hpp       a few pieces of work at the same time
//   io/whole_file.hpp    read_whole_file
//   io/path.hpp          folder and name of a path
//   io/system_error.hpp  errno to Error
#pragma once

#include "io/faulty.hpp"
#include "io/file_system.hpp"
#include "io/memory.hpp"
#include "io/path.hpp"
#include "io/posix.hpp"
#include "io/posix_lock.hpp"
#include "io/publish.hpp"
#include "io/system_error.hpp"
#include "io/threads.hpp"
#include "io/whole_file.hpp"
