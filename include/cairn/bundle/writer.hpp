// Writer: plans tensors, writes them to temporary data files, and publishes the bundle by renames.
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("model/kernel/.ATTRIBUTES/VARIABLE_VALUE", view);
//   writer.finish();
//
// Its parts, in the order in which a tensor passes them:
//   detail/sharding.hpp          the data file that a tensor goes to, and the places where a tensor is cut
//   detail/cut_tensor.hpp        the pieces of a tensor that is cut
//   detail/planned_entry.hpp     a tensor's entry in the index, before its place is known
//   detail/planned_bytes.hpp     the source of an entry's bytes
//   detail/planned_range.hpp     the thread that writes them
//   detail/temporary_shards.hpp  the data files until they have their names
//   detail/publication.hpp       the order of renames, and the instant at which the checkpoint exists
//   detail/kept_bundle.hpp       the layout of a finished bundle, to be written again with other values
//   detail/layout.hpp            the data files of a finished bundle, for bundles that share them
//   detail/unused_bytes.hpp      the bytes of such files that only other bundles use
#pragma once

#include "../core/detail/hash_index.hpp"
#include "../core/detail/maps.hpp"
#include "../core/detail/text_pool.hpp"
#include "../core/detail/vec.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../format/detail/ordered_code.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../tensor/tensor_view.hpp"
#include "detail/cut_tensor.hpp"
#include "detail/kept_bundle.hpp"
#include "detail/layout.hpp"
#include "detail/planned_bytes.hpp"
#include "detail/planned_entry.hpp"
#include "detail/planned_range.hpp"
#include "detail/publication.hpp"
#include "detail/sharding.hpp"
#include "detail/slice.hpp"
#include "detail/slice_cover.hpp"
#include "detail/string_tensor.hpp"
#include "detail/temporary_shards.hpp"
#include "detail/unused_bytes.hpp"
#include "index.hpp"
#include "naming.hpp"
#include "reader.hpp"
#include "writer_options.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::bundle {

// Writes one bundle. A Writer belongs to one thread, and two Writers must not work on one prefix at the same time.
// Besides the codes that a member lists, a call that fails in the file system throws Error with
// ErrorCode::permission_denied, resource_exhausted or unavailable. Every member but prefix() and reserve()
// throws ErrorCode::failed_precondition after finish(), and after a flush() or finish() that threw.
class Writer {
 public:
  // The function that add_streamed() gives to `pieces`.
  using Append = std::function<void(std::span<const std::byte>)>;

  // Prepares a bundle under `prefix`; no file is touched yet. Throws Error with ErrorCode::invalid_argument for a
  // data_alignment of 0, and for a prefix that ends without a name ("", "training/", "..").
  explicit Writer(PathArgument prefix, WriterOptions options = {}, io::FileSystem& files = io::posix())
      : files_(&files),
        prefix_(std::move(prefix).string()),
        options_(options),
        planner_(options.shard_size),
        shards_(files, prefix_, options.durability, options.data_alignment) {
    require_prefix(prefix_);
    if (options.data_alignment == 0)
      throw Error(ErrorCode::invalid_argument,
                  "the data_alignment of checkpoint \"" + prefix_ + "\" is 0; 1 is without padding");
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  // A Writer that is destroyed before finish() removes its temporary files; the prefix is then what it was before.
  ~Writer() = default;

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

  // Reserves memory for `count` more tensors. The call is never needed; it saves copies where the number is known.
  void reserve(std::size_t count) {
    entries_.reserve(entries_.size() + count);
    keys_.reserve(entries_.size() + count);
    sources_.reserve(sources_.size() + count);
  }

  // Plans a tensor; tensors lie in the data file in the order of the calls. The memory that `tensor` views must stay
  // unchanged until flush() or finish() returns; the key is copied. Throws Error with ErrorCode::already_exists for a
  // key that was added before, ErrorCode::invalid_argument for an empty key.
  void add(std::string_view key, TensorView tensor) { add_kept(texts_.keep(key), std::move(tensor)); }
  // Plans one part of a partitioned tensor of shape `full_shape`; the list of parts in the index has the order of the
  // calls. A slice that covers the whole tensor is added as a plain tensor. Parts may be missing, because other bundles
  // may have them (merge.hpp). Throws Error with ErrorCode::already_exists for a key, or a part, that was added before;
  // ErrorCode::invalid_argument for an empty key, for a slice that does not lie inside `full_shape` or has another
  // shape than `tensor`, for a part that shares elements with a part added before, and for a dtype or full shape other
  // than that of the parts before.
  void add_slice(const std::string& key, const Shape& full_shape, const TensorSlice& slice, TensorView tensor) {
    const auto box = detail::box_of_slice(full_shape, slice);
    if (!box || box->shape != tensor.shape())
      throw Error(ErrorCode::invalid_argument, "a part of \"" + key + "\" has the shape " + tensor.shape().to_string() +
                                                   ", which is not what its slice says, or not inside " +
                                                   full_shape.to_string())
          .at_key(key);
    if (box->shape == full_shape) return add(key, std::move(tensor));
    require_part_of(key, full_shape, tensor.dtype());
    require_apart(key, slice);
    if (is_cut(tensor)) {
      const detail::PartOfTensor part{full_shape, *box, slice};
      return options_.shard_size.cut_(*this, key, &part, tensor);
    }
    const detail::ShardId shard = planner_.place(detail::counted_bytes(key, tensor));
    plan_slice(key, full_shape, slice, detail::entry_of(tensor), shard, detail::source_of(tensor));
  }

  // Plans a tensor of numbers that need not be in memory. While the data file is written, any thread may call
  // pieces(append) once; `pieces` hands over all bytes of the tensor, row by row, by calls of append(bytes), and may
  // free the bytes of each call when it returns. The tensor is never cut. Throws Error with ErrorCode::invalid_argument
  // for strings, variants, a shape without a number of elements, and an empty key; ErrorCode::already_exists for a key
  // that was added before. flush() and finish() throw the exceptions of `pieces`, and ErrorCode::invalid_argument when
  // the number of bytes is not that of dtype and shape.
  void add_streamed(std::string key, DType dtype, Shape shape, std::function<void(const Append&)> pieces) {
    const auto count = shape.checked_num_elements();
    if (!count || size_of(dtype) == 0)
      throw Error(ErrorCode::invalid_argument, "\"" + key + "\" is " + to_string(dtype) + " " + shape.to_string() +
                                                   "; only numbers can be given in pieces")
          .at_key(key);
    require_new(key);
    Entry entry;
    entry.dtype = dtype;
    entry.shape = std::move(shape);
    entry.size = static_cast<std::uint64_t>(*count) * size_of(dtype);
    const detail::ShardId shard = planner_.place(entry.size);
    plan(key, std::move(entry), shard,
         detail::PlannedBytes::of_source(
             core::detail::Own<const detail::PlannedSource>(new detail::StreamedSource(std::move(pieces), key))));
  }
  // The former name of add_streamed().
  void add_pieces(std::string key, DType dtype, Shape shape, std::function<void(const Append&)> pieces) {
    add_streamed(std::move(key), dtype, std::move(shape), std::move(pieces));
  }

  // Plans a copy of a tensor of another bundle, of any dtype, partitioned or not, without reading it yet. Its bytes
  // pass through a small buffer while the data file is written; they are checked on the way, and numbers are converted
  // where the file has the other byte order. `source` must live until flush() or finish() returns. The tensor is not
  // cut further. Throws Error with ErrorCode::not_found for a key that `source` does not have; ErrorCode::data_loss
  // when a part, or the bytes of one, are missing; ErrorCode::already_exists for a new key that was added before;
  // ErrorCode::invalid_argument for an empty one. flush() and finish() throw ErrorCode::data_loss for damaged bytes,
  // ErrorCode::unimplemented for bytes of the other byte order that cannot be converted.
  void add_copy(const Reader& source, std::string_view key) { add_copy(source, key, std::string(key)); }
  void add_copy(const Reader& source, std::string_view key, std::string new_key) {
    const Entry* const entry = find_entry(source.entries(), key);
    if (entry == nullptr) return static_cast<void>(source.lookup(key));  // throws
    if (!entry->slices.empty()) {
      for (std::size_t i = 0; i < entry->slices.size(); ++i) add_copy_of_slice(source, key, i, new_key);
      return;
    }
    require_new(new_key);
    source.require_stored(key, *entry);
    const detail::ShardId shard = planner_.place(detail::counted_bytes(new_key, *entry));
    plan(new_key, *entry, shard, copy_of(source, *entry, key));
  }
  // Tensors that are added from here on go to a new data file, unless the present one is still empty.
  void begin_shard() {
    require(State::open);
    planner_.begin_shard();
  }

  // Writes all tensors that are planned so far to the temporary data files; afterwards their memory may be freed or
  // changed. Nothing is published yet. When it throws, the writer cannot be used further: only its destruction is left.
  // Throws Error with ErrorCode::data_loss for damaged bytes of a source, ErrorCode::unimplemented for bytes of the
  // other byte order that cannot be converted, ErrorCode::invalid_argument for pieces of another number of bytes; an
  // exception of `pieces` is passed on.
  void flush() {
    require(State::open);
    state_ = State::failed;
    write_planned();
    state_ = State::open;
  }

  // Writes the tensors that are still planned and publishes the bundle, at one instant; the folder of the prefix is
  // made if it is missing. It is called once. When it throws, the prefix is what it was before, unless the sentence of
  // the Error begins by saying that the checkpoint is complete: then only the removal of old files failed. Throws Error
  // with ErrorCode::data_loss, unimplemented and invalid_argument for the reasons that flush() gives.
  void finish() { finish(nullptr, nullptr); }

 protected:
  // detail::BundleWriter has the members from here on, for other parts of the library.

  // Plans a tensor as add() does, without a copy of the key: its text, too, must stay unchanged until finish() returns.
  void add_kept(std::string_view key, TensorView tensor) {
    require_new(key);
    if (is_cut(tensor)) return options_.shard_size.cut_(*this, std::string(key), nullptr, tensor);
    const detail::ShardId shard = planner_.place(detail::counted_bytes(key, tensor));
    plan_kept(key, detail::entry_of(tensor), shard, detail::source_of(tensor));
  }

  // Plans a tensor of any dtype by its bytes in another bundle (Reader::read_stored); the bytes are written unchanged.
  // dtype, shape, size and crc32c of `entry` are taken over; the numbers among the bytes must have this machine's byte
  // order. `bytes` must stay unchanged until flush() or finish() returns. The tensor is never cut. Throws Error with
  // ErrorCode::invalid_argument for an entry of a partitioned tensor, an entry of another size than `bytes`, and an
  // empty key; ErrorCode::already_exists for a key that was added before.
  void add_stored(const std::string& key, Entry entry, std::span<const std::byte> bytes) {
    if (!entry.slices.empty() || entry.size != bytes.size())
      throw Error(ErrorCode::invalid_argument, "the stored bytes of \"" + key +
                                                   "\" must be a whole tensor's: " + std::to_string(entry.size) +
                                                   " bytes, not " + std::to_string(bytes.size()))
          .at_key(key);
    require_new(key);
    const detail::ShardId shard = planner_.place(detail::counted_bytes(key, entry));
    plan(key, std::move(entry), shard, detail::PlannedBytes::of_stored(bytes));
  }

  // Plans a copy of one part of a partitioned tensor: the part with the number `index` in the entry's list of slices.
  // `key` must be a key of `source` and `index` below the number of its slices. The list itself is taken over
  // unchanged, even where its parts overlap. Throws Error with ErrorCode::data_loss when the part, or its bytes, are
  // missing; ErrorCode::already_exists for a key, or a part, that was added before; ErrorCode::invalid_argument for an
  // empty key, and when the part does not belong to the parts of `new_key` that were added before.
  void add_copy_of_slice(const Reader& source, std::string_view key, std::size_t index, const std::string& new_key) {
    const Entry& whole = *find_entry(source.entries(), key);
    const TensorSlice& slice = whole.slices.at(index);
    const Entry& part = detail::stored_part(source, key, whole, index);
    require_part_of(new_key, whole.shape, whole.dtype);
    source.require_stored(key, part);
    const Whole* const known = partitioned_.find(new_key);
    if (known != nullptr && known->list_of != &whole) require_apart(new_key, slice);
    const detail::ShardId shard = planner_.place(part.size);
    if (known == nullptr) (void)partitioned_.insert(new_key, Whole{whole, shard, &whole});
    plan_slice(new_key, whole.shape, slice, part, shard, copy_of(source, part, key), &whole);
  }

  // Plans a whole data file of another bundle, without a copy of its bytes: the file becomes the last one of this
  // bundle, under a second name (a hard link).
  void add_data_file(detail::SharedDataFile shared) {
    require(State::open);
    const detail::ShardId shard = planner_.place_apart();
    shards_.adopt(shard, std::move(shared.name), shared.file.is_durable);
    shared_.push_back({shard, std::move(shared)});
  }

  // Gives the index the version and the unknown fields of the header of `source`, and a number of shards of at least
  // `num_shards`.
  void keep_header(const Index& source, std::int32_t num_shards) {
    header_.version = source.version;
    header_.unknown_fields = source.unknown_fields;
    min_shards_ = std::max(num_shards, std::int32_t{1});
  }

  // Finishes as finish() does. Afterwards `*kept`, if given, holds the layout for KeptBundle::write, or is empty if a
  // tensor was partitioned or cut or the prefix had a bundle before; `*layout`, if given, holds the data files and the
  // entry of each tensor that is not partitioned.
  void finish(detail::KeptBundle* kept, detail::Layout* layout) {
    require(State::open);
    state_ = State::failed;
    write_planned();
    shards_.finish();
    const std::int32_t num_shards = std::max(planner_.count(), min_shards_);
    detail::Publication publication(*files_, prefix_, options_.durability, num_shards);
    const bool is_plain = publication.num_shards() == 1 && partitioned_.empty();
    IndexPlaces places;
    std::string index = build_index(publication, kept != nullptr && is_plain ? &places : nullptr, layout);
    publication.publish(
        index, false,
        [&] {
          shards_.rename([&](detail::ShardId shard) { return publication.data_path(planner_.number_of(shard)); });
        },
        [&] { shards_.take_back(); }, options_.second_name);
    state_ = State::finished;
    if (kept != nullptr && is_plain)
      *kept = detail::KeptBundle(std::move(entries_), std::move(index), std::move(places), options_.data_alignment);
    publication.remove_old();
  }

 private:
  friend detail::CutTensor;

  enum class State { open, failed, finished };

  struct Whole {
    Entry entry;
    // The shard of the first part. TensorFlow writes it into the entry, where it means nothing.
    detail::ShardId shard = 0;
    // The entry of the other bundle whose list of parts this one began with; null where there is none.
    const Entry* list_of = nullptr;
  };

  struct Shared {
    detail::ShardId shard;
    detail::SharedDataFile file;
  };

  void require(State state) const {
    if (state_ == state) return;
    throw Error(ErrorCode::failed_precondition,
                "the checkpoint \"" + prefix_ + "\" " +
                    (state_ == State::finished ? "was finished already; use a new writer for each"
                                               : "could not be written; begin again with a new writer"))
        .in_file(index_path(prefix_));
  }
  void require_new(std::string_view key) const {
    require(State::open);
    if (key.empty())
      throw Error(ErrorCode::invalid_argument,
                  "a tensor of checkpoint \"" + prefix_ + "\" has an empty key, which is the header's; give it a name");
    if (has_entry(key) || partitioned_.contains(key)) throw added_twice(key);
  }
  [[nodiscard]] auto has_key(std::string_view key) const {
    return [this, key](std::size_t i) { return entries_[i].key == key; };
  }
  [[nodiscard]] bool has_entry(std::string_view key) const {
    return keys_.find(std::hash<std::string_view>{}(key), has_key(key)) != core::detail::HashIndex::none;
  }
  [[nodiscard]] Error added_twice(std::string_view key) const {
    return Error(ErrorCode::already_exists,
                 "the key \"" + std::string(key) + "\" is added to checkpoint \"" + prefix_ + "\" twice")
        .at_key(std::string(key));
  }
  void require_part_of(const std::string& key, const Shape& full_shape, DType dtype) const {
    const Whole* const known = partitioned_.find(key);
    if (known == nullptr) return require_new(key);
    require(State::open);
    const Entry& whole = known->entry;
    if (whole.dtype != dtype || whole.shape != full_shape)
      throw Error(ErrorCode::invalid_argument, "the parts of \"" + key +
                                                   "\" do not belong together: one is of a tensor of " +
                                                   to_string(whole.dtype) + " " + whole.shape.to_string() +
                                                   ", another of " + to_string(dtype) + " " + full_shape.to_string())
          .at_key(key);
  }

  void require_apart(const std::string& key, const TensorSlice& slice) const {
    const Whole* const known = partitioned_.find(key);
    if (known == nullptr) return;
    const Entry& whole = known->entry;
    if (has_entry(format::detail::encode_slice_key(key, slice))) throw added_twice(key);
    const TensorSlice* const other = detail::SliceOverlap::first(whole.shape, whole.slices, slice);
    if (other == nullptr) return;
    const std::string found = detail::text_of_slice(slice), before = detail::text_of_slice(*other);
    throw Error(ErrorCode::invalid_argument,
                "the part " + found + " of \"" + key + "\" shares elements with the part " + before +
                    ", which was added before; parts of one tensor must not overlap (start,length of each dimension)")
        .at_key(key);
  }

  [[nodiscard]] bool is_cut(const TensorView& tensor) const {
    return options_.shard_size != 0 && tensor.dtype() != DT_STRING;
  }
  [[nodiscard]] static detail::PlannedBytes copy_of(const Reader& source, const Entry& entry, std::string_view key) {
    return detail::PlannedBytes::of_source(
        core::detail::Own<const detail::PlannedSource>(new detail::CopySource(source, entry, key)));
  }

  // Plans the numbers of `root`, a tensor or a part of one, in the shards that the planner chooses. `slice` is the
  // spelling of the part; it is used where the part is not cut further.
  void plan_cut(const std::string& key, const Shape& full_shape, const detail::Box& root, const TensorSlice& slice,
                const TensorView& tensor) {
    detail::cut_tensor(
        planner_, root, tensor,
        [&](detail::ShardId shard, const detail::Box& box, Entry&& entry, detail::PlannedBytes&& source) {
          if (box.shape == full_shape) return plan(key, std::move(entry), shard, std::move(source));
          plan_slice(key, full_shape, box == root ? slice : detail::slice_of_box(box), std::move(entry), shard,
                     std::move(source));
        });
  }

  void plan_slice(const std::string& key, const Shape& full_shape, const TensorSlice& slice, Entry entry,
                  detail::ShardId shard, detail::PlannedBytes source, const Entry* listed_in = nullptr) {
    std::string slice_key = format::detail::encode_slice_key(key, slice);
    if (has_entry(slice_key)) throw added_twice(key);
    const bool is_new = !partitioned_.contains(key);
    Whole& whole = partitioned_[key];
    if (is_new) {
      whole.entry.dtype = entry.dtype;
      whole.entry.shape = full_shape;
      whole.shard = shard;
    }
    if (detail::ShardPlanner::is_before(shard, whole.shard)) whole.shard = shard;
    if (listed_in == nullptr || listed_in != whole.list_of) whole.entry.slices.push_back(slice);
    plan(slice_key, std::move(entry), shard, std::move(source));
  }

  // The key is new.
  void plan(std::string_view key, Entry entry, detail::ShardId shard, detail::PlannedBytes source) {
    plan_kept(texts_.keep(key), std::move(entry), shard, std::move(source));
  }
  void plan_kept(std::string_view key, Entry entry, detail::ShardId shard, detail::PlannedBytes source) {
    entry.shard = shard;
    entry.offset = shards_.claim(shard, entry.size);
    sources_.push_back(std::move(source));
    entries_.push_back({key, std::move(entry)});
    keys_.insert_new(std::hash<std::string_view>{}(key), entries_.size() - 1);
  }

  void write_planned() {
    const std::size_t first = entries_.size() - sources_.size();
    for (std::size_t begin = first; begin < entries_.size();) {
      const detail::ShardId shard = entries_[begin].entry.shard;
      std::size_t end = begin + 1;
      while (end < entries_.size() && entries_[end].entry.shard == shard) ++end;
      detail::PlannedRange(entries_.data() + begin, sources_.data() + (begin - first), end - begin,
                           options_.data_alignment)
          .write(shards_.file(shard), options_.threads);
      if (shard < 0) shards_.finish(shard);
      begin = end;
    }
    sources_ = {};  // the memory goes, too: the index needs some
  }

  [[nodiscard]] std::string build_index(const detail::Publication& publication, IndexPlaces* places,
                                        detail::Layout* layout) {
    const auto number_of = [&](detail::ShardId shard) { return publication.number_of(planner_.number_of(shard)); };
    keys_.clear();
    header_.num_shards = publication.num_shards();
    for (detail::KeyedEntry& item : entries_) item.entry.shard = number_of(item.entry.shard);
    for (Shared& item : shared_) {
      detail::SharedDataFile& shared = item.file;
      const std::int32_t number = number_of(item.shard);
      detail::append_unused(header_.unused_bytes, number, shared.entries, shared.file.size);
      for (auto& [key, entry] : shared.entries) {
        entry.shard = number;
        entries_.push_back({key, std::move(entry)});
      }
    }
    if (layout != nullptr) {
      *layout = {shards_.data_files(planner_, publication), {}};
      layout->entries.reserve(entries_.size());
      for (const detail::KeyedEntry& item : entries_) {
        layout->entries.push_back({std::string(item.key), item.entry});
        layout->entries.back().second.shard -= publication.number_of(0);
      }
    }
    for (auto& [key, whole] : partitioned_) {
      whole.entry.shard = number_of(whole.shard);
      entries_.push_back({key, std::move(whole.entry)});
    }
    return detail::encode_index(header_, entries_, places);
  }

  io::FileSystem* files_;
  std::string prefix_;
  WriterOptions options_;
  State state_ = State::open;
  Index header_;
  std::int32_t min_shards_ = 1;
  core::detail::TextPool texts_;    // copies of the keys whose callers do not keep them
  detail::PlannedEntries entries_;  // in the order in which they were added
  core::detail::HashIndex keys_;    // the index of a key in entries_
  core::detail::HashMap<std::string, Whole> partitioned_;
  core::detail::Vec<Shared> shared_;
  // The sources of the last elements of entries_, in the same order; the elements before those are written.
  core::detail::Vec<detail::PlannedBytes> sources_;
  detail::ShardPlanner planner_;
  detail::TemporaryShards shards_;
};

}  // namespace cairn::bundle

namespace cairn::bundle::detail {

// A Writer with the members that only other parts of the library call.
class BundleWriter final : public bundle::Writer {
 public:
  using Writer::add_copy_of_slice;
  using Writer::add_data_file;
  using Writer::add_kept;
  using Writer::add_stored;
  using Writer::finish;
  using Writer::keep_header;
  using Writer::Writer;
};

inline void CutTensor::plan(Writer& writer, const std::string& key, const PartOfTensor* part,
                            const TensorView& tensor) {
  if (part != nullptr) return writer.plan_cut(key, part->full_shape, part->box, part->slice, tensor);
  writer.plan_cut(key, tensor.shape(), box_of(tensor.shape()), {}, tensor);
}

}  // namespace cairn::bundle::detail
