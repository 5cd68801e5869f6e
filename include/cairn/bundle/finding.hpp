// What is wrong with a file, as data: an Error tells the first problem and ends the call, findings are a list.
//
//   verify.hpp makes them; tools and managers print or count them.
#pragma once

#include "../core/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn {

struct Finding {
  std::string file;
  std::optional<std::uint64_t> offset;  // in the file; nullopt where no single place is wrong
  std::string key;                      // of the tensor; empty where it is about the file as a whole
  std::string problem;                  // a sentence that stands alone

  friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace cairn

namespace cairn::detail {

// Collects findings. A hostile file can be wrong in millions of places: what is beyond max_bytes is only counted.
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
  // An Error of reading `key` (empty: the file itself); the error's own file counts more than `file`.
  void add(const Error& error, const std::string& file, std::string key = {}) {
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

}  // namespace cairn::detail
