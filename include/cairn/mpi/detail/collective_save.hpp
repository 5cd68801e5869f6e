// One save of many ranks: what this rank writes, and how rank 0 makes one checkpoint of the data files of all.
//
//   each rank   its values -> a data file under a temporary name, on the disk -> its entries, to rank 0
//   rank 0      index -> renames of all data files -> rename of the index: the instant (bundle/detail/publication.hpp)
//
// With CheckpointOptions::writers a rank may write what other ranks have (writer_groups.hpp).
//
// Whoever fails before that instant makes all ranks remove their files.
#pragma once

#include "../../bundle/detail/add_parts.hpp"
#include "../../bundle/detail/bundle_writer.hpp"
#include "../../bundle/detail/publication.hpp"
#include "../../bundle/detail/slice.hpp"
#include "../../bundle/index.hpp"
#include "../../bundle/object_graph.hpp"
#include "../../checkpoint/detail/save/background_thread.hpp"
#include "../../checkpoint/detail/save/save_job.hpp"
#include "../../checkpoint/detail/save/snapshot.hpp"
#include "../../core/detail/fail.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../../format/varint.hpp"
#include "../../graph/detail/walk.hpp"
#include "../../io/file_system.hpp"
#include "../../partition/detail/partitioned_type.hpp"
#include "../../partition/detail/present_rank.hpp"
#include "../options.hpp"
#include "agreement.hpp"
#include "index_merge.hpp"
#include "message.hpp"
#include "ranks_graph.hpp"
#include "replicated.hpp"
#include "writer_groups.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE::mpi::detail {

// What follows when the files are complete, for a manager.
struct Completion {
  std::function<void(const std::string& path)> after = {};  // on rank 0
  std::function<std::string()> news = {};                   // on rank 0: what all ranks are told then
  std::function<void(std::string_view)> hear = {};          // on every rank
  std::string* second_name = nullptr;                       // WriterOptions::second_name
};

class CollectiveSave {
 public:
  CollectiveSave(io::FileSystem& files, std::string path, const CheckpointOptions& options, Completion completion)
      : files_(files), path_(std::move(path)), options_(options), completion_(std::move(completion)) {}
  CollectiveSave(const CollectiveSave&) = delete;
  CollectiveSave& operator=(const CollectiveSave&) = delete;
  ~CollectiveSave() { wait(); }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  // Collective: looks at the state, compares it with those of the other ranks, and chooses what this rank writes.
  void plan(Channel& channel, const graph::detail::Root& root) {
    is_first_ = channel.rank() == 0;
    core::detail::Vec<RanksValue> values;
    core::detail::Vec<RanksPartitioned> partitioned;
    RanksGraph graph;
    const partition::detail::PresentRank present(channel.rank(), channel.size());
    const WriterGroups groups(options_.writers, channel.size());
    together(channel, [&] {
      live_ = graph::detail::walk(root, options_.skip_slot_variables);
      if (live_.by_savers != nullptr)
        core::detail::fail(ErrorCode::unimplemented,
                           {"the state has objects of a class with a registered saver, which many ranks cannot save "
                            "together; save it with cairn::Checkpoint on one of them"});
      graph = RanksGraph(live_);
      list_values(graph, values, partitioned);
      graph_.resize(1);
      graph_[0] = bundle::encode_object_graph(graph.common());
    });
    require_one_structure(channel, live_, graph, graph_[0], values, partitioned);
    if (options_.check_replicas) require_same_values(channel, live_, values);
    if (graph.has_own()) {  // on all ranks, then
      std::string own;
      together(channel, [&] { own = graph.encode_own(); });
      const std::vector<std::string> all = channel.gather(own);
      together(channel, [&] {
        if (is_first_) graph_[0] = bundle::encode_object_graph(std::move(graph).with(all));
      });
    }
    together(channel, [&] {
      const core::detail::Vec<int> group_of = divided(values, groups.count());
      core::detail::Vec<checkpoint::detail::SavedValue> own = std::move(values_);
      values_ = {};
      for (std::size_t i = 0; i < values.size(); ++i)
        if (groups.writer(group_of[i]) == channel.rank()) values_.push_back(std::move(values[i].value));
      for (checkpoint::detail::SavedValue& each : own) values_.push_back(std::move(each));
      first_part_ = values_.size();
      for (const RanksPartitioned& each : partitioned) add_parts(each);
      core::detail::sort(partitioned_keys_);
    });
    if (groups.count() < channel.size()) bring_together(channel, groups);
  }

  // Writes now.
  void write() {
    if (values_.empty() && others_.empty() && !is_first_) return;
    writer_ = core::detail::make_own<bundle::detail::BundleWriter>(path_,
                                                                   bundle::WriterOptions{
                                                                       .durability = options_.durability,
                                                                       .shard_size = options_.shard_size,
                                                                       .data_alignment = options_.data_alignment,
                                                                       .threads = options_.threads,
                                                                   },
                                                                   files_);
    if (is_copied_)
      copies_.add_to(*writer_, values_, options_.shard_size != 0, 0, first_part_);
    else
      for (std::size_t i = 0; i < first_part_; ++i) writer_->add_kept(values_[i].key, values_[i].view);
    for (std::size_t i = first_part_; i < values_.size(); ++i) {
      const PartOfRanks& part = parts_[i - first_part_];
      bundle::detail::add_slice(*writer_, values_[i].key, part.whole, part.slice, values_[i].view);
    }
    others_.add_to(*writer_);
    if (is_first_) writer_->add_kept(bundle::object_graph_key, TensorView(Shape{}, graph_));
    writer_->write_data();
  }
  // Copies the values, and writes the copies in a thread.
  void write_later() {
    copies_.take(values_, options_.threads);
    is_copied_ = true;
    live_.objects = {};
    for (graph::detail::LiveTensors& each : live_.tensors) each.tensors = {};
    live_.kept = {};
    thread_.start(path_, &CollectiveSave::write_in_thread, this);
  }
  void wait() noexcept { thread_.join(); }

  // Collective: makes one checkpoint of what all ranks have written. Throws on every rank what failed on one of them, in
  // writing or here.
  void publish(Channel& channel) {
    wait();
    std::string message;
    if (!failure_) failure_ = Failure::of([&] { message = encode_part(); });
    agree(channel, failure_);
    const std::vector<std::string> parts = channel.gather(message);
    together(channel, [&] {
      if (channel.rank() == 0) publish(parts);
    });
    if (writer_ == nullptr) return;
    for (const bundle::detail::NewShard& each : writer_->shards().list()) static_cast<void>(each.file->release());
  }
  // Collective, after publish(): the callbacks, and what a manager does.
  void complete(Channel& channel) {
    together(channel, [&] {
      if (const auto* const call = options_.write_callbacks.feature())
        call->run(*options_.write_callbacks.list(), path_);
    });
    const std::optional<Failure> failure = Failure::of([&] {
      if (channel.rank() == 0 && completion_.after) completion_.after(path_);
    });
    if (completion_.hear) {
      std::string news;
      const std::optional<Failure> untold = Failure::of([&] {
        if (channel.rank() == 0) news = completion_.news();
      });
      agree(channel, untold);
      channel.broadcast(news);
      completion_.hear(news);
    }
    agree(channel, failure);
  }

 private:
  static void* write_in_thread(void* place) noexcept {
    auto& save = *static_cast<CollectiveSave*>(place);
    save.failure_ = Failure::of([&] { save.write(); });
    return nullptr;
  }

  // Lists the values that all ranks have in one order, and those that are this rank's own in values_.
  void list_values(const RanksGraph& graph, core::detail::Vec<RanksValue>& values,
                   core::detail::Vec<RanksPartitioned>& partitioned) {
    const auto add = [&](std::int32_t node, std::string_view key, TensorView&& view,
                         std::shared_ptr<const void>&& owner) {
      if (graph.common_id(node) >= 0)
        values.push_back({node, {key, std::move(view), std::move(owner)}});
      else
        values_.push_back({key, std::move(view), std::move(owner)});
    };
    std::size_t next = 0;  // of live_.tensors
    for (std::size_t id = 0; id < live_.objects.size(); ++id) {
      const auto node = static_cast<std::int32_t>(id);
      const auto attributes = live_.graph.attributes(node);
      if (attributes.empty()) continue;
      if (next < live_.tensors.size() && live_.tensors[next].node == node) {
        const graph::detail::LiveTensors& several = live_.tensors[next++];
        auto key = several.keys.begin();
        for (const NamedTensors::Item& item : several.tensors) add(node, *key++, item.tensor.view(), nullptr);
        continue;
      }
      const graph::detail::Object& object = live_.objects[id];
      const graph::detail::LeafType& leaf = *object.type->leaf();
      if (graph.common_id(node) >= 0 && dynamic_cast<const partition::detail::AnyPartitionedType*>(&leaf) != nullptr) {
        partitioned.push_back(
            {node, attributes[0].checkpoint_key, &partition::detail::AnyPartitionedType::parts(object.address)});
        continue;
      }
      graph::detail::LeafValue value = leaf.value(object.address);
      add(node, attributes[0].checkpoint_key, std::move(value.view), std::move(value.kept));
    }
    if (!graph.has_own()) return;
    core::detail::sort(values, [&](const RanksValue& a, const RanksValue& b) {
      return a.node != b.node ? graph.common_id(a.node) < graph.common_id(b.node) : a.value.key < b.value.key;
    });
    core::detail::sort(partitioned, [&](const RanksPartitioned& a, const RanksPartitioned& b) {
      return graph.common_id(a.node) < graph.common_id(b.node);
    });
  }
  void add_parts(const RanksPartitioned& partitioned) {
    const partition::detail::PartitionedParts& parts = *partitioned.parts;
    const std::string_view key = partitioned.key;
    if (!parts.has_shape())
      core::detail::fail(
          ErrorCode::failed_precondition,
          {"the cairn::Partitioned under the key \"", key,
           "\" was made without a shape, or moved from, and has no value to save; assign one of a shape and "
           "boxes to it on every rank"},
          {.key = key});
    partitioned_keys_.push_back(key);
    const auto add = [&](const Shape& shape, std::span<const std::byte> bytes, format::TensorSlice slice) {
      values_.push_back({key, TensorView(parts.dtype(), shape, bytes), nullptr});
      parts_.push_back({parts.shape(), std::move(slice)});
    };
    if (parts.shape().num_elements() == 0) {
      if (is_first_) add(parts.shape(), {}, bundle::detail::slice_of_box(bundle::detail::box_of(parts.shape())));
      return;
    }
    for (std::size_t i = 0; i < parts.boxes().size(); ++i)
      if (parts.size_of_box(i) != 0)
        add(parts.boxes()[i].shape, parts.bytes_of_box(i), bundle::detail::slice_of_box(parts.boxes()[i]));
  }

  // Collective: of a rank that writes no file the values go to the one that writes them.
  void bring_together(Channel& channel, const WriterGroups& groups) {
    const int group = groups.of(channel.rank()), writer = groups.writer(group);
    SentValues sent;
    core::detail::Vec<std::span<const std::byte>> pieces;
    together(channel, [&] {
      if (channel.rank() == writer) return;
      for (std::size_t i = 0; i < values_.size(); ++i)
        sent.add(values_[i].key, values_[i].view, i < first_part_ ? nullptr : &parts_[i - first_part_]);
      pieces = sent.pieces();
    });
    std::vector<std::string> messages =
        channel.gather({pieces.data(), pieces.size()}, writer, groups.writer(group + 1));
    together(channel, [&] {
      if (channel.rank() == writer) return others_.take(std::move(messages), writer);
      values_ = {};
      parts_ = {};
      first_part_ = 0;
    });
  }

  // The temporary names of this rank's data files, and an index of them.
  [[nodiscard]] std::string encode_part() {
    std::string message;
    if (writer_ == nullptr) return message;
    const core::detail::Vec<bundle::detail::NewShard>& shards = writer_->shards().list();
    format::append_varint(message, shards.size());
    for (const bundle::detail::NewShard& each : shards) put(message, std::string_view(each.file->path()));
    for (bundle::detail::KeyedEntry& item : writer_->entries()) {
      std::int32_t number = 0;
      while (shards[static_cast<std::size_t>(number)].id != item.entry.shard) ++number;
      item.entry.shard = number;
      if (!item.entry.slices.empty()) item.entry.offset = item.entry.crc32c = 0;
    }
    message += bundle::detail::encode_index(writer_->header(), writer_->entries());
    return message;
  }

  void publish(const std::vector<std::string>& parts) {
    struct File {
      std::string path;
      std::size_t rank;
    };
    core::detail::Vec<File> files;
    core::detail::Vec<RanksIndex> indexes;
    const WriterGroups groups(options_.writers, static_cast<int>(parts.size()));
    for (std::size_t rank = 0; rank < parts.size(); ++rank) {
      if (parts[rank].empty()) continue;
      format::ByteReader message(parts[rank], "a message of a rank");
      const auto first = static_cast<std::int32_t>(files.size());
      for (std::uint64_t left = message.read_varint64(); left > 0; --left)
        files.push_back({std::string(take_text(message)), rank});
      const auto end = static_cast<std::size_t>(groups.writer(groups.of(static_cast<int>(rank)) + 1));
      indexes.push_back({{rank, end - 1}, message.read_bytes(message.remaining()), first});
    }
    bundle::detail::Publication publication(files_, path_, options_.durability,
                                            static_cast<std::int32_t>(files.size()));
    for (RanksIndex& each : indexes) each.first_shard = publication.number_of(each.first_shard);
    const std::string index = IndexMerge(indexes).encode(publication.num_shards(), partitioned_keys_);
    std::size_t named = 0;
    publication.publish(
        index, false,
        [&](bool is_named) {
          if (!is_named)
            while (named > 0) files_.remove_if_there(publication.data_path(static_cast<std::int32_t>(--named)));
          for (; is_named && named < files.size(); ++named)
            rename(files[named].path, files[named].rank, publication.data_path(static_cast<std::int32_t>(named)));
        },
        completion_.second_name);
    publication.remove_old();
  }
  void rename(const std::string& from, std::size_t rank, const std::string& to) {
    try {
      files_.rename(from, to);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found || files_.exists(from)) throw;
      core::detail::fail(ErrorCode::failed_precondition,
                         {"the data file \"", from, "\", which rank ", rank,
                          " has written, is not there for rank 0; save to a directory on a disk that all ranks share"},
                         {.file = from});
    }
  }

  io::FileSystem& files_;
  std::string path_;
  CheckpointOptions options_;
  Completion completion_;
  bool is_first_ = false;
  graph::detail::LiveGraph live_;  // which has the keys
  core::detail::Vec<checkpoint::detail::SavedValue>
      values_;  // that this rank writes; from first_part_ on they are parts_
  core::detail::Vec<PartOfRanks> parts_;
  std::size_t first_part_ = 0;
  ReceivedValues others_;                                   // of the other ranks of its group, which this rank writes
  core::detail::Vec<std::string_view> partitioned_keys_;    // of all ranks, sorted
  std::vector<std::string> graph_;                          // encoded, a string tensor of one element
  core::detail::Own<bundle::detail::BundleWriter> writer_;  // null where this rank writes no file
  checkpoint::detail::Snapshot copies_;
  bool is_copied_ = false;
  std::optional<Failure> failure_;
  checkpoint::detail::BackgroundThread thread_;
};

}  // namespace CAIRN_NAMESPACE::mpi::detail
