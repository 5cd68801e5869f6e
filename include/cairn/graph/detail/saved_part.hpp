// Nodes that an object is saved with and that are no object of the program: a list that TensorFlow keeps and C++ need
// not, as Keras' `_operations`. And a list of children that depends on what the checkpoint has.
#pragma once

#include "object.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace cairn::graph::detail {

// A place that holds its object as one of `type`.
class SlotAs final : public SlotType {
 public:
  explicit SlotAs(const ObjectType& type) : type_(type) {}
  [[nodiscard]] Object get(void* place) const override { return {place, &type_}; }

 private:
  const ObjectType& type_;
};

// A part of the objects of one type: known by the object's address and by the part. Lives as long as that type, so that
// its own address is its identity.
class SavedPart final : public ObjectType {
 public:
  using Children = std::function<void(void* object, const ChildSink& sink)>;
  using Restored = std::function<core::detail::Own<Resize>(void* object, std::span<const std::string_view> saved)>;

  SavedPart(
      std::string_view name, Children children,
      Restored restored = [](void*, std::span<const std::string_view>) { return nullptr; })
      : name_(name), children_(std::move(children)), restored_(std::move(restored)), slot_(*this) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  void children(void* object, const ChildSink& sink) const override { children_(object, sink); }
  [[nodiscard]] core::detail::Own<Resize> resize(void* object, std::span<const std::string_view> saved) const override {
    return restored_(object, saved);
  }

  [[nodiscard]] Slot of(void* object) const { return {object, &slot_}; }

 private:
  std::string_view name_;
  Children children_;
  Restored restored_;
  SlotAs slot_;
};

// What ObjectType::resize() returns for an object whose children go by other names in some checkpoints: `children` are
// those to restore, `commit` is called when all of them are.
class RestoredAs final : public Resize {
 public:
  using Children = std::function<void(const ChildSink& sink)>;

  explicit RestoredAs(
      Children children, std::function<void()> commit = [] {})
      : children_(std::move(children)), commit_(std::move(commit)) {}

  void children(const ChildSink& sink) const override { children_(sink); }
  void commit() noexcept override { commit_(); }

 private:
  Children children_;
  std::function<void()> commit_;
};

}  // namespace cairn::graph::detail
