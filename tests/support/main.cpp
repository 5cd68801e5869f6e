// The main function of every unit test program, and its book-keeping.
//
// When the environment variable CAIRN_TEST_COUNTS names a file, each test case adds one line to it:
//   passed|failed|skipped <tab> program: name of the test case [<tab> reason of the skip]
// tests/run.sh sums these lines; whatever else runs tests (compile_fail, headers, interop) adds its own.
// A program that dies within a test case leaves a line "started", which no other line answers: a failure.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "data.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>

namespace {

class Counts final : public doctest::IReporter {
 public:
  explicit Counts(const doctest::ContextOptions& options)
      : out_(*options.cout), program_(std::filesystem::path(options.binary_name.c_str()).filename().string()) {
    if (const char* const path = std::getenv("CAIRN_TEST_COUNTS")) path_ = path;
  }

  void test_case_start(const doctest::TestCaseData& test) override {
    name_ = program_ + ": " + test.m_name;
    failed_ = false;
    cairn::test::skip_reason().clear();
    record("started", "");
  }
  void test_case_reenter(const doctest::TestCaseData& /*test*/) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& stats) override {
    const std::string& reason = cairn::test::skip_reason();
    if (failed_ || !stats.testCaseSuccess) {
      record("failed", "");
    } else if (!reason.empty()) {
      out_ << "skipped: " << name_ << "\n         " << reason << "\n";
      record("skipped", reason);
    } else {
      record("passed", "");
    }
  }
  void test_case_exception(const doctest::TestCaseException& /*exception*/) override { failed_ = true; }

  void report_query(const doctest::QueryData& /*query*/) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& /*stats*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*subcase*/) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData& /*assertion*/) override {}
  void log_message(const doctest::MessageData& /*message*/) override {}
  void test_case_skipped(const doctest::TestCaseData& /*test*/) override {}

 private:
  // One write per line, opened anew each time: several programs add to the same file at once.
  void record(std::string_view what, std::string_view reason) const {
    if (path_.empty()) return;
    std::string line = std::string(what) + '\t' + name_;
    if (!reason.empty()) line += '\t' + std::string(reason);
    line += '\n';
    if (std::FILE* const file = std::fopen(path_.c_str(), "a")) {
      std::fwrite(line.data(), 1, line.size(), file);
      std::fclose(file);
    }
  }

  std::ostream& out_;
  std::string program_;
  std::string path_;
  std::string name_;
  bool failed_ = false;
};

}  // namespace

REGISTER_LISTENER("counts", 1, Counts);
