// testing: file systems for tests of programs that save: one in memory that loses power, and one that fails on demand.
//
//   cairn::testing::MemoryFileSystem files;
//   cairn::bundle::Writer writer("ckpt-1", {}, files);
//   ...
//   files.cut_power();                                        // what was not synced is gone
//
//   cairn::testing::FaultyFileSystem counted(files);               // run the save once, and ask for counted.calls()
//   cairn::testing::FaultyFileSystem failing(files, {.at = 3, .kind = cairn::testing::Fault::stop_before});
//
// No other door includes this one.
//
//   testing/memory_file_system.hpp  MemoryFileSystem: files in memory that can lose power
//   testing/faulty_file_system.hpp  FaultyFileSystem: fails at the n-th call
#pragma once

#include "testing/faulty_file_system.hpp"
#include "testing/memory_file_system.hpp"
