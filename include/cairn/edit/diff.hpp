// diff: the differences between two checkpoints, tensor by tensor.
//
//   const cairn::CheckpointDiff diff = cairn::diff("training/ckpt-2", "training/ckpt-3", {.tolerance = 1e-6});
//   if (!diff.empty()) std::cout << diff;
//
//   training/ckpt-2 and training/ckpt-3: 11 tensors are the same, 1 differs, 1 only in the first, 0 only in the second
//     only in the first   model/old/.ATTRIBUTES/VARIABLE_VALUE
//     differs             step/.ATTRIBUTES/VARIABLE_VALUE  int64 []: 1 of 1 element, by 100 at most, 100 in the mean
#pragma once

#include "../bundle/detail/compare_strings.hpp"
#include "../bundle/entry_reader.hpp"
#include "../bundle/find_checkpoint.hpp"
#include "../bundle/reader.hpp"
#include "../bundle/rewrite.hpp"
#include "../core/path_argument.hpp"
#include "../graph/rename.hpp"
#include "../tensor/detail/convert_numbers.hpp"
#include "../tensor/detail/number_types.hpp"
#include "../tensor/print.hpp"
#include "detail/edits.hpp"
#include "detail/merged_graph.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace CAIRN_NAMESPACE {

// How diff() compares.
struct DiffOptions {
  // Two numbers are the same when their distance is at most `tolerance`, plus `relative_tolerance` times the larger
  // one's absolute value.
  double tolerance = 0;
  double relative_tolerance = 0;
  // With `across_dtypes`, tensors of numbers whose dtypes differ are compared by their values, too.
  bool across_dtypes = false;
  // The names that the first checkpoint's values have in the second one, in the form of CheckpointEditor::rename. The
  // first checkpoint is compared as if it had been renamed so. Two object graphs are the same then when the same names
  // lead to the same values.
  std::vector<Rename> rename = {};
};

// The differences between two checkpoints `a` and `b`. Every tensor is counted once: in one of the lists, or in `same`.
struct CheckpointDiff {
  // A tensor whose dtype or shape differs.
  struct OtherType {
    // The tensor's key, and its dtype and shape in either checkpoint: "float32 [784, 10]".
    std::string key;
    std::string a;
    std::string b;
  };
  // A tensor of one shape with elements that differ. The two differences are nullopt for strings, and for dtypes that
  // C++ has no type for, such as quantized numbers.
  struct Changed {
    // The tensor's key, its dtype in `a`, and the shape that it has in both.
    std::string key;
    DType dtype = DT_INVALID;
    Shape shape;
    // The number of elements that differ by more than the tolerance.
    std::uint64_t elements = 0;
    std::optional<double> largest_difference = std::nullopt;
    // The mean of the absolute differences, over all elements.
    std::optional<double> mean_difference = std::nullopt;
    // The dtype in `b`, where it is another one than in `a`.
    std::optional<DType> other_dtype = std::nullopt;
  };

  std::string a;  // the prefixes of the two checkpoints
  std::string b;
  std::vector<std::string> only_in_a;
  std::vector<std::string> only_in_b;
  std::vector<OtherType> other_type;
  std::vector<Changed> changed;
  // The number of tensors that are the same.
  std::size_t same = 0;

  // Returns true when the checkpoints are the same.
  [[nodiscard]] bool empty() const noexcept {
    return only_in_a.empty() && only_in_b.empty() && other_type.empty() && changed.empty();
  }

  // Returns a text like the one at the top of this file.
  [[nodiscard]] std::string to_string() const {
    const auto count = [](std::size_t size, const char* what) { return ", " + std::to_string(size) + what; };
    std::string text = a + " and " + b + ": " + std::to_string(same) + (same == 1 ? " tensor is" : " tensors are") +
                       " the same" + count(changed.size(), changed.size() == 1 ? " differs" : " differ");
    if (!other_type.empty()) text += count(other_type.size(), " of another dtype or shape");
    text += count(only_in_a.size(), " only in the first") + count(only_in_b.size(), " only in the second") + "\n";
    for (const std::string& key : only_in_a) text += "  only in the first   " + key + "\n";
    for (const std::string& key : only_in_b) text += "  only in the second  " + key + "\n";
    for (const OtherType& each : other_type)
      text += "  dtype or shape      " + each.key + "  " + each.a + " in the first, " + each.b + " in the second\n";
    for (const Changed& each : changed) {
      text += "  differs             " + each.key + "  " + cairn::to_string(each.dtype);
      if (each.other_dtype) text += " and " + cairn::to_string(*each.other_dtype);
      text += " " + each.shape.to_string();
      if (each.elements > 0) {
        text += ": " + std::to_string(each.elements) + " of " + std::to_string(each.shape.num_elements()) +
                (each.shape.num_elements() == 1 ? " element" : " elements");
        if (each.largest_difference) {
          tensor::detail::append_element(text += ", by ", *each.largest_difference);
          tensor::detail::append_element(text += " at most, ", *each.mean_difference);
          text += " in the mean";
        }
      }
      text += "\n";
    }
    return text;
  }
  friend std::ostream& operator<<(std::ostream& out, const CheckpointDiff& diff) { return out << diff.to_string(); }
};

namespace edit::detail {

// Returns the distance of two numbers. Two NaNs are the same; a NaN is infinitely far from every number.
template <class Wide>
[[nodiscard]] double distance_between(const Wide& a, const Wide& b) noexcept {
  if constexpr (std::is_integral_v<Wide>) {
    const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
    return static_cast<double>(a < b ? y - x : x - y);
  } else if constexpr (tensor::detail::is_complex<Wide>) {
    return std::hypot(distance_between(a.real(), b.real()), distance_between(a.imag(), b.imag()));
  } else {
    if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
    const double distance = std::abs(a - b);
    return std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance;
  }
}

// Returns the absolute value of a number.
template <class Wide>
[[nodiscard]] double magnitude_of(const Wide& a) noexcept {
  if constexpr (tensor::detail::is_complex<Wide>)
    return std::abs(a);
  else
    return std::abs(static_cast<double>(a));
}

// The elements of two tensors of numbers, of one dtype and shape.
inline void compare_elements(const AnyTensor& a, const AnyTensor& b, const DiffOptions& options,
                             CheckpointDiff::Changed& changed) {
  const auto count = static_cast<std::size_t>(a.shape().num_elements());
  const std::size_t size = size_of(a.dtype());
  const bool is_number = tensor::detail::with_number_type(a.dtype(), [&]<class T>(std::type_identity<T>) {
    double largest = 0, sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      T x{}, y{};
      if constexpr (std::is_same_v<T, bool>) {  // the bytes of a file may say anything
        x = a.bytes()[i] != std::byte{0};
        y = b.bytes()[i] != std::byte{0};
      } else {
        std::memcpy(&x, a.bytes().data() + i * size, size);
        std::memcpy(&y, b.bytes().data() + i * size, size);
      }
      const double distance = distance_between(tensor::detail::widest(x), tensor::detail::widest(y));
      largest = std::max(largest, distance);
      sum += distance;
      double limit = options.tolerance;
      if (options.relative_tolerance > 0 && std::isfinite(distance))
        limit += options.relative_tolerance *
                 std::max(magnitude_of(tensor::detail::widest(x)), magnitude_of(tensor::detail::widest(y)));
      changed.elements += distance > limit ? 1u : 0u;
    }
    changed.largest_difference = largest;
    changed.mean_difference = count == 0 ? 0 : sum / static_cast<double>(count);
  });
  if (is_number) return;
  for (std::size_t i = 0; i < count; ++i)
    changed.elements += std::memcmp(a.bytes().data() + i * size, b.bytes().data() + i * size, size) != 0 ? 1u : 0u;
}

// A tensor's bytes as they are stored, part by part, for what nobody here can look into.
[[nodiscard]] inline std::string stored_bytes_of(const bundle::Reader& reader, const std::string& key,
                                                 const bundle::Entry& entry) {
  std::string bytes;
  const auto append = [&](std::span<const std::byte> piece) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  };
  if (entry.slices.empty()) {
    reader.require_stored(key, entry);
    static_cast<void>(reader.copy_stored(key, entry, append));
  }
  for (std::size_t i = 0; i < entry.slices.size(); ++i) {
    const bundle::Entry& part = bundle::detail::stored_part(reader, key, entry, i);
    reader.require_stored(key, part);
    static_cast<void>(reader.copy_stored(key, part, append));
  }
  return bytes;
}

// The narrowest dtype that has the numbers of both; of integers beyond all of them the nearest.
[[nodiscard]] inline std::pair<AnyTensor, AnyTensor> in_one_dtype(const AnyTensor& a, const AnyTensor& b) {
  const tensor::detail::NumberSort sort =
      std::max(tensor::detail::number_range(a.dtype()).sort, tensor::detail::number_range(b.dtype()).sort);
  std::pair<AnyTensor, AnyTensor> both;
  for (const DType dtype : {DT_INT64, DT_UINT64, DT_DOUBLE, DT_COMPLEX128}) {
    if (tensor::detail::number_range(dtype).sort < sort) continue;
    both = {AnyTensor(dtype, a.shape()), AnyTensor(dtype, b.shape())};
    if (!tensor::detail::convert(a.dtype(), a.bytes(), dtype, both.first.bytes()) &&
        !tensor::detail::convert(b.dtype(), b.bytes(), dtype, both.second.bytes()))
      break;
  }
  return both;
}

// A tensor of the first checkpoint and one of the second.
struct Compared {
  const bundle::Reader& reader;
  std::string key;
  const bundle::Entry& entry;
};

inline void compare_tensors(const std::string& key, const Compared& a, const Compared& b, const DiffOptions& options,
                            CheckpointDiff& diff) {
  const DType dtype = a.entry.dtype;
  const bool are_numbers = options.across_dtypes && tensor::detail::may_cast(Cast::any, dtype, b.entry.dtype);
  if ((dtype != b.entry.dtype && !are_numbers) || a.entry.shape != b.entry.shape) {
    const auto shown = [](const bundle::Entry& each) {
      return cairn::to_string(each.dtype) + " " + each.shape.to_string();
    };
    diff.other_type.push_back({key, shown(a.entry), shown(b.entry)});
    return;
  }
  CheckpointDiff::Changed changed{.key = key, .dtype = dtype, .shape = a.entry.shape};
  bool is_same = false;
  if (dtype != b.entry.dtype) {
    const auto [first, second] = in_one_dtype(a.reader.read(a.key, a.entry), b.reader.read(b.key, b.entry));
    compare_elements(first, second, options, changed);
    changed.other_dtype = b.entry.dtype;
    is_same = changed.elements == 0;
  } else if (dtype == DT_STRING) {
    changed.elements = bundle::detail::different_strings(a.reader, a.key, a.entry, b.reader, b.key, b.entry);
    is_same = changed.elements == 0;
  } else if (size_of(dtype) != 0) {
    compare_elements(a.reader.read(a.key, a.entry), b.reader.read(b.key, b.entry), options, changed);
    is_same = changed.elements == 0;
  } else {
    is_same = stored_bytes_of(a.reader, a.key, a.entry) == stored_bytes_of(b.reader, b.key, b.entry);
  }
  if (is_same)
    ++diff.same;
  else
    diff.changed.push_back(std::move(changed));
}

// True when the same names lead to values of the same keys, in whatever order.
[[nodiscard]] inline bool have_same_names(const ObjectGraph& a, const ObjectGraph& b) {
  const auto matches = [](const ObjectGraph& from, const ObjectGraph& to) {
    const std::vector<std::int32_t> matched = match_graphs(from, to);
    for (std::size_t id = 0; id < matched.size(); ++id) {
      const ObjectGraph::Node node = from[static_cast<std::int32_t>(id)];
      if (matched[id] < 0) {
        if (node.attributes.empty()) continue;
        return false;
      }
      for (const ObjectReference child : node.children) {
        const auto& others = to[matched[id]].children;
        const std::int32_t counterpart = matched[static_cast<std::size_t>(child.node_id)];
        if (std::none_of(others.begin(), others.end(), [&](const ObjectReference& other) {
              return other.local_name == child.local_name && other.node_id == counterpart;
            }))
          return false;
      }
      const auto& others = to[matched[id]].attributes;
      for (const SerializedTensor each : node.attributes)
        if (std::none_of(others.begin(), others.end(), [&](const SerializedTensor& other) {
              return other.name == each.name && other.checkpoint_key == each.checkpoint_key;
            }))
          return false;
    }
    return true;
  };
  return matches(a, b) && matches(b, a);
}

// Compares the first checkpoint as it would be after some renames.
inline void diff_renamed(const bundle::Reader& second, const DiffOptions& options, io::FileSystem& files,
                         CheckpointDiff& diff) {
  EditedCheckpoint first(diff.a, files);
  for (const Rename& rule : options.rename) rename(first, rule.from, rule.to);
  const auto graph = read_saved_graph(second);
  if (first.graph() != nullptr && graph != nullptr) {
    if (have_same_names(*first.graph(), *graph))
      ++diff.same;
    else
      diff.changed.push_back(
          {.key = std::string(bundle::object_graph_key), .dtype = DT_STRING, .shape = {}, .elements = 1});
  } else if (first.graph() != nullptr || graph != nullptr) {
    (graph == nullptr ? diff.only_in_a : diff.only_in_b).emplace_back(bundle::object_graph_key);
  }
  for (const auto& [key, value] : first.values()) {
    const bundle::Entry* const other = bundle::find_entry(second.entries(), key);
    if (other == nullptr)
      diff.only_in_a.push_back(key);
    else
      compare_tensors(
          key, {*value.stored.reader, std::string(value.stored.key), value.stored.reader->lookup(value.stored.key)},
          {second, key, *other}, options, diff);
  }
  for (const auto& item : second.entries())
    if (item.first != bundle::object_graph_key && !first.values().contains(item.first))
      diff.only_in_b.push_back(item.first);
}

}  // namespace edit::detail

// Compares all tensors of two checkpoints by key; the object graph is compared as one text. Each path is a
// checkpoint's, that of a directory (its latest), or a SavedModel's. It takes the memory of the largest tensor of
// numbers, twice, and of a few blocks of each index, unless names are changed. Throws Error with ErrorCode::not_found
// when there is no checkpoint at one of the paths, and for a rename of a name that the first does not have;
// ErrorCode::data_loss for a damaged one; ErrorCode::failed_precondition for a checkpoint of a CheckpointManager with
// another format than TensorFlow's; ErrorCode::invalid_argument for a rename that cannot be meant;
// ErrorCode::already_exists for one to a name that is taken. Any thread may call it.
[[nodiscard]] inline CheckpointDiff diff(const PathArgument& a, const PathArgument& b, DiffOptions options = {},
                                         io::FileSystem& files = io::native()) {
  const bundle::Reader first(bundle::find_checkpoint(a, files), files);
  const bundle::Reader second(bundle::find_checkpoint(b, files), files);
  for (const bundle::Reader* const each : {&first, &second}) bundle::require_own_bytes(*each);
  CheckpointDiff diff;
  diff.a = first.prefix();
  diff.b = second.prefix();
  if (!options.rename.empty()) {
    edit::detail::diff_renamed(second, options, files, diff);
    return diff;
  }
  bundle::EntryReader ours(first), theirs(second);
  bool has_ours = ours.next(), has_theirs = theirs.next();
  while (has_ours || has_theirs) {
    const int order = !has_ours ? 1 : !has_theirs ? -1 : ours.key().compare(theirs.key());
    if (order < 0) {
      diff.only_in_a.emplace_back(ours.key());
    } else if (order > 0) {
      diff.only_in_b.emplace_back(theirs.key());
    } else {
      const std::string key(ours.key());
      edit::detail::compare_tensors(key, {ours.reader(), key, ours.entry()}, {theirs.reader(), key, theirs.entry()},
                                    options, diff);
    }
    if (order <= 0) has_ours = ours.next();
    if (order >= 0) has_theirs = theirs.next();
  }
  return diff;
}

}  // namespace CAIRN_NAMESPACE
