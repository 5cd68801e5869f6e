// What ranks say to each other: byte strings of any length, on a communicator of cairn's own.
//
//   user's communicator --attribute--> Channel { a duplicate of it }
//
// There is one Channel for each communicator of the user's, however many Checkpoints use it. Calls of two different
// Checkpoints therefore meet, and are told apart by what they say (agreement.hpp); with a duplicate for each, ranks that
// disagree about the Checkpoint would wait for each other for ever. The duplicate lives as long as the user's
// communicator, so that nothing collective has to be done when a Checkpoint ends.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../communicator.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mpi.h>

namespace CAIRN_NAMESPACE::mpi::detail {

// One thread at a time. All members but rank(), size() and next_number() are collective. Where MPI itself fails, they
// throw Error (unavailable), of which the other ranks learn only what MPI tells them.
class Channel {
 public:
  // Collective when it is called for the first time with this communicator.
  [[nodiscard]] static Channel& of(const Communicator& comm) {
    const int key = attribute_key();
    Channel* known = nullptr;
    int is_there = 0;
    require(MPI_Comm_get_attr(comm.handle(), key, static_cast<void*>(&known), &is_there));
    if (is_there != 0) return *known;
    auto* const made = new Channel(comm);
    require(MPI_Comm_set_attr(comm.handle(), key, made));
    return *made;
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] int rank() const noexcept { return rank_; }
  [[nodiscard]] int size() const noexcept { return size_; }
  // 1, 2, ...: the same on every rank where all make the same objects in the same order.
  [[nodiscard]] std::uint64_t next_number() noexcept { return ++last_number_; }

  // Replaces each number by the least that a rank has there.
  void least(std::span<std::uint64_t> numbers) {
    require(
        MPI_Allreduce(MPI_IN_PLACE, numbers.data(), static_cast<int>(numbers.size()), MPI_UINT64_T, MPI_MIN, comm_));
  }
  [[nodiscard]] std::uint64_t least(std::uint64_t number) {
    least({&number, 1});
    return number;
  }

  // Gives every rank the bytes of rank 0. Throws Error (resource_exhausted) on all ranks when one has not the memory.
  void broadcast(std::string& bytes) {
    std::uint64_t size = bytes.size();
    require(MPI_Bcast(&size, 1, MPI_UINT64_T, 0, comm_));
    bool has_memory = true;
    try {
      bytes.resize(static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
      has_memory = false;
    }
    if (size > small_bytes || !has_memory) require_memory(has_memory, size);
    for (std::uint64_t at = 0; at < size; at += piece_bytes)
      require(MPI_Bcast(bytes.data() + at, piece_at(at, size), MPI_BYTE, 0, comm_));
  }

  // Returns on rank 0 the bytes of every rank, in the order of the ranks; on the others nothing. Throws Error
  // (resource_exhausted) on all ranks when rank 0 has not the memory.
  [[nodiscard]] std::vector<std::string> gather(std::string_view bytes) {
    const std::span<const std::byte> piece = std::as_bytes(std::span(bytes.data(), bytes.size()));
    return gather({&piece, 1}, 0, size_);
  }
  // Returns on the first rank of each group the bytes of the ranks of that group, in their order; on the others nothing.
  // The group of this rank has the ranks from `first` up to `end`. The bytes of a rank are pieces, one behind the other.
  // Throws Error (resource_exhausted) on all ranks when the first rank of a group has not the memory.
  [[nodiscard]] std::vector<std::string> gather(std::span<const std::span<const std::byte>> pieces, int first,
                                                int end) {
    std::uint64_t size = 0;
    for (const std::span<const std::byte> each : pieces) size += each.size();
    std::vector<std::string> gathered;
    std::uint64_t all = 0;
    bool has_memory = true;
    if (rank_ == first) {
      core::detail::Vec<std::uint64_t> sizes(static_cast<std::size_t>(end - first), size);
      for (std::size_t from = 1; from < sizes.size(); ++from)
        require(MPI_Recv(&sizes[from], 1, MPI_UINT64_T, first + static_cast<int>(from), size_tag, comm_,
                         MPI_STATUS_IGNORE));
      for (const std::uint64_t each : sizes) all += each;
      try {
        gathered.resize(sizes.size());
        for (std::size_t i = 0; i < sizes.size(); ++i) gathered[i].resize(static_cast<std::size_t>(sizes[i]));
      } catch (const std::exception&) {  // std::length_error, too
        has_memory = false;
      }
    } else {
      require(MPI_Send(&size, 1, MPI_UINT64_T, first, size_tag, comm_));
    }
    require_memory(has_memory, all);
    if (rank_ == first) {
      char* own = gathered[0].data();
      for (const std::span<const std::byte> each : pieces)
        if (!each.empty()) own = static_cast<char*>(std::memcpy(own, each.data(), each.size())) + each.size();
      for (std::size_t from = 1; from < gathered.size(); ++from)
        receive(gathered[from], first + static_cast<int>(from));
    } else {
      for (const std::span<const std::byte> each : pieces)
        for (std::uint64_t at = 0; at < each.size(); at += piece_bytes)
          require(MPI_Send(each.data() + at, piece_at(at, each.size()), MPI_BYTE, first, tag, comm_));
    }
    return gathered;
  }

 private:
  static constexpr int tag = 1, size_tag = 2;
  // MPI counts in int. In smaller messages nothing is sent in pieces.
  static constexpr std::uint64_t piece_bytes = std::uint64_t{1} << 30;
  // What a rank has the memory for, or nothing can be done anyway.
  static constexpr std::uint64_t small_bytes = std::uint64_t{1} << 20;

  explicit Channel(const Communicator& comm) : rank_(comm.rank()), size_(comm.size()) {
    require(MPI_Comm_dup(comm.handle(), &comm_));
    require(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN));
    int order = 0;
    MPI_Comm_compare(comm.handle(), MPI_COMM_WORLD, &order);
    lives_for_ever_ = order == MPI_IDENT;
  }
  ~Channel() = default;

  [[nodiscard]] static int attribute_key() {
    static const int key = [] {
      int made = MPI_KEYVAL_INVALID;
      require(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, &Channel::end, &made, nullptr));
      return made;
    }();
    return key;
  }
  // The user frees the communicator, which is collective. MPI_COMM_WORLD goes with MPI_Finalize, where not every MPI
  // lets another communicator be freed.
  static int end(MPI_Comm, int, void* channel, void*) {
    auto* const ended = static_cast<Channel*>(channel);
    int code = MPI_SUCCESS;
    if (!ended->lives_for_ever_) code = MPI_Comm_free(&ended->comm_);
    delete ended;
    return code;
  }

  static void require(int code) {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING] = {};
    int size = 0;
    MPI_Error_string(code, text, &size);
    core::detail::fail(ErrorCode::unavailable, {"MPI failed, and with it a call that all ranks make together: ",
                                                std::string_view(text, static_cast<std::size_t>(size))});
  }
  [[nodiscard]] static int piece_at(std::uint64_t at, std::uint64_t size) {
    return static_cast<int>(std::min(piece_bytes, size - at));
  }
  // Fills the bytes, however the sender has cut them.
  void receive(std::string& bytes, int from) {
    for (std::uint64_t at = 0; at < bytes.size();) {
      MPI_Status status;
      int count = 0;
      require(MPI_Recv(bytes.data() + at, piece_at(at, bytes.size()), MPI_BYTE, from, tag, comm_, &status));
      require(MPI_Get_count(&status, MPI_BYTE, &count));
      at += static_cast<std::uint64_t>(count);
    }
  }
  void require_memory(bool has_memory, std::uint64_t size) {
    constexpr auto enough = static_cast<std::uint64_t>(-1);
    const std::uint64_t missing = least(has_memory ? enough : size);
    if (missing == enough) return;
    core::detail::fail(ErrorCode::resource_exhausted, {"a rank has not the memory for ", missing,
                                                       " bytes that other ranks send to it; nothing was changed"});
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_, size_;
  std::uint64_t last_number_ = 0;
  bool lives_for_ever_ = false;
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
