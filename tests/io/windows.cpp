// What is Windows' own: names, what is open, and the lock.
#include <cairn/io/native.hpp>

#include <doctest/doctest.h>

#include "io/files.hpp"
#include "support/data.hpp"
#include "support/scratch.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io = cairn::io;
using cairn::ErrorCode;
using cairn::test::code_of;
using cairn::test::read_file;
using cairn::test::sentence_of;
using cairn::test::write_file;

TEST_CASE("a path of Windows is taken with either slash, from the root of a drive, and longer than 260 letters") {
  CHECK(io::parent_directory("run\\ckpt-1") == "run");
  CHECK(io::file_name("C:\\run\\ckpt-1") == "ckpt-1");
  CHECK(io::parent_directory("C:/ckpt-1") == "C:/");
  CHECK(io::join_path("run", "C:/ckpt-1") == "C:/ckpt-1");
  CHECK(io::normal_path("C:/run/../ckpt-1") == "C:/ckpt-1");
  CHECK(io::relative_path("C:/run/a", "C:\\run/b") == std::nullopt);
  CHECK(io::relative_path("C:/run/a", "C:/run/b") == "../a");

  const cairn::test::ScratchDirectory scratch;
  const std::string folder = scratch.path();
  io::windows().create_directories(folder + "/a\\b");
  write_file(io::windows(), folder + "\\a/b\\c", "content");
  CHECK(read_file(io::windows(), folder + "/a/b/c") == "content");
  CHECK(std::filesystem::file_size(scratch.path() / "a" / "b" / "c") == 7);

  std::string deep = folder;
  for (int i = 0; i < 8; ++i) deep += "/" + std::string(60, static_cast<char>('a' + i));
  io::windows().create_directories(deep);
  write_file(io::windows(), deep + "/x", "far down");
  io::windows().rename(deep + "/x", deep + "/y");
  CHECK(read_file(io::windows(), deep + "/y") == "far down");
  CHECK(io::windows().list_directory(deep) == std::vector<std::string>{"y"});
}

TEST_CASE("names that are not ASCII are UTF-8") {
  const cairn::test::ScratchDirectory scratch;
  const std::string folder = scratch.path(), name = "gewicht-\xc3\xa4\xe2\x82\xac\xf0\x9f\x99\x82";
  write_file(io::windows(), folder + "/" + name, "1");
  CHECK(io::windows().list_directory(folder) == std::vector<std::string>{name});
  CHECK(std::filesystem::exists(scratch.path() / std::filesystem::path(L"gewicht-\u00e4\u20ac\U0001f642")));
  CHECK(code_of([&] { static_cast<void>(io::windows().create(folder + "/\xff")); }) == ErrorCode::invalid_argument);
}

TEST_CASE("a name that Windows keeps for a device, changes or does not allow is refused with the reason") {
  const cairn::test::ScratchDirectory scratch;
  const std::string folder = scratch.path();
  const auto refusal = [&](const std::string& name) {
    return sentence_of([&] { static_cast<void>(io::windows().create(folder + "/" + name)); });
  };
  for (const std::string name : {"CON", "nul", "com1", "LPT9.index", "aux .data", "conin$"})
    CHECK(refusal(name).find("which stands for a device on Windows; choose another name") != std::string::npos);
  for (const std::string name : {"a:b", "what?", "a*", "<a>", "a|b", "\"a\""})
    CHECK(refusal(name).find("and Windows allows no '") != std::string::npos);
  for (const std::string name : {"a.", "a ", "...", "b/c./d"})
    CHECK(refusal(name).find("leave out the dot or space at the end") != std::string::npos);
  CHECK(refusal(std::string(256, 'n')).find("longer than the 255 letters that Windows allows") != std::string::npos);
  CHECK(code_of([&] { static_cast<void>(io::windows().create(folder + "/a:b")); }) == ErrorCode::invalid_argument);
  CHECK_FALSE(io::windows().exists(folder + "/CON"));
  CHECK(io::windows().list_directory(folder).empty());
  for (const std::string name : {"console", "com10", "null", "a.b", ".a", "lpt"})
    write_file(io::windows(), folder + "/" + name, "");
  write_file(io::windows(), folder + "/" + std::string(255, 'n'), "");
  CHECK(io::windows().list_directory(folder).size() == 7);
}

// Wine 8 renames over and removes files as Windows did before its version 10: not while others have them open.
bool is_wine() { return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr; }

TEST_CASE("a file that is open for reading is renamed over and removed, and its reader reads on") {
  const cairn::test::ScratchDirectory scratch;
  const std::string folder = scratch.path();
  write_file(io::windows(), folder + "/old", "old");
  write_file(io::windows(), folder + "/new", "new");
  auto reader = io::windows().open(folder + "/old");
  std::byte first[3] = {};
  if (is_wine()) {
    CHECK(code_of([&] { io::windows().rename(folder + "/new", folder + "/old"); }) == ErrorCode::permission_denied);
    CHECK(read_file(io::windows(), folder + "/new") == "new");
    io::windows().remove(folder + "/old");
    reader->read(0, first);
    CHECK(std::string_view(reinterpret_cast<const char*>(first), 3) == "old");
    reader.reset();
    CHECK_FALSE(io::windows().exists(folder + "/old"));
    return;
  }
  io::windows().rename(folder + "/new", folder + "/old");
  reader->read(0, first);
  CHECK(std::string_view(reinterpret_cast<const char*>(first), 3) == "old");
  CHECK(read_file(io::windows(), folder + "/old") == "new");
  const auto other = io::windows().open(folder + "/old");
  io::windows().remove(folder + "/old");
  CHECK_FALSE(io::windows().exists(folder + "/old"));
  other->read(0, first);
  CHECK(std::string_view(reinterpret_cast<const char*>(first), 3) == "new");
}

TEST_CASE("each refusal of Windows has the code of its kind") {
  const cairn::test::ScratchDirectory scratch;
  const std::string folder = scratch.path();
  io::FileSystem& files = io::windows();
  write_file(files, folder + "/file", "text");
  files.create_directory(folder + "/folder");
  CHECK(code_of([&] { static_cast<void>(files.open(folder + "/none")); }) == ErrorCode::not_found);
  CHECK(code_of([&] { static_cast<void>(files.open(folder + "/none/file")); }) == ErrorCode::not_found);
  CHECK(code_of([&] { static_cast<void>(files.open(folder + "/file/file")); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { static_cast<void>(files.open(folder + "/folder")); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { static_cast<void>(files.create(folder + "/file")); }) == ErrorCode::already_exists);
  CHECK(code_of([&] { static_cast<void>(files.create(folder + "/none/file")); }) == ErrorCode::not_found);
  CHECK(code_of([&] { files.rename(folder + "/none", folder + "/file"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { files.remove(folder + "/none"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { files.remove(folder + "/folder"); }) == ErrorCode::failed_precondition);
  CHECK(code_of([&] { static_cast<void>(files.list_directory(folder + "/none")); }) == ErrorCode::not_found);
  CHECK(code_of([&] { files.sync_directory(folder + "/none"); }) == ErrorCode::not_found);
  CHECK(code_of([&] { files.create_directory(folder + "/file"); }) == ErrorCode::failed_precondition);
  CHECK_FALSE(files.create_directory(folder + "/folder"));
  CHECK(code_of([&] { static_cast<void>(files.link(folder + "/none", folder + "/second")); }) == ErrorCode::not_found);
  CHECK(files.link(folder + "/file", folder + "/second"));
  CHECK(files.open(folder + "/file")->version() == files.open(folder + "/second")->version());
  std::byte more[8];
  CHECK(code_of([&] { files.open(folder + "/file")->read(0, more); }) == ErrorCode::data_loss);
  CHECK(code_of([&] { static_cast<void>(files.open("NUL")); }) == ErrorCode::invalid_argument);
  files.sync_directory(folder);
}

TEST_CASE("a lock has one owner, whose name everybody can read, and ends with it") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "lock";
  {
    const auto lock = io::windows().lock(path, "process 1\n");
    CHECK(lock->is_in_place());
    CHECK(read_file(io::windows(), path) == "process 1\n");
    CHECK(sentence_of([&] {
            static_cast<void>(io::windows().lock(path, "process 2\n"));
          }).find("is held by process 1") != std::string::npos);
    io::windows().remove(path);
    if (is_wine()) return;
    CHECK_FALSE(lock->is_in_place());
    const auto anew = io::windows().lock(path, "process 3\n");
    CHECK(anew->is_in_place());
    CHECK_FALSE(lock->is_in_place());
  }
  CHECK(io::windows().lock(path, "4")->is_in_place());
  CHECK(read_file(io::windows(), path) == "4");
}

TEST_CASE("a mapped file is read through its pages") {
  const cairn::test::ScratchDirectory scratch;
  const std::string path = scratch.path() / "mapped";
  write_file(io::windows(), path, "bytes");
  const io::Mapping mapping = io::windows().open(path)->map();
  CHECK(std::string_view(reinterpret_cast<const char*>(mapping.bytes.data()), mapping.bytes.size()) == "bytes");
  CHECK(mapping.owner != nullptr);
}
