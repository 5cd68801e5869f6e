// What the programs of the cases share: main and expectations.
//
// A program.cpp includes this, and defines read() for what case.py's make() saved and write() for what its check()
// restores. An expectation that fails is printed, and the program ends with status 1. Where several cases are one program
// (support/together.py), that one names them in cases_together.
#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/edit/variables.hpp>

#include "values.hpp"

#include <exception>
#include <filesystem>
#include <initializer_list>
#include <iostream>
#include <string>
#include <string_view>

#ifndef CAIRN_TEST_TOGETHER
void read(const std::filesystem::path& directory);
void write(const std::filesystem::path& directory);
[[gnu::weak]] void resume(const std::filesystem::path& directory);  // after check(), in cases that have it
#endif

namespace cairn::test {

struct Case {
  std::string_view name;
  void (*read)(const std::filesystem::path&);
  void (*write)(const std::filesystem::path&);
  void (*resume)(const std::filesystem::path&);  // or null
};

#ifdef CAIRN_TEST_TOGETHER
extern const std::initializer_list<Case> cases_together;
#endif

inline int failures = 0;

inline bool expect(bool is_right, const char* text, int line) {
  if (!is_right) {
    ++failures;
    std::cout << "line " << line << ": expected " << text << '\n';
  }
  return is_right;
}

// The expression throws an Error whose text contains `part`.
template <class Function>
void expect_throws(Function&& function, ErrorCode code, std::string_view part, const char* text, int line) {
  try {
    function();
  } catch (const Error& error) {
    if (!expect(error.code() == code && std::string_view(error.what()).find(part) != std::string_view::npos, text,
                line))
      std::cout << "  but it says: " << error.what() << '\n';
    return;
  }
  expect(false, text, line);
}

}  // namespace cairn::test

#define CAIRN_EXPECT(...) cairn::test::expect(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __LINE__)
#define CAIRN_EXPECT_THROWS(code, part, ...) \
  cairn::test::expect_throws([&] { __VA_ARGS__; }, code, part, #__VA_ARGS__ " throws " part, __LINE__)

using cairn::test::fill;
using cairn::test::is_filled;

int main(int argc, char** argv) {
  const std::string_view name = argc == 4 ? argv[1] : "", verb = argc == 4 ? argv[2] : "";
#ifdef CAIRN_TEST_TOGETHER
  const std::initializer_list<cairn::test::Case>& cases = cairn::test::cases_together;
#else
  const std::initializer_list<cairn::test::Case> cases = {{name, read, write, resume}};
#endif
  void (*run)(const std::filesystem::path&) = nullptr;
  for (const cairn::test::Case& one : cases) {
    if (one.name == name) run = verb == "read" ? one.read : verb == "write" ? one.write : one.resume;
  }
  if (run == nullptr || (verb != "read" && verb != "write" && verb != "resume")) {
    std::cout << "usage: " << argv[0] << " CASE read|write|resume DIRECTORY\n";
    return 2;
  }
  try {
    run(argv[3]);
  } catch (const std::exception& error) {
    std::cout << error.what() << '\n';
    return 1;
  }
  return cairn::test::failures == 0 ? 0 : 1;
}
