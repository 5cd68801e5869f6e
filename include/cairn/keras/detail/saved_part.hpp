// Nodes that an object is saved with and that are no object of the program: a list that Keras keeps and C++ need not, as
// `_operations`. And lists of children that depend on what the checkpoint has.
#pragma once

#include "../../core/detail/own.hpp"
#include "../../graph/detail/object.hpp"

#include <span>
#include <string_view>

namespace CAIRN_NAMESPACE::keras::detail {

// A place that holds its object as one of `type`.
class SlotAs final : public graph::detail::SlotType {
 public:
  explicit SlotAs(const graph::detail::ObjectType& type) : type_(type) {}
  [[nodiscard]] graph::detail::Object get(void* place) const override { return {place, &type_}; }

 private:
  const graph::detail::ObjectType& type_;
};

// A type whose objects have several lists of children: of the object itself as different checkpoints have it, and of its
// parts. Such a list is a form; each type has its own numbers for them.
class TypeOfForms : public graph::detail::ObjectType {
 public:
  using Form = unsigned;

  virtual void list(Form form, void* object, const graph::detail::ChildSink& sink) const = 0;
  // As ObjectType::resize(), for the part of this form.
  [[nodiscard]] virtual core::detail::Own<graph::detail::Resize> resize_part(Form, void*,
                                                                             std::span<const std::string_view>) const {
    return nullptr;
  }
  // The object was restored in this form; and a restore in this form ends, whether the object was restored or not.
  virtual void commit(Form, void*) const noexcept {}
  virtual void end(Form, void*) const noexcept {}
};

// A part of the objects of one type: known by the object's address and by the part. It lives as long as that type, so
// that its own address is its identity.
class SavedPart final : public graph::detail::ObjectType {
 public:
  SavedPart(std::string_view name, const TypeOfForms& of, TypeOfForms::Form form)
      : name_(name), of_(of), form_(form), slot_(*this) {}

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  void children(void* object, const graph::detail::ChildSink& sink) const override { of_.list(form_, object, sink); }
  [[nodiscard]] core::detail::Own<graph::detail::Resize> resize(
      void* object, std::span<const std::string_view> saved) const override {
    return of_.resize_part(form_, object, saved);
  }

  [[nodiscard]] graph::detail::Slot of(void* object) const { return {object, &slot_}; }

 private:
  std::string_view name_;
  const TypeOfForms& of_;
  TypeOfForms::Form form_;
  SlotAs slot_;
};

// What resize() returns for an object that is restored in one of the forms.
class RestoredAs final : public graph::detail::Resize {
 public:
  RestoredAs(const TypeOfForms& of, TypeOfForms::Form form, void* object) : of_(of), form_(form), object_(object) {}
  RestoredAs(const RestoredAs&) = delete;
  RestoredAs& operator=(const RestoredAs&) = delete;
  ~RestoredAs() override { of_.end(form_, object_); }

  void children(const graph::detail::ChildSink& sink) const override { of_.list(form_, object_, sink); }
  void commit() noexcept override { of_.commit(form_, object_); }

 private:
  const TypeOfForms& of_;
  TypeOfForms::Form form_;
  void* object_;
};

}  // namespace CAIRN_NAMESPACE::keras::detail
