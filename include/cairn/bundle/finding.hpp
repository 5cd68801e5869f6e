// Finding: one problem of a file, as data. An Error tells the first problem and ends the call; verify() returns a list
// of Findings, which tools print and managers count.
#pragma once

#include "../core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// One problem that verify() found.
struct Finding {
  // The path of the file that is wrong.
  std::string file;
  // The byte of the file where the problem is; nullopt where no single place is wrong.
  std::optional<std::uint64_t> offset;
  // The key of the tensor; empty where the problem is about the file as a whole.
  std::string key;
  // A sentence that stands alone, also without `file` and `key`.
  std::string problem;

  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace CAIRN_NAMESPACE

namespace CAIRN_NAMESPACE::bundle::detail {

// Collects findings. A hostile file can be wrong in millions of places: findings beyond max_bytes are only counted.
class Findings {
 public:
  static constexpr std::size_t max_bytes = std::size_t{8} << 20;

  void add(std::string file, std::optional<std::uint64_t> offset, std::string key, std::string problem) {
    bytes_ += sizeof(Finding) + file.size() + key.size() + problem.size();
    if (bytes_ > max_bytes)
      ++not_listed_;
    else
      list_.push_back({std::move(file), offset, std::move(key), std::move(problem)});
  }
  // Adds an Error that came while `key` was read; an empty key means the file itself. The file that the Error names
  // counts more than `file`. Throws the Error where it says that the work was stopped.
  void add(const Error& error, const std::string& file, std::string key = {}) {
    if (error.code() == ErrorCode::cancelled) throw error;
    if (key.empty()) key = error.key();
    add(error.file().empty() ? file : error.file(), error.offset(), std::move(key), error.what());
  }

  [[nodiscard]] std::vector<Finding> take() && {
    if (not_listed_ > 0)
      list_.push_back({list_.empty() ? std::string() : list_.back().file,
                       std::nullopt,
                       {},
                       std::to_string(not_listed_) + " more problems were found, too many to list each"});
    return std::move(list_);
  }

 private:
  std::vector<Finding> list_;
  std::size_t bytes_ = 0;
  std::size_t not_listed_ = 0;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
