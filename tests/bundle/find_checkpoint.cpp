#include <cairn/bundle/find_checkpoint.hpp>
#include <cairn/bundle/reader.hpp>

#include <doctest/doctest.h>

#include <cairn/testing/faulty_file_system.hpp>

#include "bundle/bundles.hpp"

#include <cstdint>
#include <string>

namespace bundle = cairn::bundle;
namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;

TEST_CASE("a path means a checkpoint of its own, a directory's latest, or a SavedModel's") {
  cairn::testing::MemoryFileSystem files;
  const auto put = [&](const std::string& prefix) { cairn::test::put_bundle(files, prefix, {}, {}); };
  for (const char* const directory : {"run", "model/variables", "both", "both/variables", "empty"})
    files.create_directories(directory);
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

  CHECK(bundle::Reader("run", files).prefix() == "run/ckpt-1");
  CHECK(bundle::Reader("model", files).prefix() == "model/variables/variables");

  put("run");  // a directory and a checkpoint of one name
  CHECK(bundle::find_checkpoint("run", files) == "run");
}

TEST_CASE("the path of an index or of a data file means their checkpoint") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("run");
  cairn::test::put_bundle(files, "run/ckpt-1", {}, {});
  CHECK(bundle::find_checkpoint("run/ckpt-1.data-00000-of-00001", files) == "run/ckpt-1");
  CHECK(bundle::Reader("run/ckpt-1.index", files).prefix() == "run/ckpt-1");
  CHECK(bundle::Reader("run/ckpt-1.data-00000-of-00001", files).prefix() == "run/ckpt-1");
}

TEST_CASE("where no checkpoint is, the error says what is there, and what helps") {
  cairn::testing::MemoryFileSystem files;
  const auto put = [&](const std::string& path, const std::string& text = "") {
    files.create_directories(io::parent_directory(path));
    cairn::test::write_file(files, path, text);
  };
  const auto sentence = [&](const std::string& path) {
    CHECK(code_of([&] { (void)bundle::find_checkpoint(path, files); }) == ErrorCode::not_found);
    return cairn::test::sentence_of([&] { (void)bundle::find_checkpoint(path, files); });
  };
  // A number that was forgotten, and a wrong one.
  files.create_directories("run");
  for (const char* const name : {"2", "10", "9"})
    cairn::test::put_bundle(files, "run/model.ckpt-" + std::string(name), {}, {});
  const std::string all = "there are run/model.ckpt-2, run/model.ckpt-9, run/model.ckpt-10";
  CHECK(sentence("run/model.ckpt") ==
        "there is no checkpoint \"run/model.ckpt\": the file \"run/model.ckpt.index\" does not exist; " + all);
  CHECK(sentence("run/model.ckpt-3.index").ends_with(all));
  CHECK(sentence("run").ends_with("run/model.ckpt-2, run/model.ckpt-9, run/model.ckpt-10"));
  CHECK(sentence("ran/model.ckpt") == "there is no checkpoint \"ran/model.ckpt\": there is no directory \"ran\"");
  for (int i = 11; i < 20; ++i) cairn::test::put_bundle(files, "run/model.ckpt-" + std::to_string(i), {}, {});
  CHECK(sentence("run/model.ckpt")
            .ends_with("there are ..., run/model.ckpt-15, run/model.ckpt-16, run/model.ckpt-17, "
                       "run/model.ckpt-18, run/model.ckpt-19"));

  // Half a checkpoint.
  put("half/ckpt-2.data-00000-of-00001");
  const std::string bring =
      "\"half/ckpt-2.data-00000-of-00001\" is there, and \"half/ckpt-2.index\" is not; bring all "
      "files of the checkpoint";
  for (const char* const path : {"half", "half/ckpt-2", "half/ckpt-2.data-00000-of-00001"})
    CHECK(sentence(path).ends_with(bring));

  // Files of other kinds.
  put("in/m.keras", "PK\x03\x04");
  CHECK(sentence("in/m.keras") ==
        "\"in/m.keras\" is no checkpoint; it is a Keras model; in Python, "
        "tf.train.Checkpoint(model=keras.models.load_model(\"in/m.keras\")).write(\"ckpt\") makes a checkpoint of it");
  put("in/m.weights.h5", "\x89HDF\r\n\x1a\n");
  CHECK(sentence("in/m.weights.h5").find("model.load_weights(\"in/m.weights.h5\")") != std::string::npos);
  put("in/m.h5", "\x89HDF\r\n\x1a\n");
  CHECK(sentence("in/m.h5").find("keras.models.load_model(\"in/m.h5\")") != std::string::npos);
  const auto zip_of = [](const std::string& member) {
    std::string zip = "PK\x03\x04" + std::string(26, '\0') + member;
    zip[26] = static_cast<char>(member.size());
    return zip;
  };
  put("in/m.npz", zip_of("w.npy"));
  CHECK(sentence("in/m.npz").ends_with("it is an npz file, as NumPy saves arrays; convert it to a checkpoint first"));
  put("in/m.pt", zip_of("m/data.pkl"));
  CHECK(sentence("in/m.pt").find("a file of PyTorch") != std::string::npos);
  put("in/m.safetensors", std::string("\2\0\0\0\0\0\0\0{}", 10));
  CHECK(sentence("in/m.safetensors").ends_with("a safetensors file; convert it to a checkpoint first"));
  put("in/graph.pb");
  CHECK(sentence("in/graph.pb").find("a graph of TensorFlow") != std::string::npos);
  put("in/model.ckpt-2.meta");
  CHECK(sentence("in/model.ckpt-2.meta").ends_with("beside a checkpoint; give \"in/model.ckpt-2\""));
  put("in/checkpoint", "model_checkpoint_path: \"model.ckpt-2\"");
  CHECK(sentence("in/checkpoint").ends_with("names the checkpoints of its directory; give \"in\""));
  put("in/notes.txt", "bread");
  CHECK(sentence("in/notes.txt").find("a file of another kind") != std::string::npos);
  put("model/saved_model.pb");
  CHECK(sentence("model/saved_model.pb").ends_with("it is the graph of a SavedModel; give its directory, \"model\""));
  CHECK(sentence("model") ==
        "the directory \"model\" is a SavedModel without variables: there is no "
        "\"model/variables/variables.index\"");

  // What is no file.
  CHECK(sentence("").find("is empty") != std::string::npos);
  CHECK(
      sentence("gs://bucket/model.ckpt-2") ==
      "\"gs://bucket/model.ckpt-2\" is an address, and only files of this machine are read; copy all files that begin "
      "with it here, and give their path");
  CHECK(sentence("file:///tmp/ckpt-1").ends_with("give the path alone, \"/tmp/ckpt-1\""));
}

TEST_CASE("a file `checkpoint` that is damaged is reported, and one that names what is gone is no checkpoint") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("run");
  cairn::test::write_file(files, "run/checkpoint", "model_checkpoint_path: \"ckpt-1\"\n");
  CHECK(code_of([&] { (void)bundle::find_checkpoint("run", files); }) == ErrorCode::not_found);
  files.remove("run/checkpoint");
  cairn::test::write_file(files, "run/checkpoint", "model_checkpoint_path");
  CHECK(code_of([&] { (void)bundle::find_checkpoint("run", files); }) == ErrorCode::data_loss);
}

TEST_CASE("a state file that the disk does not give at this moment is not told as a damaged one") {
  cairn::testing::MemoryFileSystem files;
  files.create_directories("run");
  cairn::test::put_bundle(files, "run/ckpt-1", {}, {});
  cairn::test::write_file(files, "run/checkpoint", "model_checkpoint_path: \"ckpt-1\"\n");
  int refused = 0;
  for (std::uint64_t at = 1;; ++at) {
    CAPTURE(at);
    cairn::testing::FaultyFileSystem failing(files, {.at = at});
    std::string found;
    const auto code = code_of([&] { found = bundle::Reader("run", failing).prefix(); });
    CHECK(found == (code ? "" : "run/ckpt-1"));
    CHECK((!code || code == ErrorCode::unavailable));
    if (code) ++refused;
    if (failing.calls() < at) break;
  }
  CHECK(refused > 1);
}
