// The object graph of a large checkpoint, checked as its bytes pass: each node as decode_object_graph() decodes it, that
// nodes refer to nodes that exist, and values to keys that do.
#pragma once

#include "../../core/detail/sort.hpp"
#include "../../core/detail/vec.hpp"
#include "../../format/object_graph.hpp"
#include "../../format/wire.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace CAIRN_NAMESPACE::bundle::detail {

// The keys of an index, eight bytes of memory each. A key that is not there is taken for one that is with a chance of
// less than one to 10^12, for ten million keys.
class KnownKeys {
 public:
  void reserve(std::size_t count) { hashes_.reserve(count); }
  void add(std::string_view key) { hashes_.push_back(std::hash<std::string_view>{}(key)); }
  // Called once, after all were added.
  void sort() { core::detail::sort(hashes_); }
  [[nodiscard]] bool has(std::string_view key) const {
    const std::size_t hash = std::hash<std::string_view>{}(key);
    const std::size_t at = core::detail::lower_place(hashes_.size(), [&](std::size_t i) { return hashes_[i] < hash; });
    return at < hashes_.size() && hashes_[at] == hash;
  }

 private:
  core::detail::Vec<std::size_t> hashes_;
};

class WholeGraph {
 public:
  // The keys must outlive it.
  explicit WholeGraph(const KnownKeys& keys) : keys_(keys) {}

  // Takes the next bytes of the message. Throws Error with ErrorCode::data_loss for what is no graph.
  void add(std::span<const std::byte> bytes) {
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::size_t done = 0;
    while (is_good_) {
      const std::string_view rest = std::string_view(bytes_).substr(done);
      const std::size_t taken = left_in_node_ > 0 ? take_fields(rest) : take_nodes(rest);
      if (taken == 0) break;
      done += taken;
    }
    bytes_.erase(0, done);
  }
  // Returns true when the bytes so far are a graph that is as it should be.
  [[nodiscard]] bool is_good() const noexcept {
    return is_good_ && bytes_.empty() && left_in_node_ == 0 && nodes_ > 0 && largest_id_ < nodes_;
  }

 private:
  // A node with more bytes is decoded in pieces: its fields are those of several nodes as well.
  static constexpr std::size_t large_node = std::size_t{256} << 10;
  static constexpr char node_tag = '\x0a';  // field 1, with a length

  struct Head {
    std::size_t bytes = 0;   // of the tag and the length; 0 where they are cut
    std::uint64_t size = 0;  // of what follows
  };
  [[nodiscard]] static Head head_of(std::string_view bytes) {
    std::size_t size = 1;
    while (size < bytes.size() && (static_cast<unsigned char>(bytes[size]) & 0x80u) != 0) ++size;
    if (++size > bytes.size()) return {};
    return {size, format::ByteReader(bytes.substr(1, size - 1)).read_varint64()};
  }

  // Checks the nodes that are there as a whole, and returns how many bytes they take; of a large node that is the first
  // only the head.
  [[nodiscard]] std::size_t take_nodes(std::string_view bytes) {
    std::size_t whole = 0;
    while (whole < bytes.size()) {
      if (bytes[whole] != node_tag) {  // not what TensorFlow writes: the message is decoded as a whole
        is_good_ = false;
        return 0;
      }
      const Head head = head_of(bytes.substr(whole));
      if (head.bytes == 0) break;
      if (head.size > large_node) {
        if (whole > 0) break;
        left_in_node_ = head.size;
        ++nodes_;
        return head.bytes;
      }
      if (head.size > bytes.size() - whole - head.bytes) break;
      whole += head.bytes + static_cast<std::size_t>(head.size);
    }
    if (whole > 0) nodes_ += check(bytes.substr(0, whole));
    return whole;
  }

  // Checks the fields of a large node that are there as a whole, and returns how many bytes they take.
  [[nodiscard]] std::size_t take_fields(std::string_view bytes) {
    std::string whole, field;
    try {
      format::FieldReader fields(
          bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_in_node_, bytes.size()))),
          "the object graph");
      for (; fields.next(); whole += field) fields.skip(&(field = {}));
    } catch (const Error&) {}  // the last one is cut, or damaged: then it will never be whole
    if (whole.empty()) return 0;
    std::string node(1, node_tag);
    format::append_varint(node, whole.size());
    check(node += whole);
    left_in_node_ -= whole.size();
    return whole.size();
  }

  // Returns the number of nodes.
  std::size_t check(std::string_view message) {
    const ObjectGraph graph = format::decode_object_graph(message);
    const auto refer = [&](std::int32_t id) {
      is_good_ = is_good_ && id >= 0;
      largest_id_ = std::max(largest_id_, static_cast<std::size_t>(std::max(id, 0)));
    };
    for (std::size_t id = 0; id < graph.size(); ++id) {
      const ObjectGraph::Node node = graph[static_cast<std::int32_t>(id)];
      for (const ObjectReference child : node.children) refer(child.node_id);
      for (const SlotVariableReference slot : node.slot_variables) {
        refer(slot.original_variable_node_id);
        refer(slot.slot_variable_node_id);
      }
      for (const SerializedTensor attribute : node.attributes)
        is_good_ = is_good_ && keys_.has(attribute.checkpoint_key);
    }
    return graph.size();
  }

  const KnownKeys& keys_;
  std::string bytes_;  // those that were not taken yet
  std::uint64_t left_in_node_ = 0;
  std::size_t nodes_ = 0, largest_id_ = 0;
  bool is_good_ = true;
};

}  // namespace CAIRN_NAMESPACE::bundle::detail
