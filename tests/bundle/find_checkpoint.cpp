#include <cairn/bundle/find_checkpoint.hpp>

#include <doctest/doctest.h>

#include "bundle/bundles.hpp"

#include <string>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;

TEST_CASE("a path means a checkpoint of its own, a directory's latest, or a SavedModel's") {
  io::MemoryFileSystem files;
  const auto put = [&](const std::string& prefix) { cairn::test::put_bundle(files, prefix, {}, {}); };
  for (const char* const directory : {"run", "model/variables", "both", "both/variables", "empty"})
    files.create_directories(directory, false);
  put("run/ckpt-1");
  put("run/ckpt-2");
  cairn::test::write_file(files, "run/checkpoint", "model_checkpoint_path: \"ckpt-1\"\n");
  put("model/variables/variables");
  cairn::test::write_file(files, "model/saved_model.pb", "");

  CHECK(bundle::find_checkpoint("run/ckpt-2", files) == "run/ckpt-2");
  CHECK(bundle::find_checkpoint("run/ckpt-2.index", files) == "run/ckpt-2");
  CHECK(bundle::find_checkpoint("run", files) == "run/ckpt-1");
  CHECK(bundle::find_checkpoint("model", files) == "model/variables/variables");
  for (const char* const nothing : {"empty", "run/ckpt-3", "nowhere"})
    CHECK(code_of([&] { (void)bundle::find_checkpoint(nothing, files); }) == ErrorCode::not_found);

  put("run");  // a directory and a checkpoint of one name
  CHECK(bundle::find_checkpoint("run", files) == "run");
}

TEST_CASE("a file `checkpoint` that is damaged is reported, and one that names what is gone is no checkpoint") {
  io::MemoryFileSystem files;
  files.create_directories("run", false);
  cairn::test::write_file(files, "run/checkpoint", "model_checkpoint_path: \"ckpt-1\"\n");
  CHECK(code_of([&] { (void)bundle::find_checkpoint("run", files); }) == ErrorCode::not_found);
  files.remove("run/checkpoint");
  cairn::test::write_file(files, "run/checkpoint", "model_checkpoint_path");
  CHECK(code_of([&] { (void)bundle::find_checkpoint("run", files); }) == ErrorCode::data_loss);
}
