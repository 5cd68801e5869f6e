// BundleWriter: the writer of one bundle behind bundle::Writer, as the rest of the library uses it. It plans tensors,
// writes them to temporary data files, and publishes the bundle by renames.
//
// A tensor passes, in this order:
//   sharding.hpp         the data file that it goes to
//   planned_tensors.hpp  its entry in the index, the source of its bytes, and the thread that writes them
//   new_shards.hpp       the data files until they have their names
//   publication.hpp      the order of renames, and the instant at which the checkpoint exists
//
// Clients plan what only they need: add_parts.hpp the parts of a partitioned tensor, add_copy.hpp tensors of other
// bundles, layout.hpp data files of other bundles. kept_bundle.hpp writes a bundle once more with other values.
#pragma once

#include "../../core/detail/fail.hpp"
#include "../../core/detail/hash_index.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/text_pool.hpp"
#include "../../core/detail/vec.hpp"
#include "../../io/file_system.hpp"
#include "../../tensor/tensor_view.hpp"
#include "../files.hpp"
#include "../index.hpp"
#include "../naming.hpp"
#include "../writer_options.hpp"
#include "new_shards.hpp"
#include "planned_tensors.hpp"
#include "publication.hpp"
#include "sharding.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE::bundle::detail {

// What Writer says of its members holds for those of the same name.
class BundleWriter {
 public:
  BundleWriter(std::string prefix, const WriterOptions& options, io::FileSystem& files)
      : files_(&files),
        prefix_(std::move(prefix)),
        durability_(options.durability),
        shard_size_(options.shard_size),
        data_alignment_(options.data_alignment),
        threads_(options.threads),
        second_name_(options.second_name),
        planner_(options.shard_size),
        shards_(files, prefix_, options.durability, options.data_alignment) {
    bundle::require_prefix(prefix_);
    if (options.data_alignment == 0)
      core::detail::fail(ErrorCode::invalid_argument,
                         {"the data_alignment of checkpoint \"", prefix_, "\" is 0; 1 is without padding"});
  }
  BundleWriter(const BundleWriter&) = delete;
  BundleWriter& operator=(const BundleWriter&) = delete;

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

  void reserve(std::size_t count) {
    entries_.reserve(entries_.size() + count);
    sources_.reserve(sources_.size() + count);
  }

  void add(std::string_view key, TensorView tensor) {
    require_new(key);
    add_kept(texts_.keep(key), tensor);
  }
  // Plans a tensor whose key is new, and is not copied: its text, too, must stay unchanged until finish() returns.
  void add_kept(std::string_view key, const TensorView& tensor) {
    require(State::open);
    if (is_cut(tensor)) return cut(key, nullptr, tensor);
    if (const auto* const parts = tensor.scattered(); parts != nullptr && parts->plan_parts != nullptr)
      return parts->plan_parts(*parts, *this, key, tensor);
    // TensorFlow counts of strings their bytes alone, and of the object graph nothing.
    std::uint64_t counted = tensor::detail::bytes_of(tensor);
    for (const std::string& element : tensor.strings()) counted += element.size();
    plan(key, entry_of(tensor), planner_.place(key == bundle::object_graph_key ? 0 : counted),
         PlannedBytes::of(tensor));
  }
  // Plans a tensor by its entry and its bytes, of which dtype, shape and size are known; it is never cut. The key is
  // copied.
  void add_planned(std::string_view key, Entry entry, PlannedBytes bytes) {
    require_new(key);
    add_kept(texts_.keep(key), std::move(entry), std::move(bytes));
  }
  // The key is new, and is not copied.
  void add_kept(std::string_view key, Entry&& entry, PlannedBytes&& bytes) {
    // TensorFlow counts nothing for variants either.
    const bool counts = key != bundle::object_graph_key && entry.dtype != DT_VARIANT;
    plan(key, std::move(entry), planner_.place(counts ? entry.size : 0), std::move(bytes));
  }
  // Plans a tensor of any dtype by its bytes in another bundle (Reader::read_stored); the bytes are written unchanged.
  // dtype, shape, size and crc32c of `entry` are taken over; the numbers among the bytes must have this machine's byte
  // order. `bytes` must stay unchanged until flush() or finish() returns. The tensor is never cut. Throws Error with
  // ErrorCode::invalid_argument for an entry of a partitioned tensor, an entry of another size than `bytes`, and an
  // empty key; ErrorCode::already_exists for a key that was added before.
  void add_stored(std::string_view key, Entry entry, std::span<const std::byte> bytes) {
    if (!entry.slices.empty() || entry.size != bytes.size())
      core::detail::fail(
          ErrorCode::invalid_argument,
          {"the stored bytes of \"", key, "\" must be a whole tensor's: ", entry.size, " bytes, not ", bytes.size()},
          {.key = key});
    add_planned(key, std::move(entry), {bytes.data(), bytes.size(), {}, PlannedBytes::Kind::stored});
  }
  void begin_shard() {
    require(State::open);
    planner_.begin_shard();
  }

  void flush() {
    require(State::open);
    state_ = State::failed;
    write_planned();
    state_ = State::open;
  }
  // In place of finish(), for whoever publishes by himself: writes what is still planned, and completes the data files,
  // which keep their temporary names.
  void write_data() {
    flush();
    shards_.finish();
  }
  void finish() {
    complete();
    publish(encode_index(header_, entries_));
  }

  // The first half of finish(): writes what is still planned and numbers the data files. Then header() and entries() are
  // those of the index, and publish() is the other half.
  void complete() {
    require(State::open);
    state_ = State::failed;
    write_planned();
    shards_.finish();
    publication_ =
        core::detail::make_own<Publication>(*files_, prefix_, durability_, std::max(planner_.count(), min_shards_));
    keys_.clear();
    for (auto& [key, entry] : entries_) {
      entry.shard = number_of(entry.shard);
      // Of a partitioned tensor they mean nothing, and TensorFlow writes zeros.
      if (!entry.slices.empty()) entry.offset = entry.crc32c = 0;
    }
    header_.num_shards = publication_->num_shards();
  }
  void publish(std::string_view index) {
    publication_->publish(
        index, false,
        [&](bool is_named) {
          if (!is_named) return shards_.remove_named();
          for (std::size_t i = 0; i < shards_.list().size(); ++i)
            shards_.rename(i, publication_->data_path(planner_.number_of(shards_.list()[i].id)));
        },
        second_name_);
    state_ = State::finished;
    publication_->remove_old();
  }

  // Gives the index the version and the unknown fields of the header of `source`, and a number of shards of at least
  // `num_shards`.
  void keep_header(const Index& source, std::int32_t num_shards) {
    header_.version = source.version;
    header_.unknown_fields = source.unknown_fields;
    min_shards_ = std::max(num_shards, std::int32_t{1});
  }

  // For clients that plan by themselves.
  void require_new(std::string_view key) {
    require(State::open);
    if (key.empty())
      core::detail::fail(ErrorCode::invalid_argument, {"a tensor of checkpoint \"", prefix_,
                                                       "\" has an empty key, which is the header's; give it a name"});
    if (find(key) != nullptr) fail_twice(key);
  }
  [[noreturn]] void fail_twice(std::string_view key) const {
    core::detail::fail(ErrorCode::already_exists,
                       {"the key \"", key, "\" is added to checkpoint \"", prefix_, "\" twice"}, {.key = key});
  }
  [[nodiscard]] bool is_cut(const TensorView& tensor) const { return shard_size_ != 0 && tensor.dtype() != DT_STRING; }
  // Plans a tensor that is_cut(), or such a part of one, whose key is new.
  void cut(std::string_view key, const PartOfTensor* part, const TensorView& tensor) {
    shard_size_.cut_(*this, key, part, tensor);
  }
  // The entry that was planned for the key, among them those of partitioned tensors; null where there is none. It is
  // valid until the next is planned. A writer that is never asked for a key needs no index of the keys.
  [[nodiscard]] Entry* find(std::string_view key) {
    const std::hash<std::string_view> hash;
    for (; indexed_ < entries_.size(); ++indexed_) keys_.insert_new(hash(entries_[indexed_].key), indexed_);
    const std::size_t place = keys_.find(hash(key), [&](std::size_t i) { return entries_[i].key == key; });
    return place == core::detail::HashIndex::none ? nullptr : &entries_[place].entry;
  }
  [[nodiscard]] std::string_view keep(std::string_view text) { return texts_.keep(text); }
  [[nodiscard]] ShardPlanner& planner() noexcept { return planner_; }
  // Plans an entry whose key is new and stays unchanged. The entry of a partitioned tensor, which lists its parts, is
  // planned like that of a tensor without bytes.
  void plan(std::string_view key, Entry&& entry, ShardId shard, PlannedBytes&& bytes) {
    entry.shard = shard;
    entry.offset = shards_.claim(shard, entry.size);
    sources_.push_back(std::move(bytes));
    entries_.push_back({key, std::move(entry)});
  }
  // Takes over a data file that is complete; plan_stored() says what the bundle has in it. Nothing may be planned that
  // is not written yet.
  [[nodiscard]] ShardId adopt(core::detail::Own<io::TemporaryFile> file, bool is_durable) {
    require(State::open);
    const ShardId shard = planner_.place_apart();
    shards_.adopt(shard, std::move(file), is_durable);
    return shard;
  }
  void plan_stored(std::string_view key, Entry entry, ShardId shard) {
    entry.shard = shard;
    entries_.push_back({key, std::move(entry)});
  }

  // After complete(): the header and the entries of the index, the data files, and their numbers and names. After
  // write_data() the entries have the ShardId of their data files in place of the numbers.
  [[nodiscard]] Index& header() noexcept { return header_; }
  [[nodiscard]] PlannedEntries& entries() noexcept { return entries_; }
  [[nodiscard]] const NewShards& shards() const noexcept { return shards_; }
  [[nodiscard]] const Publication& publication() const noexcept { return *publication_; }
  [[nodiscard]] std::int32_t number_of(ShardId shard) const {
    return publication_->number_of(planner_.number_of(shard));
  }
  [[nodiscard]] io::FileSystem& files() const noexcept { return *files_; }

 private:
  enum class State { open, failed, finished };

  void require(State state) const {
    if (state_ == state) return;
    core::detail::fail(ErrorCode::failed_precondition,
                       {"the checkpoint \"", prefix_, "\" ",
                        state_ == State::finished ? "was finished already; use a new writer for each"
                                                  : "could not be written; begin again with a new writer"},
                       {.file = bundle::index_path(prefix_)});
  }

  void write_planned() {
    files_->expect(shards_.bytes());
    const std::size_t first = entries_.size() - sources_.size();
    for (std::size_t begin = first; begin < entries_.size();) {
      const ShardId shard = entries_[begin].entry.shard;
      std::size_t end = begin + 1;
      while (end < entries_.size() && entries_[end].entry.shard == shard) ++end;
      PlannedRange(entries_.data() + begin, sources_.data() + (begin - first), end - begin, data_alignment_)
          .write(shards_.file(shard), threads_);
      if (shard < 0) shards_.finish(shard);
      begin = end;
    }
    sources_ = {};  // the memory goes, too: the index needs some
  }

  io::FileSystem* files_;
  std::string prefix_;
  Durability durability_;
  ShardSize shard_size_;
  std::uint64_t data_alignment_;
  std::size_t threads_;
  std::string* second_name_;
  State state_ = State::open;
  Index header_;
  std::int32_t min_shards_ = 1;
  core::detail::TextPool texts_;  // copies of the keys whose callers do not keep them
  PlannedEntries entries_;        // in the order in which they were added
  core::detail::HashIndex keys_;  // the index of a key in entries_, of the first indexed_ ones
  std::size_t indexed_ = 0;
  // The sources of the last elements of entries_, in the same order; the elements before those are written.
  core::detail::Vec<PlannedBytes> sources_;
  ShardPlanner planner_;
  NewShards shards_;
  core::detail::Own<Publication> publication_;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
