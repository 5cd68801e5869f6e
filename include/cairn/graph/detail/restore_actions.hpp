// The actions of a restore, ready to be done: which key goes where, and which containers change.
//
// check() reads and verifies everything that can be without touching the user's values; commit() puts the values in
// place. Between the two nothing is left that could go wrong but the bytes of a large state: commit() reads those, and
// undoes it when one of them is damaged.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "casting.hpp"
#include "object.hpp"
#include "savers.hpp"
#include "tensor_source.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::graph::detail {

// From the saved dtype to the program's; the two are equal where nothing is converted.
struct Conversion {
  DType from = DT_INVALID;
  DType to = DT_INVALID;
  Casting cast = {};
  explicit operator bool() const noexcept { return from != to; }
};

// A value that is planned: its key, where the source has it, and where it goes.
struct PlannedValue {
  std::string_view key;
  const void* place;
  core::detail::Own<Landing> landing;
  Conversion conversion;
};

// A buffer that is large enough takes no memory.
inline void grow(core::detail::Vec<std::byte>& buffer, std::size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

class RestoreActions {
 public:
  // Up to this many bytes are read into a buffer by check() and copied by commit(). Beyond, a second copy of the state
  // would cost too much memory: commit() reads straight into place, and keeps what it overwrites as long as there is
  // room. Memory that is zero needs none, so that a program that has just begun reads its state once; of others, what
  // is beyond the room is read twice, to be checked before anything is overwritten that could not be given back.
  static constexpr std::size_t max_staged_bytes = std::size_t{6} << 20;

  // `key` must outlive the list; `place` is where the source has found it. What is converted on its way are numbers.
  void add(std::string_view key, const void* place, core::detail::Own<Landing> landing,
           const Conversion& conversion = {}) {
    if (conversion) landing->leave_place();
    if (landing->in_place() && landing->scattered() == nullptr && !conversion)
      in_place_.push_back({key, place, landing->bytes(), landing->boxes()});  // nearly all
    else
      leaves_.push_back({key, place, std::move(landing), conversion});
  }
  // The objects that registered savers restore; null until a saver makes it for the first.
  [[nodiscard]] core::detail::Own<RestoredBySavers>& by_savers() noexcept { return by_savers_; }
  void add(core::detail::Own<Change> change) { changes_.push_back(std::move(change)); }
  // A change that gives an object a new value where it is: a saver finds the objects below its own restored.
  void add_value(core::detail::Own<Change> value) { values_.push_back(std::move(value)); }

  // No change will end an object that is needed.
  void spare(core::detail::FunctionRef<bool(const Object&)> is_needed) {
    for (const auto& change : changes_) change->spare(is_needed);
  }

  void list_moves(const Change::MoveSink& sink) const {
    for (const auto& change : changes_) change->list_moves(sink);
  }

  // Throws what reading throws; nothing of the user's has changed then.
  CAIRN_COLD void check(const TensorSource& source) {
    std::size_t in_place_bytes = 0;
    for (const TensorSource::Wanted& each : in_place_) in_place_bytes += each.out.size();
    core::detail::Vec<TensorSource::Wanted> fresh;  // what is read, as it is, into memory that is nobody's yet
    for (PlannedValue& leaf : leaves_) {
      Landing& landing = *leaf.landing;
      if (landing.in_place() || is_read_together(leaf)) continue;
      const TensorSource::Description saved = source.find(leaf.key);
      if (saved && saved.dtype == DT_STRING)
        source.read_strings(leaf.key, landing.strings());
      else if (leaf.conversion)
        read(source, leaf);
      else
        fresh.push_back({leaf.key, leaf.place, landing.bytes(), landing.boxes()});
    }
    if (!fresh.empty()) source.bulk(std::move(fresh))->read_rest();
    for (PlannedValue& leaf : leaves_) {
      Landing& landing = *leaf.landing;
      if (landing.in_place() || is_read_together(leaf)) continue;
      try {
        landing.prepare();
      } catch (const Error& error) {  // of what the elements say; the landing knows neither key nor file
        if (!error.key().empty()) throw;
        const std::string file = source.name();
        core::detail::fail(error.code(), {leaf.key, " in ", file, " cannot be restored: ", error.what()},
                           {.file = file, .key = leaf.key});
      }
    }
    read_together(source, false, false);
    for (const PlannedValue& leaf : leaves_)
      if (leaf.landing->in_place()) in_place_bytes += size_of(*leaf.landing);
    is_staged_ = in_place_bytes <= max_staged_bytes;
    if (!is_staged_) {
      for (const PlannedValue& leaf : leaves_)
        if (leaf.conversion && leaf.landing->in_place()) {
          if (leaf.landing->scattered() != nullptr) grow(converted_, size_of(*leaf.landing));
          read(source, leaf, {});  // checks it
        }
      read_together(source, true, true);
      bulk_ = source.bulk(std::exchange(in_place_, {}));
    } else {
      core::detail::Vec<TensorSource::Wanted> wanted = in_place_;
      staged_.reserve(in_place_bytes);  // memory whose bytes have no value yet
      std::byte* staged = staged_.data();
      for (TensorSource::Wanted& each : wanted)
        each.out = {std::exchange(staged, staged + each.out.size()), each.out.size()};
      for_each_in_place(staged, [&](PlannedValue& leaf, std::span<std::byte> out) { read(source, leaf, out); });
      bulk_ = source.bulk(std::move(wanted));
      bulk_->read_rest();
    }
    if (by_savers_ != nullptr) by_savers_->check(source.name());
  }

  // After check(): the first part of commit(), for restores of many processes, in which nothing may be left to check when
  // the first of them goes on. Returns false where commit() will read some of it again, and nothing that fails then can be
  // undone. Throws what commit() throws while nothing has changed. undo() puts everything back. A second call does nothing.
  bool read() {
    if (!is_staged_ && bulk_ != nullptr && has_read_ == Read::nothing)
      has_read_ = bulk_->read() ? Read::all : Read::some;
    return has_read_ != Read::some;
  }
  void undo() noexcept {
    if (has_read_ != Read::nothing) static_cast<void>(bulk_->read(true));
    has_read_ = Read::nothing;
  }

  // After check(). Throws only when more than max_staged_bytes are restored. Nothing of the user's has changed then,
  // unless the disk failed, or somebody overwrote the file, after all of it had been checked: then the values are
  // mixed, and the Error says so.
  CAIRN_COLD void commit(const TensorSource& source) {
    if (!is_staged_) {
      static_cast<void>(read());
      if (has_read_ == Read::some) again(source, [&] { bulk_->read_rest(); });
      again(source, [&] {
        for (const PlannedValue& leaf : leaves_)
          if (leaf.conversion && leaf.landing->in_place()) read(source, leaf);
        read_together(source, true, false);
      });
    } else {
      std::byte* staged = staged_.data();
      for (const TensorSource::Wanted& each : in_place_)
        core::detail::VecMemory::copy(each.out.data(), std::exchange(staged, staged + each.out.size()),
                                      each.out.size());
      for_each_in_place(staged, [&](PlannedValue& leaf, std::span<std::byte> staged_bytes) {
        if (leaf.landing->scattered() != nullptr)
          leaf.landing->scattered()->scatter(0, staged_bytes);
        else
          core::detail::VecMemory::copy(leaf.landing->bytes().data(), staged_bytes.data(), staged_bytes.size());
      });
    }
    for (PlannedValue& leaf : leaves_) leaf.landing->commit();
    for (std::size_t i = values_.size(); i-- > 0;) values_[i]->commit();
    if (by_savers_ != nullptr) by_savers_->commit();
    // A change inside a new element must come before the change that moves the element.
    for (std::size_t i = changes_.size(); i-- > 0;) changes_[i]->commit();
    in_place_ = {};
    leaves_.clear();
    values_.clear();
    changes_.clear();
    by_savers_.reset();
    staged_ = {};
    bulk_.reset();
    has_read_ = Read::nothing;
    unconverted_ = {};
    converted_ = {};
  }

 private:
  [[nodiscard]] static std::size_t size_of(Landing& landing) {
    return landing.scattered() != nullptr ? landing.scattered()->size() : landing.bytes().size();
  }
  // Of scattered elements that are not converted, those in the user's memory or those in new memory.
  [[nodiscard]] static bool is_read_together(const PlannedValue& leaf) {
    return leaf.landing->scattered() != nullptr && !leaf.conversion;
  }
  CAIRN_COLD void read_together(const TensorSource& source, bool in_place, bool only_checks) {
    for (std::size_t i = 0; i < leaves_.size();) {
      const PlannedValue& leaf = leaves_[i];
      if (is_read_together(leaf) && leaf.landing->in_place() == in_place)
        i += leaf.landing->read_together(source, &leaf, leaves_.size() - i, only_checks, converted_);
      else
        ++i;
    }
  }
  // Into the landing.
  CAIRN_COLD void read(const TensorSource& source, const PlannedValue& leaf) {
    tensor::detail::ScatteredElements* const scattered = leaf.landing->scattered();
    if (scattered == nullptr) return read(source, leaf, leaf.landing->bytes());
    grow(converted_, scattered->size());
    const std::span<std::byte> bytes(converted_.data(), scattered->size());
    read(source, leaf, bytes);
    scattered->scatter(0, bytes);
  }
  void read(const TensorSource& source, const PlannedValue& leaf, std::span<std::byte> out) {
    if (!leaf.conversion) return source.read(leaf.key, leaf.landing->boxes(), out);
    const Conversion& conversion = leaf.conversion;
    conversion.cast.convert(source, leaf.key, conversion.from, read_unconverted(source, leaf), conversion.to, out);
  }
  // One buffer, as large as the largest value that is converted: commit() finds it large enough and takes no memory.
  [[nodiscard]] std::span<const std::byte> read_unconverted(const TensorSource& source, const PlannedValue& leaf) {
    const std::size_t size =
        size_of(*leaf.landing) / cairn::size_of(leaf.conversion.to) * cairn::size_of(leaf.conversion.from);
    grow(unconverted_, size);
    const std::span<std::byte> bytes(unconverted_.data(), size);
    source.read(leaf.key, leaf.landing->boxes(), bytes);
    return bytes;
  }

  void for_each_in_place(std::byte* staged, core::detail::FunctionRef<void(PlannedValue&, std::span<std::byte>)> f) {
    for (PlannedValue& leaf : leaves_) {
      if (!leaf.landing->in_place()) continue;
      const std::size_t size = size_of(*leaf.landing);
      f(leaf, std::span(std::exchange(staged, staged + size), size));
    }
  }

  static void again(const TensorSource& source, core::detail::FunctionRef<void()> read) {
    try {
      read();
    } catch (const Error& error) {
      throw Error(ErrorCode::data_loss,
                  "restoring " + std::string(error.key()) + " from " + source.name() +
                      " failed after all checksums had been found good, so that some values are new and others are "
                      "old; restore again, or another checkpoint (" +
                      error.what() + ")")
          .in_file(source.name())
          .at_key(std::string(error.key()));
    }
  }

  core::detail::Vec<TensorSource::Wanted> in_place_;  // what is read straight into the user's memory, as it is
  core::detail::Vec<PlannedValue> leaves_;            // all other values; those that are converted may be in place, too
  core::detail::Vec<core::detail::Own<Change>> values_;
  core::detail::Vec<core::detail::Own<Change>> changes_;
  core::detail::Own<RestoredBySavers> by_savers_;
  enum class Read : unsigned char { nothing, some, all };

  bool is_staged_ = false;
  Read has_read_ = Read::nothing;  // what bulk_ has read of a state that is not staged
  core::detail::Vec<std::byte> staged_;
  core::detail::Own<TensorSource::Bulk> bulk_;
  core::detail::Vec<std::byte> unconverted_;
  core::detail::Vec<std::byte> converted_;  // on its way to scattered places; what is not converted, too
};

}  // namespace CAIRN_NAMESPACE::graph::detail
