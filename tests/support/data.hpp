// Checkpoints that are too many or too large for the repository, and the one way to say that a test did not run.
//
//   const auto data = cairn::test::data_directory();
//   if (!data) return cairn::test::skip("CAIRN_TEST_DATA names no folder");
//
// A skip is counted and its reason printed (main.cpp). Where everything has to be present - CI or CAIRN_REQUIRE_DATA
// is set - it is a failure.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace cairn::test {

// The folder that the environment variable CAIRN_TEST_DATA names; nothing when it is unset or names no folder.
// It holds checkpoints/<name>/ and real/<name>/, each with an expected.json.
[[nodiscard]] inline std::optional<std::filesystem::path> data_directory() {
  const char* const value = std::getenv("CAIRN_TEST_DATA");
  if (value == nullptr) return std::nullopt;
  std::error_code ignored;
  if (!std::filesystem::is_directory(value, ignored)) return std::nullopt;
  return std::filesystem::path(value);
}

// The prefixes of all checkpoints in the folder and those below it, sorted.
[[nodiscard]] inline std::vector<std::string> prefixes_below(const std::filesystem::path& folder) {
  std::vector<std::string> prefixes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    const std::u8string text = file.path().generic_u8string();
    const std::string path(text.begin(), text.end());
    constexpr bool is_windows = std::filesystem::path::preferred_separator == '\\';
    if (is_windows && path.find('"') != std::string::npos) continue;  // which no file of Windows has in its name
    if (path.ends_with(".index")) prefixes.push_back(path.substr(0, path.size() - 6));
  }
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

// True where nothing may be missing: CAIRN_REQUIRE_DATA or CI is set, and not to nothing, "0" or "false".
[[nodiscard]] inline bool skipping_is_failure() {
  for (const char* const name : {"CAIRN_REQUIRE_DATA", "CI"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr) continue;
    const std::string_view text(value);
    if (!text.empty() && text != "0" && text != "false") return true;
  }
  return false;
}

// Why the running test case was skipped; empty when it was not. main.cpp clears it before each one.
inline std::string& skip_reason() {
  static std::string reason;
  return reason;
}

// Says that the running test case cannot do its work here, and why. Return right after it.
inline void skip(std::string_view reason) {
  if (skipping_is_failure()) {
    FAIL_CHECK("skipped where nothing may be skipped: " << std::string(reason));
  } else {
    skip_reason() = reason;
  }
}

}  // namespace cairn::test
