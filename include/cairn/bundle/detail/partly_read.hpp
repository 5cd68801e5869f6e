// Entries of which a restore has read some bytes only, as the rows that a rank of many holds.
//
// A checksum covers all bytes of an entry, the tensor's or a part's, and a rank that restores some of them cannot check
// it alone. But checksums add up: each piece of an entry gives a number, from its bytes and from how many bytes follow,
// and the checksum of the whole entry is the sum (xor) of the numbers of all its pieces, whoever has read them.
//
//   entry   | rows 0 to 4 | rows 5 to 9 |          crc(entry) = sum of rank 0 ^ sum of rank 1
//             rank 0        rank 1
#pragma once

#include "../entry.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// What was read of one entry.
struct PartlyRead {
  std::string_view key;        // of the tensor
  const bundle::Entry* entry;  // of the reader's index; the shard and the offset are those of no other entry
  std::uint64_t bytes = 0;     // so many of the entry's
  std::uint32_t crc = 0;       // their sum: of all the entry's bytes, its checksum (not masked)

  [[nodiscard]] bool is_all() const noexcept { return bytes == entry->size; }
};

// As long as one lives, restores of its thread leave the checksums of such entries to it. Without one, they read the rest
// of the entry as well. They may be nested: the last one counts.
class LaterChecks {
 public:
  using Take = void (*)(LaterChecks& checks, const PartlyRead& read);

  explicit LaterChecks(Take how) : take(how), before_(std::exchange(present(), this)) {}
  LaterChecks(const LaterChecks&) = delete;
  LaterChecks& operator=(const LaterChecks&) = delete;
  ~LaterChecks() { present() = before_; }

  // Null when there is none.
  [[nodiscard]] static LaterChecks*& present() noexcept {
    static thread_local LaterChecks* checks = nullptr;
    return checks;
  }
  const Take take;  // a pointer, so that programs of one process have no list

 private:
  LaterChecks* before_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
