// How ranks stay together: they agree that all make the same call, and on whether a step has failed on any of them.
//
//   begin_call(channel, "save to \"run/ckpt\"");     all ranks make this call, or each of them throws
//   together(channel, [&] { write(); });             nobody goes on unless all have written
//
// Every path between two of these leads to the next one, also when something throws: no rank waits for one that has left.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/detail/keyed_hash.hpp"
#include "../../format/varint.hpp"
#include "channel.hpp"
#include "message.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

using Hash = format::detail::KeyedHash::Value;

// The keys are the same in all processes: what is compared differs by accident.
[[nodiscard]] inline const format::detail::KeyedHash& hash_keys() {
  static const format::detail::KeyedHash keys = [] {
    format::detail::KeyedHash made;
    std::uint64_t state = 0;
    const auto next = [&] {  // splitmix64
      std::uint64_t z = state += 0x9e3779b97f4a7c15u;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      return z ^ (z >> 31);
    };
    for (std::uint64_t& word : made.words) word = next();
    for (std::size_t i = 0; i < 2; ++i) made.block_points[i] = next(), made.piece_points[i] = next();
    return made;
  }();
  return keys;
}
[[nodiscard]] inline Hash joined(Hash front, std::span<const std::byte> bytes) {
  const format::detail::KeyedHash& keys = hash_keys();
  front = keys.join(front, {bytes.size() & 0xffffffffu, static_cast<std::uint64_t>(bytes.size()) >> 32});
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), keys.piece_bytes)))
    front = keys.join(front, keys.hash_piece(bytes.first(std::min(bytes.size(), keys.piece_bytes))));
  return front;
}
[[nodiscard]] inline Hash hash_of(std::string_view text) { return joined({}, format::as_bytes(text)); }

// Returns true when the hash is the same on every rank.
[[nodiscard]] inline bool is_same_everywhere(Channel& channel, const Hash& hash) {
  std::uint64_t numbers[] = {hash[0], ~hash[0], hash[1], ~hash[1]};
  channel.least(numbers);
  return numbers[0] == ~numbers[1] && numbers[2] == ~numbers[3];
}

// "rank 3", "ranks 1 and 3", "ranks 1, 2, 3 and 5 others"
[[nodiscard]] inline std::string names_of(std::span<const std::size_t> ranks) {
  constexpr std::size_t most = 6;
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (std::size_t i = 0; i < ranks.size() && i < most; ++i) {
    if (i > 0) text += i + 1 == ranks.size() ? " and " : ", ";
    text += std::to_string(ranks[i]);
  }
  if (ranks.size() > most) text += " and " + std::to_string(ranks.size() - most) + " others";
  return text;
}

// Neighbouring ranks.
struct RankRange {
  std::size_t first = 0, last = 0;

  // "rank 3", "ranks 3 to 5"
  [[nodiscard]] std::string names() const {
    if (first == last) return "rank " + std::to_string(first);
    return "ranks " + std::to_string(first) + " to " + std::to_string(last);
  }
};

// The exception of a rank, in a form that can be sent.
struct Failure {
  ErrorCode code = ErrorCode::internal;
  std::string sentence = {}, file = {}, key = {};

  // Calls work(); nullopt when it returns.
  [[nodiscard]] static std::optional<Failure> of(core::detail::FunctionRef<void()> work) {
    try {
      work();
      return std::nullopt;
    } catch (const Error& error) {
      return Failure{error.code(), error.what(), error.file(), error.key()};
    } catch (const std::bad_alloc&) {
      return Failure{ErrorCode::resource_exhausted, "there is not enough memory"};
    } catch (const std::exception& error) {
      return Failure{ErrorCode::failed_precondition, std::string("an exception of the program's: ") + error.what()};
    } catch (...) {
      return Failure{ErrorCode::failed_precondition, "an exception of the program's that is no std::exception"};
    }
  }
  [[nodiscard]] std::string encode() const {
    std::string message;
    format::append_varint(message, static_cast<std::uint64_t>(code));
    for (const std::string* const text : {&sentence, &file, &key}) put(message, std::string_view(*text));
    return message;
  }
  [[nodiscard]] static Failure decode(std::string_view bytes) {
    format::ByteReader message(bytes, "a message of a rank");
    Failure failure{static_cast<ErrorCode>(message.read_varint64())};
    for (std::string* const text : {&failure.sentence, &failure.file, &failure.key}) *text = take_text(message);
    return failure;
  }
  [[noreturn]] void raise() const { throw Error(code, sentence).in_file(file).at_key(key); }

  friend bool operator==(const Failure&, const Failure&) = default;
};

// Of messages of the ranks, of which those are empty that did not fail: the failure of the first that did, with its
// number, and the numbers of the others.
[[nodiscard]] inline Failure first_of(const std::vector<std::string>& messages) {
  core::detail::Vec<std::size_t> failed;
  for (std::size_t rank = 0; rank < messages.size(); ++rank)
    if (!messages[rank].empty()) failed.push_back(rank);
  Failure failure = Failure::decode(messages[failed[0]]);
  bool is_everywhere = failed.size() == messages.size();
  for (const std::string& each : messages) is_everywhere = is_everywhere && each == messages[0];
  if (is_everywhere) return failure;
  failure.sentence = "rank " + std::to_string(failed[0]) + " of " + std::to_string(messages.size()) +
                     " failed, and with it the call of all: " + failure.sentence;
  if (failed.size() > 1)
    failure.sentence += "; " + names_of(std::span(failed.data() + 1, failed.size() - 1)) + " failed as well";
  return failure;
}

// Returns when no rank has failed. Otherwise throws on every rank: the Error of the first that has, with its number.
inline void agree(Channel& channel, const std::optional<Failure>& failure) {
  if (channel.least(failure ? 0 : 1) == 1) return;
  const std::vector<std::string> messages = channel.gather(failure ? failure->encode() : std::string());
  std::string message;
  if (channel.rank() == 0) message = first_of(messages).encode();
  channel.broadcast(message);
  Failure::decode(message).raise();
}
// Calls work() on every rank, and returns when it has returned on all.
inline void together(Channel& channel, core::detail::FunctionRef<void()> work) { agree(channel, Failure::of(work)); }

// Calls work() on rank 0, and returns its result on every rank. Throws on all what it throws.
[[nodiscard]] inline std::string from_first(Channel& channel, core::detail::FunctionRef<std::string()> work) {
  std::string message;
  together(channel, [&] {
    if (channel.rank() == 0) message = work();
  });
  channel.broadcast(message);
  return message;
}

// Throws Error (invalid_argument) on every rank unless all make this call, in these words.
inline void begin_call(Channel& channel, const std::string& call) {
  if (is_same_everywhere(channel, hash_of(call))) return;
  const std::vector<std::string> calls = channel.gather(call);
  std::string sentence;
  if (channel.rank() == 0) {
    sentence = "the ranks do not make the same call, which all of them must. Rank 0: " + calls[0];
    core::detail::Vec<bool> is_told(calls.size());
    is_told[0] = true;
    for (std::size_t rank = 1; rank < calls.size(); ++rank) {
      if (is_told[rank] || calls[rank] == calls[0]) continue;
      core::detail::Vec<std::size_t> alike;
      for (std::size_t other = rank; other < calls.size(); ++other)
        if (calls[other] == calls[rank]) alike.push_back(other), is_told[other] = true;
      sentence += "; " + names_of(std::span(alike.data(), alike.size())) + ": " + calls[rank];
    }
    sentence += ". Nothing was done on any rank";
  }
  channel.broadcast(sentence);
  throw Error(ErrorCode::invalid_argument, sentence);
}

}  // namespace CAIRN_NAMESPACE::mpi::detail
