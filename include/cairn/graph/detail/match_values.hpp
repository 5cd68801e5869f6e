// The values of one saved node and the live object that it is bound to: what fits is planned, what does not is listed.
//
// For match.hpp, which finds out what is bound to what.
#pragma once

#include "../../core/detail/keys.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/error.hpp"
#include "../mismatch.hpp"
#include "../named_tensors.hpp"
#include "byte_claim.hpp"
#include "casting.hpp"
#include "match_item.hpp"
#include "mismatch_policy.hpp"
#include "node_table.hpp"
#include "object.hpp"
#include "restore_plan.hpp"
#include "shown_path.hpp"
#include "tensor_source.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::graph::detail {

class ValueMatcher {
 public:
  ValueMatcher(const NodeTable& saved, const TensorSource& source, MismatchPolicy on_mismatch, const Casting& cast)
      : saved_(saved),
        source_(source),
        on_mismatch_(std::move(on_mismatch)),
        cast_(cast),
        claims_(saved.size()),
        is_taken_(saved.attribute_count()) {}

  [[nodiscard]] const TensorSource& source() const noexcept { return source_; }
  [[nodiscard]] OnMismatch on_mismatch(std::string_view path) const { return on_mismatch_.of(path); }

  // A leaf that is bound, of that ValuePath. False when nothing is saved for it there.
  bool take(std::int32_t node, const Object& object, const LeafType& leaf, const ValuePath& path, RestorePlan& plan) {
    const core::detail::FlatGraph::Attribute* attribute = nullptr;
    for (const core::detail::FlatGraph::Attribute& candidate : saved_[node].attributes)
      if (candidate.name == core::detail::variable_value || (candidate.name == "py_state" && leaf.dtype() == DT_STRING))
        attribute = &candidate;
    if (attribute == nullptr) return false;
    const std::string_view& key = attribute->checkpoint_key;  // the plan refers to it
    const TensorSource::Description saved = find(node, key, path);
    claim(node, &attribute, 1);
    const bool is_cast = cast_.allows(saved.dtype, leaf.dtype());
    const Conversion conversion = is_cast ? Conversion{saved.dtype, leaf.dtype(), cast_} : Conversion{};
    if ((saved.dtype != leaf.dtype() && !is_cast) || !leaf.accepts(object.address, saved.shape)) {
      Mismatch mismatch{path(), std::string(key), shown(leaf.dtype(), leaf.accepted(object.address)),
                        shown(saved.dtype, saved.shape.to_string())};
      if (saved.dtype == leaf.dtype() || is_cast)
        if (auto part = on_mismatch_.land_part(mismatch.path, leaf, object.address, saved.shape, mismatch.taken))
          plan.add(key, saved.place, std::move(part), conversion);
      add_mismatch(std::move(mismatch));
      return true;
    }
    plan.add(key, saved.place, leaf.land(object.address, saved.shape), conversion);
    add_matched(path);
    return true;
  }

  // An object of several tensors that is bound: each that it has now must be saved, with its dtype. False when none is.
  bool take(std::int32_t node, const Object& object, const SeveralTensorsType& type, const ValuePath& path,
            RestorePlan& plan) {
    const auto attributes = saved_[node].attributes;
    if (attributes.empty()) return false;
    const NamedTensors present = type.serialize(object.address);
    core::detail::Vec<const core::detail::FlatGraph::Attribute*> taken;
    NamedTensors values;
    bool fits = true;
    const auto refuse = [&](const std::string& name, const std::string& key, std::string expected, std::string found) {
      add_mismatch({path() + "'s tensor '" + name + "'", key, std::move(expected), std::move(found)}, path());
      fits = false;
    };
    const std::string_view saveable = type.saveable_name();
    for (const NamedTensors::Item& item : present) {
      const std::string name = saveable.empty() ? core::detail::escape_local_name(item.name) : std::string(saveable);
      const core::detail::FlatGraph::Attribute* attribute = attributes.begin();
      while (attribute != attributes.end() && attribute->name != name) ++attribute;
      const std::string expected = shown(item.tensor.dtype(), item.tensor.shape().to_string());
      if (attribute == attributes.end()) {
        refuse(item.name, std::string(attributes[0].checkpoint_key), expected, "not there");
        continue;
      }
      if (saveable.empty() || taken.empty()) taken.push_back(attribute);
      const std::string key = std::string(attribute->checkpoint_key) + (saveable.empty() ? "" : item.name);
      const TensorSource::Description saved = find(node, key, path);
      if (saved.dtype != item.tensor.dtype() && !cast_.allows(saved.dtype, item.tensor.dtype()))
        refuse(item.name, key, expected, shown(saved.dtype, saved.shape.to_string()));
      else if (fits)
        values.add(item.name, read(key, saved, item.tensor.dtype()));
    }
    claim(node, taken.data(), taken.size());
    if (fits) restore(node, object, type, path, present, values, plan);
    return true;
  }

  // A saved node whose values have gone elsewhere, or need not go anywhere.
  void claim_all(std::int32_t node) {
    claims_[static_cast<std::size_t>(node)] = true;
    for (const core::detail::FlatGraph::Attribute& each : saved_[node].attributes) is_taken(each) = true;
  }
  void add_matched(const ValuePath& path) {
    if (path.item != MatchItem::no_parent)
      matched_.add(path.item);
    else
      matched_.add(path());
  }
  // Of the object with that path.
  void add_mismatch(Mismatch mismatch, std::string_view path) {
    const bool is_refused = on_mismatch(path) != OnMismatch::skip && mismatch.taken.empty();
    (is_refused ? refused_ : mismatched_).push_back(std::move(mismatch));
  }
  void add_mismatch(Mismatch mismatch) {
    const std::string path = mismatch.path;
    add_mismatch(std::move(mismatch), path);
  }

  // What the status calls the saved values of a node that nobody took: the node by its path, or single attributes of
  // it where others were taken.
  void list_unclaimed(std::int32_t node, std::vector<std::string>& paths) const {
    if (!claims_[static_cast<std::size_t>(node)]) {
      if (saved_[node].registered_saver)
        paths.push_back(saved_.path(node) + "'s registered saver '" + std::string(saved_[node].registered_saver->name) +
                        "'");
      else if (!saved_[node].attributes.empty())
        paths.push_back(node == 0 ? "(root)" : saved_.path_with_rename(node));
    } else {
      for (const core::detail::FlatGraph::Attribute& each : saved_[node].attributes)
        if (!is_taken_[saved_.number_of(each)])
          paths.push_back(saved_.path(node) + "'s attribute '" + std::string(each.name) + "'");
    }
  }

  [[nodiscard]] PathList matched(const MatchItems& items) const { return matched_.paths(items); }
  [[nodiscard]] const std::vector<Mismatch>& mismatched() const noexcept { return mismatched_; }
  // Those for which the restore must be.
  [[nodiscard]] const std::vector<Mismatch>& refused() const noexcept { return refused_; }

  struct Progress {
    std::size_t matched = 0, mismatched = 0;
    ByteClaim claim;
  };
  [[nodiscard]] Progress progress() const { return {matched_.size(), mismatched_.size(), claim_}; }
  void roll_back(const Progress& progress) {
    matched_.shrink_to(progress.matched);
    while (mismatched_.size() > progress.mismatched) mismatched_.pop_back();
    refused_.clear();
    claim_ = progress.claim;
  }
  void give_back(std::int32_t node) {
    claims_[static_cast<std::size_t>(node)] = false;
    for (const core::detail::FlatGraph::Attribute& each : saved_[node].attributes) is_taken(each) = false;
  }

 private:
  [[nodiscard]] static std::string shown(DType dtype, const std::string& shape) {
    return to_string(dtype) + " " + shape;
  }

  [[nodiscard]] bool& is_taken(const core::detail::FlatGraph::Attribute& attribute) {
    return is_taken_[saved_.number_of(attribute)];
  }
  // `taken` are attributes of the node, `count` of them.
  void claim(std::int32_t node, const core::detail::FlatGraph::Attribute* const* taken, std::size_t count) {
    claims_[static_cast<std::size_t>(node)] = true;
    for (std::size_t i = 0; i < count; ++i) is_taken(*taken[i]) = true;
  }

  [[nodiscard]] TensorSource::Description find(std::int32_t node, std::string_view key, const ValuePath& path) {
    TensorSource::Description saved = source_.find(key);
    if (!saved)
      throw Error(ErrorCode::not_found, "the object graph of " + source_.name() + " says that " + path_or_root(path()) +
                                            " is saved under " + std::string(key) +
                                            ", but there is no such key; the checkpoint was cut down or damaged")
          .in_file(source_.name())
          .at_key(std::string(key));
    if (!saved_.is_copy(node)) claim_.add(key, saved, source_);
    return saved;
  }

  [[nodiscard]] AnyTensor read(const std::string& key, const TensorSource::Description& saved, DType to) const {
    if (saved.dtype == DT_STRING) {
      std::vector<std::string> strings(static_cast<std::size_t>(saved.shape.num_elements()));
      source_.read_strings(key, strings);
      return {saved.shape, std::move(strings)};
    }
    AnyTensor value(saved.dtype, saved.shape);
    source_.read(key, value.bytes());
    if (saved.dtype == to) return value;
    AnyTensor converted(to, saved.shape);
    cast_.convert(source_, key, saved.dtype, value.bytes(), to, converted.bytes());
    return converted;
  }

  // What the class itself throws for values that it cannot take is a mismatch, too.
  void restore(std::int32_t node, const Object& object, const SeveralTensorsType& type, const ValuePath& path,
               const NamedTensors& present, const NamedTensors& values, RestorePlan& plan) {
    const auto list = [](const NamedTensors& tensors) {
      std::string text;
      for (const NamedTensors::Item& item : tensors)
        text +=
            (text.empty() ? "" : ", ") + item.name + " " + shown(item.tensor.dtype(), item.tensor.shape().to_string());
      return text;
    };
    try {
      plan.add_value(type.restore(object.address, values));
      add_matched(path);
    } catch (const Error& error) {
      if (on_mismatch(path()) != OnMismatch::skip || error.code() != ErrorCode::invalid_argument) throw;
      mismatched_.push_back(
          {path(), std::string(saved_[node].attributes[0].checkpoint_key), list(present), list(values)});
    }
  }

  const NodeTable& saved_;
  const TensorSource& source_;
  MismatchPolicy on_mismatch_;
  Casting cast_;
  ByteClaim claim_;
  core::detail::Vec<bool> claims_;    // by node: something of it was taken
  core::detail::Vec<bool> is_taken_;  // by attribute, of those nodes
  MatchedValues matched_;
  std::vector<Mismatch> mismatched_;
  std::vector<Mismatch> refused_;
};

}  // namespace cairn::graph::detail
