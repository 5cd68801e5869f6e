// Incremental saves: what did not change is shared, and nobody can tell but by looking at the disk.
#include <cairn/checkpoint/detail/save/incremental.hpp>

#include <doctest/doctest.h>

#include <cairn/bundle/merge.hpp>
#include <cairn/bundle/rewrite.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/checkpoint/manager.hpp>
#include <cairn/edit/checkpoint_editor.hpp>

#include "checkpoint/states.hpp"
#include "support/counting_files.hpp"
#include "support/data.hpp"
#include "support/failing_call.hpp"
#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/syscall.h>

using namespace cairn;
using namespace cairn::test;
using namespace cairn::literals;

namespace {

using Vector = Variable<float, 1000>;  // 4000 bytes

struct Layers {
  Vector embedding, dense, head;
  std::vector<std::string> words{"one", "two"};
  Variable<float, 3> bias;
  std::int64_t step = 0;

  void become(float value) {
    for (auto* each : {&embedding, &dense, &head}) std::fill_n(each->data(), each->size(), value);
    std::fill_n(bias.data(), bias.size(), value);
    step = static_cast<std::int64_t>(value);
  }
};
const CheckpointOptions incremental{.incremental = true};

bool equal(const Layers& a, const Layers& b) {
  const auto same = [](const auto& x, const auto& y) {
    return std::equal(x.span().begin(), x.span().end(), y.span().begin());
  };
  return same(a.embedding, b.embedding) && same(a.dense, b.dense) && same(a.head, b.head) && same(a.bias, b.bias) &&
         a.words == b.words && a.step == b.step;
}

// That the checkpoint is whole, by itself, and has this state.
void require_is(io::FileSystem& files, const std::string& prefix, const Layers& expected) {
  CAPTURE(prefix);
  for (const Finding& finding : verify(prefix, files)) FAIL_CHECK(finding.problem);
  Layers restored;
  CheckpointIn(files, restored).read(prefix).assert_existing_objects_matched();
  CHECK(equal(restored, expected));
}

TensorView number_view() {
  static const std::int64_t number = 5;
  return {DT_INT64, Shape{}, std::as_bytes(std::span(&number, 1))};
}

std::size_t data_files_of(io::FileSystem& files, const std::string& prefix) {
  return bundle::data_files(prefix, files).size();
}

}  // namespace

TEST_CASE("what did not change is shared with the checkpoint before, and the rest is written") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Layers state;
  state.become(1);
  CheckpointIn checkpoint(files, state);
  checkpoint.write("a", incremental);
  const Layers first = state;
  CHECK(files.counts().bytes_written > 12'000);
  CHECK(files.counts().links == 0);
  CHECK(data_files_of(files, "a") == 1);

  files.reset();
  state.head(5) = 7;
  state.step = 2;
  checkpoint.write("b", incremental);
  CHECK(files.counts().links == 1);
  CHECK(files.counts().bytes_written < 6'000);
  CHECK(data_files_of(files, "b") == 2);
  const Layers second = state;

  files.reset();
  checkpoint.write("c", incremental);  // the same once more
  CHECK(files.counts().links == 2);
  CHECK(files.counts().bytes_written < 2'000);
  require_is(files, "a", first);
  require_is(files, "b", second);
  require_is(files, "c", second);

  // Any one is enough, whichever of the others are deleted.
  for (const char* const kept : {"a", "b", "c"}) {
    cairn::testing::MemoryFileSystem copy;
    for (const std::string& name : files.list_directory(".")) write_file(copy, name, read_file(files, name));
    for (const char* const each : {"a", "b", "c"})
      if (std::string_view(each) != kept) bundle::remove_checkpoint(each, copy);
    require_is(copy, kept, kept == std::string_view("a") ? first : second);
  }
  bundle::remove_checkpoint("b", files);
  bundle::remove_checkpoint("a", files);
  require_is(files, "c", second);
}

TEST_CASE("an incremental save without random numbers is refused, and another save is not") {
  const auto refusal = [](bool is_incremental) {
    return refusal_where({{SYS_getrandom, EIO}}, [&](const auto& begin) {
      cairn::testing::MemoryFileSystem files;
      Layers state;
      CheckpointIn checkpoint(files, state);
      begin();
      checkpoint.write("a", {.incremental = is_incremental});
    });
  };
  const auto plain = refusal(false);
  if (!plain) return skip("this machine lets no process filter its system calls (seccomp)");
  CHECK(plain == "");
  CHECK(refusal(true) ==
        "unavailable: the system gives no random numbers, which an incremental save compares values with; save without "
        "incremental");
}

TEST_CASE("a change of one bit is written, wherever it is in a value, and so are parts that change places") {
  constexpr std::size_t kilobyte = 1024, megabyte = kilobyte * kilobyte, size = 2 * megabyte + 5 * kilobyte + 13;
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  struct Bytes {
    std::vector<std::uint8_t> bytes;
  } state, restored;
  std::mt19937_64 random(11);
  for (std::size_t i = 0; i < size; ++i) state.bytes.push_back(static_cast<std::uint8_t>(random()));
  std::fill_n(state.bytes.begin(), 4 * kilobyte, std::uint8_t{0});
  CheckpointIn checkpoint(files, state), reader(files, restored);
  checkpoint.write("0", incremental);
  int number = 0;
  const auto check = [&] {
    CAPTURE(number);
    for (int same = 0; same < 2; ++same) {
      files.reset();
      const std::string path = std::to_string(++number);
      checkpoint.write(path, incremental);
      CHECK((files.counts().bytes_written > size) == (same == 0));
      reader.read(path).expect_partial();
      CHECK((restored.bytes == state.bytes));
      bundle::remove_checkpoint(std::to_string(number - 1), files);
    }
  };
  for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{8}, kilobyte - 1, kilobyte, 3 * kilobyte,
                               megabyte - 1, megabyte, 2 * megabyte, size - 14, size - 13, size - 1}) {
    CAPTURE(at);
    state.bytes[at] ^= static_cast<std::uint8_t>(1u << at % 8);
    check();
  }
  for (const std::size_t part : {std::size_t{8}, std::size_t{16}, kilobyte, megabyte}) {
    CAPTURE(part);
    std::swap_ranges(state.bytes.begin(), state.bytes.begin() + static_cast<std::ptrdiff_t>(part),
                     state.bytes.begin() + static_cast<std::ptrdiff_t>(part));
    check();
  }
}

TEST_CASE("what is frozen stands in a data file of its own and is not even read again") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Layers state;
  state.become(1);
  CheckpointIn checkpoint(files, state);
  const CheckpointOptions frozen{.incremental = true, .frozen = {"embedding", "words"}};
  checkpoint.write("a", frozen);
  CHECK(data_files_of(files, "a") == 2);
  Layers expected = state;

  for (const char* const name : {"b", "c"}) {
    state.become(2);
    expected = state;
    std::fill_n(expected.embedding.data(), expected.embedding.size(), 1.0f);
    state.words = {"changed", "all the same"};
    checkpoint.write(name, frozen);
    expected.words = {"one", "two"};
    require_is(files, name, expected);
    // Its file has what was frozen, and nothing else.
    bundle::Reader reader(name, files);
    const bundle::Entry& entry = *bundle::find_entry(reader.entries(), "embedding/.ATTRIBUTES/VARIABLE_VALUE");
    const bundle::Entry& words = *bundle::find_entry(reader.entries(), "words/.ATTRIBUTES/VARIABLE_VALUE");
    CHECK(entry.shard == words.shard);
    CHECK(files.open(bundle::data_path(name, entry.shard, reader.num_shards()))->size() == entry.size + words.size);
  }
  SUBCASE("a restore makes it be read again") {
    checkpoint.read("a").expect_partial();
    state.become(3);
    checkpoint.write("d", frozen);
    require_is(files, "d", state);
  }
  SUBCASE("a save that does not name it reads it") {
    state.become(3);
    checkpoint.write("d", incremental);
    require_is(files, "d", state);
    state.become(4);
    checkpoint.write("e", frozen);  // and one that names it again reads it once
    require_is(files, "e", state);
  }
  SUBCASE("a value of another shape is another value") {
    state.words = {"one", "two", "three"};
    expected.words = state.words;
    checkpoint.write("d", frozen);
    require_is(files, "d", expected);
  }
}

TEST_CASE("frozen names objects by their paths, and all that is below them") {
  struct Model {
    std::map<std::string, Vector> layers;
    std::shared_ptr<Vector> shared = std::make_shared<Vector>();
  };
  Model model{.layers = {{"a", {}}, {"b", {}}}};
  std::vector<std::shared_ptr<Vector>> optimizer{model.shared};
  cairn::testing::MemoryFileSystem files;
  CheckpointIn checkpoint(files, "a_list"_a = optimizer, "model"_a = model);
  const auto fresh = [&](const std::vector<std::string>& paths) {
    int number = 0;
    const auto fill = [&](float value) {
      for (auto& item : model.layers) item.second(0) = value;
      (*model.shared)(0) = value;
    };
    fill(1);
    checkpoint.read(checkpoint.write("zero")).assert_consumed();
    checkpoint.write("first", {.incremental = true, .frozen = paths});
    fill(2);
    const bundle::Reader reader(
        checkpoint.write("second-" + std::to_string(number++), {.incremental = true, .frozen = paths}), files);
    std::vector<std::string> kept;
    for (const auto& [key, entry] : reader.entries())
      if (entry.dtype == DT_FLOAT && reader.read(key).view().bytes()[3] == std::byte{0x3f})
        kept.push_back(key.substr(0, key.find("/.A")));
    bundle::remove_checkpoint("zero", files);
    bundle::remove_checkpoint("first", files);
    bundle::remove_checkpoint(reader.prefix(), files);
    return kept;
  };
  CHECK(fresh({"model.layers.a"}) == Names{"model/layers/a"});
  CHECK(fresh({"model.layers"}) == Names{"model/layers/a", "model/layers/b"});
  CHECK(fresh({"model.*.b"}) == Names{"model/layers/b"});
  CHECK(fresh({"model.shared"}) == Names{"a_list/0"});  // the object is saved under the name that is met first
  CHECK(fresh({"a_list"}) == Names{"a_list/0"});
  CHECK(fresh({"model"}) == Names{"a_list/0", "model/layers/a", "model/layers/b"});
  const std::string sentence =
      sentence_of([&] { checkpoint.write("x", {.incremental = true, .frozen = {"model.layer.a"}}); });
  CHECK(sentence.find("nothing that is tracked has the path \"model.layer.a\"") == 0);
  CHECK_FALSE(files.exists("x.index"));
}

TEST_CASE("the save counter is never frozen") {
  cairn::testing::MemoryFileSystem files;
  Layers state;
  CheckpointIn checkpoint(files, state);
  for (std::int64_t number = 1; number <= 3; ++number) {
    const std::string path = checkpoint.save("ckpt", {.incremental = true, .frozen = {"*"}});
    std::int64_t saved = 0;
    CheckpointIn(files, "save_counter"_a = saved).read(path).expect_partial();
    CHECK(saved == number);
  }
}

TEST_CASE("options that cannot be meant are refused, and nothing is counted") {
  cairn::testing::MemoryFileSystem files;
  Layers state;
  CheckpointIn checkpoint(files, state);
  for (const CheckpointOptions& options :
       {CheckpointOptions{.shard_size = 512, .incremental = true}, CheckpointOptions{.frozen = {"dense"}},
        CheckpointOptions{.enable_async = true, .frozen = {"dense"}}}) {
    CHECK(code_of([&] { checkpoint.save("ckpt", options); }) == ErrorCode::invalid_argument);
    CHECK(checkpoint.save_counter() == 0);
  }
}

TEST_CASE("where a file cannot have a second name the bytes are written") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  files.can_link = false;
  Layers state;
  CheckpointIn checkpoint(files, state);
  for (const float value : {1.0f, 1.0f, 2.0f}) {
    state.become(value);
    const std::string path = checkpoint.save("ckpt", {.incremental = true, .frozen = {"embedding"}});
    require_is(files, path, state);
    CHECK(data_files_of(files, path) == 2);
  }
}

TEST_CASE("a checkpoint that is gone, cut, replaced or was written without fsync is not shared") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Layers state;
  state.become(1);
  CheckpointIn checkpoint(files, state);
  const CheckpointOptions frozen{.incremental = true, .frozen = {"embedding"}};
  checkpoint.write("a", frozen);
  std::uint64_t may_share = 0;
  SUBCASE("gone") { bundle::remove_checkpoint("a", files); }
  SUBCASE("cut") {
    may_share = 2;  // and given back
    for (const std::string& path : bundle::data_files("a", files))
      change_file(files, path, [](std::string& text) { text.pop_back(); });
  }
  SUBCASE("other bytes of the same size") {
    may_share = 2;
    for (const std::string& path : bundle::data_files("a", files))
      change_file(files, path, [](std::string& text) { text[100] ^= 1; });
  }
  SUBCASE("written over by another checkpoint of the same layout") {
    may_share = 2;
    Layers other;
    other.become(9);
    CheckpointIn(files, other).write("a", frozen);
    CheckpointIn(files, other).write("a", frozen);
  }
  SUBCASE("without fsync") {
    state.dense(0) = 2;
    checkpoint.write("a", {.durability = Durability::none, .incremental = true, .frozen = {"embedding"}});
    CHECK(files.reset().links == 1);
    may_share = 1;  // the embedding, which is on the disk
  }
  checkpoint.write("b", frozen);
  CHECK(files.counts().links == may_share);
  require_is(files, "b", state);
}

TEST_CASE("after every number of changes the files are at most twice the state, and few") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  std::vector<Vector> state(60);
  CheckpointIn checkpoint(files, "state"_a = state);
  std::mt19937 random(1);
  std::string before;
  std::uint64_t written = 0;
  for (int number = 1; number <= 80; ++number) {
    for (int change = 0; change < 3; ++change) state[random() % state.size()](7) += 1;
    files.reset();
    const std::string path = checkpoint.save("ckpt", incremental);
    if (number > 1) written += files.counts().bytes_written;
    std::uint64_t bytes = 0;
    for (const std::string& file : bundle::data_files(path, files)) bytes += files.open(file)->size();
    CHECK(bytes < 2 * 60 * 4000 + 20'000);
    CHECK(data_files_of(files, path) <= 1 + cairn::checkpoint::detail::IncrementalSaves::max_shared_files);
    for (const Finding& finding : verify(path, files)) FAIL_CHECK(finding.problem);
    std::vector<Vector> restored(60);
    CheckpointIn(files, "state"_a = restored).restore(path).assert_consumed();
    for (std::size_t i = 0; i < state.size(); ++i) CHECK(restored[i](7) == state[i](7));
    if (!before.empty()) bundle::remove_checkpoint(before, files);
    before = path;
  }
  CHECK(written < 79 * 60 * 4000 / 3);  // of what full saves would have taken
}

TEST_CASE("a manager keeps and deletes incremental checkpoints like others, on a real disk") {
  const ScratchDirectory scratch;
  Layers state;
  Checkpoint checkpoint{state};
  CheckpointManager manager(checkpoint, scratch.path(), {.max_to_keep = 2});
  const auto inode = [&](const std::string& path, int shard) {
    struct stat status{};
    const std::string file =
        bundle::data_path(path, shard, static_cast<std::int32_t>(data_files_of(io::native(), path)));
    CHECK(::stat(file.c_str(), &status) == 0);
    return std::pair(status.st_ino, status.st_nlink);
  };
  std::vector<std::pair<std::string, Layers>> saved;
  for (const float value : {1.0f, 2.0f, 3.0f, 4.0f}) {
    state.head(0) = value;
    const std::string path = *manager.save({.incremental = true, .frozen = {"embedding", "dense"}});
    saved.emplace_back(path, state);
  }
  CHECK(manager.checkpoints() == Names{saved[2].first, saved[3].first});
  const auto [number, links] = inode(saved[2].first, 1);
  CHECK(links == 2);
  CHECK(inode(saved[3].first, 1) == std::pair(number, links));
  for (const std::size_t i : {2u, 3u}) require_is(io::native(), saved[i].first, saved[i].second);
  // Files: of two checkpoints an index and two data files each, the lock, and the state file.
  CHECK(std::distance(std::filesystem::directory_iterator(scratch.path()), {}) == 8);
  bundle::remove_checkpoint(saved[3].first);
  CHECK(inode(saved[2].first, 1).second == 1);
  require_is(io::native(), saved[2].first, saved[2].second);

  // Another process: its first save writes all.
  Layers later;
  Checkpoint again{later};
  again.restore(saved[2].first).assert_consumed();
  const std::string path = again.save(scratch.path() / "ckpt", {.incremental = true, .frozen = {"embedding", "dense"}});
  CHECK(inode(saved[2].first, 1).second == 1);
  require_is(io::native(), path, saved[2].second);
}

TEST_CASE("a save in the background copies and writes only what has changed") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Layers state;
  CheckpointIn checkpoint(files, state);
  const CheckpointOptions options{.enable_async = true, .incremental = true, .frozen = {"bias"}};
  for (const float value : {1.0f, 2.0f, 3.0f}) {
    std::fill_n(state.head.data(), state.head.size(), value);
    state.step = static_cast<std::int64_t>(value);
    const Layers now = state;
    files.reset();
    const std::string path = checkpoint.save("ckpt", options);
    state.become(100);  // it is in its hands no more
    checkpoint.sync();
    state = now;
    CHECK(files.counts().links == (value > 1 ? 2 : 0));
    if (value > 1) CHECK(files.counts().bytes_written < 6'000);
    require_is(files, path, now);
  }
}

TEST_CASE("an incremental checkpoint may be written over, by itself and by others, and those that share stay") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Layers state;
  CheckpointIn checkpoint(files, state);
  state.become(1);
  checkpoint.write("kept", incremental);
  const Layers first = state;
  for (const float value : {1.0f, 2.0f, 2.0f, 3.0f}) {
    state.head(1) = value;
    checkpoint.write("same", incremental);
    require_is(files, "same", state);
    require_is(files, "kept", first);
  }
  CHECK(files.counts().links > 3);
  CheckpointEditor("same", files).rename("step", "time").rename("time", "step").write("same");
  require_is(files, "same", state);
  bundle::rewrite(bundle::Reader("kept", files), "copy", {}, files);
  require_is(files, "copy", first);
  state.head(1) = 4;
  checkpoint.write("next", incremental);  // what was to be shared was written over
  require_is(files, "next", state);
  bundle::remove_checkpoint("same", files);
  bundle::remove_checkpoint("next", files);
  require_is(files, "kept", first);
  CheckpointIn(files, state).write("kept");
  require_is(files, "kept", state);
}

TEST_CASE("saves that are not incremental are not touched by those that are") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  Layers state;
  state.become(1);
  CheckpointIn checkpoint(files, state), plain(files, state);
  checkpoint.write("a", incremental);
  checkpoint.write("full");
  plain.write("plain");
  for (const char* const end : {".index", ".data-00000-of-00001"})
    CHECK((read_file(files, std::string("full") + end) == read_file(files, std::string("plain") + end)));
  checkpoint.write("b", incremental);
  CHECK(files.counts().links == 1);
  require_is(files, "b", state);
}

TEST_CASE("tensors that are shared are aligned as those that are written") {
  cairn::testing::MemoryFileSystem memory;
  CountingFileSystem files(memory);
  std::vector<Variable<float, 333>> state(5);
  CheckpointIn checkpoint(files, "state"_a = state);
  const auto save = [&](std::uint64_t data_alignment, std::uint64_t links) {
    files.reset();
    state[2](0) += 1;
    const std::string path = checkpoint.save("ckpt", {.data_alignment = data_alignment, .incremental = true});
    CHECK(files.counts().links == links);
    for (const Finding& finding : verify(path, files)) FAIL_CHECK(finding.problem);
    const bundle::Reader reader(path, files);
    for (const auto& item : reader.entries()) CHECK(item.second.offset % data_alignment == 0);
  };
  save(1, 0);
  save(1, 1);
  save(64, 0);
  save(64, 1);
}

TEST_CASE("bytes that belong to no tensor are damage, unless the index says whose they are") {
  cairn::testing::MemoryFileSystem files;
  Layers state;
  CheckpointIn checkpoint(files, state);
  checkpoint.write("a", incremental);
  state.dense(0) = 1;  // between two that stay
  checkpoint.write("b", incremental);
  require_is(files, "b", state);
  bundle::Index index = bundle::read_index(files, "b.index");
  CHECK_FALSE(index.unused_bytes.empty());
  const auto write_index = [&] {
    files.remove("b.index");
    write_file(files, "b.index", bundle::encode_index(index));
  };
  write_index();
  CHECK(verify("b", files).empty());
  for (const std::string& other : {std::string(), index.unused_bytes.substr(1), std::string("\xff\xff"),
                                   index.unused_bytes.substr(0, index.unused_bytes.size() - 1)}) {
    index.unused_bytes = other;
    write_index();
    const auto findings = verify("b", files);
    CHECK_FALSE(findings.empty());
    for (const Finding& each : findings) CHECK(each.problem.find("belong to no") != std::string::npos);
  }
}

TEST_CASE("merged with others, over another checkpoint or not, bundles still say which bytes others share") {
  cairn::testing::MemoryFileSystem files;
  std::vector<Vector> list(6);
  Layers state;
  CheckpointIn checkpoint(files, "list"_a = list, "state"_a = state);
  const std::map<std::string, std::vector<std::size_t>> changed{{"a", {}}, {"b", {0, 1, 3}}, {"c", {1, 4}}};
  for (const auto& [name, numbers] : changed) {
    for (const std::size_t i : numbers) list[i](0) += 1;
    checkpoint.write(name, incremental);
  }
  CHECK(data_files_of(files, "c") == 3);
  const auto write_other = [&](const std::string& prefix) {
    bundle::Writer writer(prefix, {}, files);
    writer.add("number", number_view());
    writer.finish();
  };
  write_other("old");
  SUBCASE("the first of them") {
    write_other("other");
    bundle::merge(Names{"c", "other"}, "merged", {}, files);
  }
  SUBCASE("the last of them") {
    write_other("other");
    bundle::merge(Names{"other", "c"}, "merged", {}, files);
  }
  SUBCASE("over a checkpoint of as many data files") {
    bundle::Writer writer("merged", {}, files);
    for (std::size_t i = 0; i <= data_files_of(files, "c"); ++i) {
      writer.add(std::to_string(i), number_view());
      writer.begin_shard();
    }
    writer.finish();
    write_other("other");
    bundle::merge(Names{"other", "c"}, "merged", {}, files);
    CHECK_FALSE(files.exists(bundle::data_path("merged", 0, bundle::Reader("merged", files).num_shards())));
  }
  for (const Finding& finding : verify("merged", files)) FAIL_CHECK(finding.problem);
  CHECK_FALSE(bundle::read_index(files, "merged.index").unused_bytes.empty());
  std::vector<Vector> restored(6);
  Layers layers;
  CheckpointIn(files, "list"_a = restored, "state"_a = layers).read("merged").expect_partial();
  CHECK(equal(layers, state));
  for (std::size_t i = 0; i < list.size(); ++i) CHECK(restored[i](0) == list[i](0));
}

TEST_CASE("what a list of unused bytes says of data files that are not used is not taken over by a merge") {
  cairn::testing::MemoryFileSystem files;
  bundle::Writer writer("a", {}, files);
  writer.add("number", number_view());
  writer.finish();
  bundle::Index index = bundle::read_index(files, "a.index");
  index.unused_bytes = std::string("\x07\x01\x02\x00\x03\x04\xff", 7);  // another shard; the one there is; no number
  files.remove("a.index");
  write_file(files, "a.index", bundle::encode_index(index));
  bundle::merge(Names{"a"}, "b", {}, files);
  CHECK(bundle::read_index(files, "b.index").unused_bytes == std::string("\x00\x03\x04", 3));
}
