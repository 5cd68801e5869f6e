// What a restore will do, ready to be done: which key goes where, and which containers change.
//
// check() reads and verifies everything that can be without touching the user's values; commit() puts the values in
// place. Between the two nothing is left that could go wrong but the disk itself.
#pragma once

#include "../core/error.hpp"
#include "object.hpp"
#include "tensor_source.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::detail {

class RestorePlan {
 public:
  // Up to this many bytes are read into a buffer by check() and copied by commit(). Beyond, a second copy of the state
  // would cost too much memory: check() verifies the checksums, commit() reads again, straight into place.
  static constexpr std::size_t max_staged_bytes = std::size_t{8} << 20;

  // `key` must outlive the plan.
  void add(const std::string& key, std::unique_ptr<Landing> landing) { leaves_.push_back({&key, std::move(landing)}); }
  void add(std::unique_ptr<Change> change) { changes_.push_back(std::move(change)); }

  // Throws what reading throws; nothing of the user's has changed then.
  void check(const TensorSource& source) {
    std::size_t in_place_bytes = 0;
    for (Leaf& leaf : leaves_) {
      Landing& landing = *leaf.landing;
      if (landing.in_place()) {
        in_place_bytes += landing.bytes().size();
        continue;
      }
      const auto saved = source.find(*leaf.key);
      if (saved && saved->dtype == DT_STRING) {
        const auto strings = landing.strings();
        auto values = source.read_strings(*leaf.key);
        if (values.size() != strings.size())
          throw Error(ErrorCode::data_loss, "the string tensor " + *leaf.key + " in " + source.name() + " has " +
                                                std::to_string(values.size()) + " strings where its shape says " +
                                                std::to_string(strings.size()))
              .in_file(source.name())
              .at_key(*leaf.key);
        std::move(values.begin(), values.end(), strings.begin());
      } else {
        source.read(*leaf.key, landing.bytes());
      }
      landing.prepare();
    }
    if (in_place_bytes <= max_staged_bytes) {
      staged_ = std::make_unique_for_overwrite<std::byte[]>(in_place_bytes);
      for_each_in_place([&](Leaf& leaf, std::byte* staged) {
        source.read(*leaf.key, {staged, leaf.landing->bytes().size()});
      });
    } else {
      for_each_in_place([&](Leaf& leaf, std::byte*) { source.verify(*leaf.key); });
    }
  }

  // After check(). Throws only when more than max_staged_bytes are restored and the disk fails, or somebody overwrites
  // the file, between check() and now; the user's values are mixed then, and the Error says so.
  void commit(const TensorSource& source) {
    for_each_in_place([&](Leaf& leaf, const std::byte* staged) {
      const auto bytes = leaf.landing->bytes();
      if (staged_ != nullptr) {
        if (!bytes.empty()) std::memcpy(bytes.data(), staged, bytes.size());
      } else {
        read_again(source, *leaf.key, bytes);
      }
    });
    for (Leaf& leaf : leaves_) leaf.landing->commit();
    // A change inside a new element must come before the change that moves the element.
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) (*change)->commit();
    leaves_.clear();
    changes_.clear();
    staged_.reset();
  }

 private:
  struct Leaf {
    const std::string* key;
    std::unique_ptr<Landing> landing;
  };

  template <class F>
  void for_each_in_place(F&& f) {
    std::byte* staged = staged_.get();
    for (Leaf& leaf : leaves_) {
      if (!leaf.landing->in_place()) continue;
      f(leaf, staged);
      if (staged != nullptr) staged += leaf.landing->bytes().size();
    }
  }

  static void read_again(const TensorSource& source, const std::string& key, std::span<std::byte> bytes) {
    try {
      source.read(key, bytes);
    } catch (const Error& error) {
      throw Error(ErrorCode::data_loss,
                  "restoring " + key + " from " + source.name() +
                      " failed after all checksums had been found good, so values restored before "
                      "it are new and those after it are old; restore again, or another "
                      "checkpoint (" +
                      error.what() + ")")
          .in_file(source.name())
          .at_key(key);
    }
  }

  std::vector<Leaf> leaves_;
  std::vector<std::unique_ptr<Change>> changes_;
  std::unique_ptr<std::byte[]> staged_;
};

}  // namespace cairn::detail
