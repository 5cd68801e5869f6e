// Writes a bundle: tensors are planned, written to temporary data files, and published by renames.
//
//   cairn::bundle::Writer writer("training/ckpt-3");
//   writer.add("model/kernel/.ATTRIBUTES/VARIABLE_VALUE", view);
//   writer.finish();
//
//   bundle/sharding.hpp          which data file a tensor goes to, and where it is cut
//   bundle/planned_bytes.hpp     where an entry's bytes come from; planned_entry.hpp
//   bundle/planned_range.hpp     who writes which of them
//   bundle/temporary_shards.hpp  the data files until they have their names
//   bundle/publication.hpp       the order of renames, and the instant at which the checkpoint exists
//   bundle/kept_bundle.hpp       the same layout once more, with other values
//   bundle/layout.hpp            the data files, for bundles that share them; unused_bytes.hpp
#pragma once

#include "../core/error.hpp"
#include "../core/hash_index.hpp"
#include "../core/text_pool.hpp"
#include "../format/ordered_code.hpp"
#include "../io/file_system.hpp"
#include "../io/posix.hpp"
#include "../tensor/tensor_view.hpp"
#include "index.hpp"
#include "kept_bundle.hpp"
#include "layout.hpp"
#include "naming.hpp"
#include "planned_bytes.hpp"
#include "planned_entry.hpp"
#include "planned_range.hpp"
#include "publication.hpp"
#include "reader.hpp"
#include "sharding.hpp"
#include "slice.hpp"
#include "slice_cover.hpp"
#include "string_tensor.hpp"
#include "temporary_shards.hpp"
#include "unused_bytes.hpp"
#include "writer_options.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn::bundle {

// A writer belongs to one thread. Two writers must not work on one prefix at the same time.
class Writer {
 public:
  // Touches nothing yet. Throws Error (invalid_argument) for an alignment of 0, and for a prefix without a name.
  explicit Writer(std::string prefix, WriterOptions options = {}, io::FileSystem& files = io::posix())
      : files_(&files),
        prefix_(std::move(prefix)),
        options_(options),
        planner_(options.shard_size),
        shards_(files, prefix_, options.durable, options.data_alignment) {
    require_prefix(prefix_);
    if (options.data_alignment == 0)
      throw Error(ErrorCode::invalid_argument,
                  "the data_alignment of checkpoint \"" + prefix_ + "\" is 0; 1 is without padding");
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  // Without finish(): removes the temporary files, and the prefix is what it was.
  ~Writer() = default;

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

  // Makes room for so many tensors more, where their number is known.
  void reserve(std::size_t count) {
    entries_.reserve(entries_.size() + count);
    keys_.reserve(entries_.size() + count);
    sources_.reserve(sources_.size() + count);
  }

  // Plans a tensor; the order of calls is the order in the data file. Its memory must stay as it is until flush() or
  // finish(). Throws Error: already_exists for a key that was added before, invalid_argument for an empty one.
  void add(std::string_view key, TensorView tensor) { add_kept(texts_.keep(key), std::move(tensor)); }
  // The same where the key's text stays as it is until finish().
  void add_kept(std::string_view key, TensorView tensor) {
    require_new(key);
    if (is_cut(tensor)) return add_pieces(std::string(key), tensor.shape(), detail::box_of(tensor.shape()), {}, tensor);
    const detail::ShardId shard = planner_.place(detail::counted_bytes(key, tensor));
    plan_kept(key, detail::entry_of(tensor), shard, detail::source_of(tensor));
  }

  // Plans one part of a partitioned tensor of shape `full_shape`; the order of calls is that of the list in the index.
  // A slice that is the whole tensor is added as such. Parts may be missing: other bundles may have them (merge.hpp).
  // Throws Error as add; invalid_argument for a slice that is not inside, is not the view's shape, shares elements with
  // one of the parts before it, or belongs to a tensor of another dtype or shape than they.
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
    if (is_cut(tensor)) return add_pieces(key, full_shape, *box, slice, tensor);
    const detail::ShardId shard = planner_.place(detail::counted_bytes(key, tensor));
    plan_slice(key, full_shape, slice, detail::entry_of(tensor), shard, detail::source_of(tensor));
  }

  // Plans a tensor by its bytes in another bundle (Reader::read_stored): they go over as they are, whatever they mean.
  // dtype, shape, size and crc32c are the entry's there; the byte order must be this machine's. Never cut.
  void add_stored(const std::string& key, Entry entry, std::span<const std::byte> bytes) {
    if (!entry.slices.empty() || entry.size != bytes.size())
      throw Error(ErrorCode::invalid_argument, "the stored bytes of \"" + key +
                                                   "\" must be a whole tensor's: " + std::to_string(entry.size) +
                                                   " bytes, not " + std::to_string(bytes.size()))
          .at_key(key);
    require_new(key);
    const detail::ShardId shard = planner_.place(detail::counted_bytes(key, entry));
    plan(key, std::move(entry), shard, detail::PlannedStored{bytes});
  }

  // Plans a tensor of numbers that need not be in memory: pieces(append) is called when they are written, by any
  // thread, and gives all bytes to append(bytes), one behind the other, each gone after the call. Never cut. Throws
  // Error as add, and invalid_argument for what is no tensor of numbers; flush() and finish() throw what `pieces`
  // throws, and invalid_argument when they are not as many bytes as dtype and shape ask for.
  void add_pieces(std::string key, DType dtype, Shape shape, detail::NumberPieces pieces) {
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
    plan(key, std::move(entry), shard, detail::PlannedPieces{std::move(pieces), key});
  }

  // Plans a copy of a tensor of another bundle, of any dtype, partitioned or not, without reading it yet: its bytes
  // pass through a small buffer when they are written, are checked on the way, and turned around where the file has the
  // other byte order. `source` must live until flush() or finish(), which throw what Reader::copy_stored throws. Never
  // cut. Throws Error: not_found; data_loss when a part or its bytes are missing; as add.
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
    plan(new_key, *entry, shard, detail::PlannedCopy{&source, entry, std::string(key)});
  }
  // One part of a partitioned tensor, the `index`-th of its entry's list; the list itself is taken over as it is, also
  // where its parts overlap.
  void add_copy_of_slice(const Reader& source, std::string_view key, std::size_t index, const std::string& new_key) {
    const Entry& whole = *find_entry(source.entries(), key);
    const TensorSlice& slice = whole.slices.at(index);
    const Entry& part = detail::stored_part(source, key, whole, index);
    require_part_of(new_key, whole.shape, whole.dtype);
    source.require_stored(key, part);
    const auto known = partitioned_.find(new_key);
    if (known != partitioned_.end() && known->second.list_of != &whole) require_apart(new_key, slice);
    const detail::ShardId shard = planner_.place(part.size);
    if (known == partitioned_.end()) partitioned_.emplace(new_key, Whole{whole, shard, &whole});
    plan_slice(new_key, whole.shape, slice, part, shard, detail::PlannedCopy{&source, &part, std::string(key)}, &whole);
  }

  // What is added from here on goes to a new data file, after those that have something.
  void begin_shard() {
    require(State::open);
    planner_.begin_shard();
  }

  // Plans a data file of another bundle, which becomes one of this bundle's as it is, behind all others.
  void add_data_file(detail::SharedDataFile shared) {
    require(State::open);
    const detail::ShardId shard = planner_.place_apart();
    shards_.adopt(shard, std::move(shared.name), shared.file.is_durable);
    shared_.emplace_back(shard, std::move(shared));
  }

  // The index will have the version and the unknown fields of another one's header, and say that there are at least so
  // many shards.
  void keep_header(const Index& source, std::int32_t num_shards) {
    header_.version = source.version;
    header_.unknown_fields = source.unknown_fields;
    min_shards_ = std::max(num_shards, std::int32_t{1});
  }

  // Writes what was planned so far to the temporary data files; its memory may go then. Throws Error when that fails;
  // nothing more can be done with the writer then.
  void flush() {
    require(State::open);
    state_ = State::failed;
    write_planned();
    state_ = State::open;
  }

  // Writes the rest and publishes. Once. Throws Error when anything fails: then the prefix is what it was, except when
  // the error says that the checkpoint itself is complete. The directory is made if it is missing. `kept` is what can
  // be written again with other values; it is empty for what was cut, or written over another bundle. `layout` is where
  // everything lies afterwards.
  void finish(detail::KeptBundle* kept = nullptr, detail::Layout* layout = nullptr) {
    require(State::open);
    state_ = State::failed;
    write_planned();
    shards_.finish();
    const std::int32_t num_shards = std::max(planner_.count(), min_shards_);
    detail::Publication publication(*files_, prefix_, options_.durable, num_shards);
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
  enum class State { open, failed, finished };

  struct Whole {
    Entry entry;
    detail::ShardId shard;           // of its first part: TensorFlow writes it into the entry, where it means nothing
    const Entry* list_of = nullptr;  // of another bundle, whose list of parts this one began with
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
    return [this, key](std::size_t i) { return entries_[i].first == key; };
  }
  [[nodiscard]] bool has_entry(std::string_view key) const {
    return keys_.find(std::hash<std::string_view>{}(key), has_key(key)) != detail::HashIndex::none;
  }
  [[nodiscard]] Error added_twice(std::string_view key) const {
    return Error(ErrorCode::already_exists,
                 "the key \"" + std::string(key) + "\" is added to checkpoint \"" + prefix_ + "\" twice")
        .at_key(std::string(key));
  }
  void require_part_of(const std::string& key, const Shape& full_shape, DType dtype) const {
    const auto known = partitioned_.find(key);
    if (known == partitioned_.end()) return require_new(key);
    require(State::open);
    const Entry& whole = known->second.entry;
    if (whole.dtype != dtype || whole.shape != full_shape)
      throw Error(ErrorCode::invalid_argument, "the parts of \"" + key +
                                                   "\" do not belong together: one is of a tensor of " +
                                                   to_string(whole.dtype) + " " + whole.shape.to_string() +
                                                   ", another of " + to_string(dtype) + " " + full_shape.to_string())
          .at_key(key);
  }

  void require_apart(const std::string& key, const TensorSlice& slice) const {
    const auto known = partitioned_.find(key);
    if (known == partitioned_.end()) return;
    const Entry& whole = known->second.entry;
    if (has_entry(format::encode_slice_key(key, slice))) throw added_twice(key);
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

  // Plans the numbers of `root`, a tensor or a part of one, wherever the planner puts them. `slice` is how a part was
  // spelled, and is kept where the part is not cut.
  void add_pieces(const std::string& key, const Shape& full_shape, const detail::Box& root, const TensorSlice& slice,
                  const TensorView& tensor) {
    const std::size_t element = size_of(tensor.dtype());
    planner_.place(root, element, [&](detail::ShardId shard, const detail::Box& box) {
      Entry entry;
      entry.dtype = tensor.dtype();
      entry.shape = box.shape;
      entry.size = static_cast<std::uint64_t>(box.shape.num_elements()) * element;
      if (box.shape == full_shape) return plan(key, std::move(entry), shard, detail::source_of(tensor));
      if (box == root) return plan_slice(key, full_shape, slice, std::move(entry), shard, detail::source_of(tensor));
      plan_slice(key, full_shape, detail::slice_of_box(box), std::move(entry), shard,
                 detail::PlannedPiece{tensor.bytes(), root, box});
    });
  }

  void plan_slice(const std::string& key, const Shape& full_shape, const TensorSlice& slice, Entry entry,
                  detail::ShardId shard, detail::PlannedBytes source, const Entry* listed_in = nullptr) {
    std::string slice_key = format::encode_slice_key(key, slice);
    if (has_entry(slice_key)) throw added_twice(key);
    const auto [whole, is_new] = partitioned_.try_emplace(key);
    if (is_new) {
      whole->second.entry.dtype = entry.dtype;
      whole->second.entry.shape = full_shape;
      whole->second.shard = shard;
    }
    if (detail::ShardPlanner::is_before(shard, whole->second.shard)) whole->second.shard = shard;
    if (listed_in == nullptr || listed_in != whole->second.list_of) whole->second.entry.slices.push_back(slice);
    plan(slice_key, std::move(entry), shard, std::move(source));
  }

  void plan(std::string_view key, Entry entry, detail::ShardId shard, detail::PlannedBytes source) {
    plan_kept(texts_.keep(key), std::move(entry), shard, std::move(source));
  }
  void plan_kept(std::string_view key, Entry entry, detail::ShardId shard, detail::PlannedBytes source) {
    entry.shard = shard;
    entry.offset = shards_.claim(shard, entry.size);
    sources_.push_back(std::move(source));
    entries_.emplace_back(key, std::move(entry));
    (void)keys_.insert(std::hash<std::string_view>{}(key), entries_.size() - 1, has_key(key));
  }

  void write_planned() {
    const std::size_t first = entries_.size() - sources_.size();
    for (std::size_t begin = first; begin < entries_.size();) {
      const detail::ShardId shard = entries_[begin].second.shard;
      std::size_t end = begin + 1;
      while (end < entries_.size() && entries_[end].second.shard == shard) ++end;
      detail::PlannedRange(std::span(entries_).subspan(begin, end - begin),
                           std::span(sources_).subspan(begin - first, end - begin), options_.data_alignment)
          .write(shards_.file(shard), options_.threads);
      if (shard < 0) shards_.finish(shard);
      begin = end;
    }
    sources_ = {};  // their memory, too: the index will want some
  }

  [[nodiscard]] std::string build_index(const detail::Publication& publication, IndexPlaces* places,
                                        detail::Layout* layout) {
    const auto number_of = [&](detail::ShardId shard) { return publication.number_of(planner_.number_of(shard)); };
    keys_.clear();
    header_.num_shards = publication.num_shards();
    for (auto& item : entries_) item.second.shard = number_of(item.second.shard);
    for (auto& [shard, shared] : shared_) {
      detail::append_unused(header_.unused_bytes, number_of(shard), shared.entries, shared.file.size);
      for (auto& [key, entry] : shared.entries) {
        entry.shard = number_of(shard);
        entries_.emplace_back(key, std::move(entry));
      }
    }
    if (layout != nullptr) {
      *layout = {shards_.data_files(planner_, publication), {entries_.begin(), entries_.end()}};
      for (auto& item : layout->entries) item.second.shard -= publication.number_of(0);
    }
    for (auto& [key, whole] : partitioned_) {
      whole.entry.shard = number_of(whole.shard);
      entries_.emplace_back(key, std::move(whole.entry));
    }
    return encode_index<std::string_view>(header_, entries_, places);
  }

  io::FileSystem* files_;
  std::string prefix_;
  WriterOptions options_;
  State state_ = State::open;
  Index header_;
  std::int32_t min_shards_ = 1;
  detail::TextPool texts_;          // of keys that nobody else keeps
  detail::PlannedEntries entries_;  // in order of add
  detail::HashIndex keys_;          // of entries_
  std::map<std::string, Whole, std::less<>> partitioned_;
  std::vector<std::pair<detail::ShardId, detail::SharedDataFile>> shared_;
  std::vector<detail::PlannedBytes> sources_;  // of the last entries_, those that are not written yet
  detail::ShardPlanner planner_;
  detail::TemporaryShards shards_;
};

}  // namespace cairn::bundle
