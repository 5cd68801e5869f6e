// A user's object without its type: what the walk sees from here down.
//
//   Object  = where it is + an ObjectType that can list its children or, for a leaf, show and take its value
//   Slot    = a place in a parent that names a child: a struct's member, an element of a list, a pointer
//   Landing = where a restored value will go;
//   Change  = a change of structure (a list that grows, a pointer that is set)
//
// Nothing here touches a user's value before commit(), and commit() cannot fail: that is how a restore checks
// everything first.
#pragma once

#include "../../core/detail/boxes.hpp"
#include "../../core/detail/function_ref.hpp"
#include "../../core/detail/own.hpp"
#include "../../core/detail/vec.hpp"
#include "../../core/dtype.hpp"
#include "../../core/shape.hpp"
#include "../../tensor/tensor_view.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {
class NamedTensors;
namespace tensor::detail {
struct VariableTraits;
}
}  // namespace CAIRN_NAMESPACE

namespace CAIRN_NAMESPACE::graph::detail {

class ObjectType;
class LeafType;
struct PointerFeature;
struct LiveGraph;
class RestorePlan;
class SeveralTensorsType;
struct SlotFeature;
class SlotVariableSet;
class TensorSource;
struct PlannedValue;

// Two Objects are the same when place and type are: a struct and its first member share an address.
struct Object {
  void* address = nullptr;
  const ObjectType* type = nullptr;

  explicit operator bool() const noexcept { return address != nullptr; }
  friend bool operator==(const Object&, const Object&) = default;
};

struct ObjectHash {
  std::size_t operator()(const Object& object) const noexcept {
    return reinterpret_cast<std::size_t>(object.address) * 31 + reinterpret_cast<std::size_t>(object.type);
  }
};

// A prepared change of the user's structure. Until commit() nothing of the user's has changed; a Change that is
// destroyed without it leaves no trace.
class Change {
 public:
  Change() = default;
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
  virtual ~Change() = default;
  virtual void commit() noexcept = 0;

  // Before commit(): what the change would end (an element of a list that shrinks, the object of a pointer that becomes
  // empty) stays where `is_needed` says so. A raw pointer elsewhere in the state may lead to it.
  virtual void spare(core::detail::FunctionRef<bool(const Object&)> /*is_needed*/) {}

  // Which bytes commit() will put elsewhere, with the objects in them.
  using MoveSink = core::detail::FunctionRef<void(void* from, std::size_t size, void* to)>;
  virtual void list_moves(const MoveSink& /*sink*/) const {}
};

// How a place holds its object: directly, or through a pointer or optional that may be empty.
class SlotType {
 public:
  SlotType() = default;
  SlotType(const SlotType&) = delete;
  SlotType& operator=(const SlotType&) = delete;
  virtual ~SlotType() = default;

  // The object in there now; an empty Object when there is none.
  [[nodiscard]] virtual Object get(void* place) const = 0;

  // The code of a restore for places that may be empty, shared, raw or loose (match_pointers.hpp); null where the object
  // is the place. The functions below but for is_outside() are called for places that have it.
  [[nodiscard]] virtual const PointerFeature* pointer_feature() const noexcept { return nullptr; }

  // True for shared and raw pointers: the object lives outside of its parent.
  [[nodiscard]] virtual bool is_outside() const noexcept { return false; }

  // True for raw pointers and references: nothing but the program says whose the object is.
  [[nodiscard]] virtual bool is_raw() const noexcept { return false; }

  // True for a pointer that may dangle. It is an edge only while other edges lead to its object as well; until that is
  // known, nobody looks at the object that get() names.
  [[nodiscard]] virtual bool is_loose() const noexcept { return false; }

  // For an empty place: makes a default object that commit() will put there, and tells it in `created`; `owner` is what
  // other shared pointers may hold, or null. Null when this place cannot make one (a raw pointer).
  [[nodiscard]] virtual core::detail::Own<Change> create(void*, Object& /*created*/,
                                                         std::shared_ptr<void>& /*owner*/) const {
    return nullptr;
  }
  // For a full place that held nothing when it was saved; null when the place cannot be empty.
  [[nodiscard]] virtual core::detail::Own<Change> clear(void*) const { return nullptr; }

  // For an empty shared pointer: makes it share `object`, kept alive by `owner`. Null when it cannot.
  [[nodiscard]] virtual core::detail::Own<Change> share(void*, const Object& /*object*/,
                                                        const std::shared_ptr<void>& /*owner*/) const {
    return nullptr;
  }
  // For a raw pointer or reference: makes it lead to `object`. Null for others, and for an object of another type.
  [[nodiscard]] virtual core::detail::Own<Change> point_to(void*, const Object& /*object*/) const { return nullptr; }
  // The owner that keeps the present object alive, when it can be shared; null otherwise.
  [[nodiscard]] virtual std::shared_ptr<void> owner(void*) const { return nullptr; }
};

struct Slot {
  void* place = nullptr;
  const SlotType* type = nullptr;

  [[nodiscard]] Object get() const { return type->get(place); }
};

// One child as its parent lists it. The names are valid during the call only.
struct Child {
  std::string_view name;                               // the name that a save writes
  std::span<const std::string_view> other_names = {};  // further names that a restore looks for
  Slot slot;
  std::shared_ptr<void> kept = nullptr;  // keeps the place alive when it is a copy made for this walk
};
using ChildSink = core::detail::FunctionRef<void(const Child&)>;
using SlotVariablesSink = core::detail::FunctionRef<void(std::string_view slot_name, SlotVariableSet&,
                                                         std::span<const std::string_view> other_names)>;

// A container about to take the number of children a checkpoint has. children() lists them as they will be: some in
// the user's container, some not there yet.
class Resize : public Change {
 public:
  virtual void children(const ChildSink& sink) const = 0;
  // True when commit() will move children that are there now.
  [[nodiscard]] virtual bool moves_children() const noexcept { return false; }
};

// A container that keeps its children as they are, whatever the checkpoint has for them.
class KeptChildren final : public Resize {
 public:
  void children(const ChildSink& /*sink*/) const override {}
  void commit() noexcept override {}
};

// Where a restored value goes.
class Landing {
 public:
  Landing() = default;
  Landing(const Landing&) = delete;
  Landing& operator=(const Landing&) = delete;
  virtual ~Landing() = default;

  // The bytes to fill (numbers) or the strings to fill; one of the two.
  [[nodiscard]] virtual std::span<std::byte> bytes() noexcept { return {}; }
  [[nodiscard]] virtual std::span<std::string> strings() noexcept { return {}; }
  // Of numbers whose places do not lie together, in place of bytes(); null for others.
  [[nodiscard]] virtual tensor::detail::ScatteredElements* scattered() noexcept { return nullptr; }
  // What bytes() takes of the tensor; boxes come to lie one behind the other.
  [[nodiscard]] virtual core::detail::Boxes boxes() const noexcept { return {}; }
  // The value will be converted. For boxes, which cannot be read twice without memory, in_place() is false from here on.
  virtual void leave_place() {}
  // True when it is the user's own memory that is filled, which must not be written before all checks have passed.
  [[nodiscard]] virtual bool in_place() const noexcept { return false; }
  // Of scattered(): reads the first of `count` values, whose landing this is, and those behind it that lie beside it, and
  // returns how many. If `only_checks` is set, it throws the same, and puts nothing anywhere. What it needs of `buffer`
  // is the same in both cases, so that the second one takes no memory.
  virtual std::size_t read_together(const TensorSource&, const PlannedValue* /*values*/, std::size_t /*count*/,
                                    bool /*only_checks*/, core::detail::Vec<std::byte>& /*buffer*/) const {
    return 1;
  }
  // Called once the value is there and in_place() is false; the last chance to throw.
  virtual void prepare() {}
  virtual void commit() noexcept {}
};

// A leaf's value as it is now. `kept` keeps alive what the view looks at where that is not the user's own.
struct LeafValue {
  TensorView view;
  std::shared_ptr<const void> kept = nullptr;
};

// Gives an object its children's values, one by one, in the middle of a restore: to a class that loads itself (through
// cereal), and to one whose children are told by one of them. Its functions are in match_objects.hpp.
struct NodeLoader {
  RestorePlan& plan;
  std::uint32_t item;

  // Restores the child's value into the slot at once. False when the checkpoint has no such child; the slot is
  // unchanged then, and the status will list it. Throws the Errors of a restore: ErrorCode::invalid_argument for a
  // mismatch, ErrorCode::not_found for a missing key, ErrorCode::data_loss for damaged bytes.
  bool load(std::string_view name, Slot slot);
  // Whether the checkpoint has such a child. Nothing is listed.
  [[nodiscard]] bool has(std::string_view name) const { return find(name) >= 0; }

  // Restores the value of a child that is one tensor, as load() does. False also where the tensor is not the place's: that
  // is listed as a mismatch, and the place is unchanged.
  [[nodiscard]] bool read(std::string_view name, Slot slot);
  // Lists the child as a mismatch, for what its value says.
  void refuse(std::string_view name, std::string expected, std::string found);
  // The node of such a child; -1 where there is none.
  [[nodiscard]] std::int32_t find(std::string_view name) const;
  // What that node and those below it hold is left in the checkpoint, and not listed as such.
  void leave(std::int32_t node);
};

class ObjectType {
 public:
  ObjectType() = default;
  ObjectType(const ObjectType&) = delete;
  ObjectType& operator=(const ObjectType&) = delete;
  virtual ~ObjectType() = default;

  // The C++ type, for messages.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // Lists the children in the order they are saved.
  virtual void children(void* /*object*/, const ChildSink& /*sink*/) const {}

  // For optimizers: lists the slots that they keep for variables (slot_variable_set.hpp).
  virtual void slot_variables(void* /*object*/, const SlotVariablesSink& /*sink*/) const {}
  // The code that saves and restores those slots (slot_feature.hpp); null for all other types.
  [[nodiscard]] virtual const SlotFeature* slot_feature() const noexcept { return nullptr; }

  // For containers: prepares to hold the children of these names. Null when nothing needs to change, or nothing can.
  [[nodiscard]] virtual core::detail::Own<Resize> resize(void* /*object*/,
                                                         std::span<const std::string_view> /*saved*/) const {
    return nullptr;
  }

  // For what is no list of nodes, but was in earlier versions or is in other programs: the type that restores it so.
  [[nodiscard]] virtual const ObjectType* as_list() const noexcept { return nullptr; }

  // For objects whose children are told by a value among them (the keys of a map): reads that value, and prepares to hold
  // the other children. Null where nothing is saved that tells them.
  [[nodiscard]] virtual core::detail::Own<Resize> resize_as_told(void* /*object*/, NodeLoader&) const {
    return nullptr;
  }

  // True where children are "0", "1", ... and one that is left out between others is an empty element.
  [[nodiscard]] virtual bool is_list() const noexcept { return false; }

  // For classes that load themselves: reads everything into a new value that commit() moves into place. Null for
  // others.
  [[nodiscard]] virtual core::detail::Own<Change> load(void* /*object*/, NodeLoader&) const { return nullptr; }
  [[nodiscard]] virtual bool loads_itself() const noexcept { return false; }

  [[nodiscard]] virtual const LeafType* leaf() const noexcept { return nullptr; }
  // Takes what earlier versions saved for such an object: cereal's bytes, one string. Null where they saved none, or the
  // program does not include what reads them.
  [[nodiscard]] virtual const LeafType* earlier_form() const noexcept { return nullptr; }
  [[nodiscard]] virtual const SeveralTensorsType* several_tensors() const noexcept { return nullptr; }
};

// An object that is one tensor.
class LeafType : public ObjectType {
 public:
  [[nodiscard]] const LeafType* leaf() const noexcept final { return this; }

  // The elements' dtype. An object that has none before it has elements takes `saved`, if it can.
  [[nodiscard]] virtual DType dtype(const void* object, DType saved = DT_INVALID) const noexcept = 0;
  [[nodiscard]] virtual LeafValue value(const void* object) const = 0;

  // True for a member of all elements of a list, whose shape is not its own.
  [[nodiscard]] virtual bool is_column() const noexcept { return false; }

  // The name that is written for people. "Variable" is what TensorFlow gives a tf.Variable without a name.
  [[nodiscard]] virtual std::string_view full_name(const void* /*object*/) const { return "Variable"; }

  // Whether a value of that shape can be taken, and which shapes can be, for messages: "[784, 10]", "[?]".
  [[nodiscard]] virtual bool accepts(const void* object, const Shape& shape) const = 0;
  [[nodiscard]] virtual std::string accepted(const void* object) const = 0;

  // Makes ready to take a value of that dtype, which is the object's, and of a shape that accepts() allows.
  [[nodiscard]] virtual core::detail::Own<Landing> land(void* object, DType dtype, const Shape& shape) const = 0;

  // How to make a Variable of this type; null for all other types.
  [[nodiscard]] virtual const tensor::detail::VariableTraits* variable_traits() const noexcept { return nullptr; }
};

// An object that is several tensors, all in one node (graph/named_tensors.hpp).
class SeveralTensorsType : public ObjectType {
 public:
  [[nodiscard]] const SeveralTensorsType* several_tensors() const noexcept final { return this; }

  // Where it is not empty, the node has one attribute of this name, and keys are its key with the tensors' names
  // behind: TensorFlow's hash tables are a "table" with "table-keys" and "table-values".
  [[nodiscard]] virtual std::string_view saveable_name() const noexcept { return {}; }
  // The tensors as they are now, by name.
  [[nodiscard]] virtual NamedTensors serialize(const void* object) const = 0;
  // A new value made of `tensors`, for commit() to put in place. Exceptions of the class's function pass through.
  [[nodiscard]] virtual core::detail::Own<Change> restore(void* object, const NamedTensors& tensors) const = 0;

  // Their code is in tensors_of_object.hpp; a program without such a class has none of it. walk() adds the tensors to the
  // last node of the graph; match() plans the values of an item that is bound, and is false when none is saved there.
  virtual void walk(const void* object, const std::string& path, LiveGraph&) const = 0;
  [[nodiscard]] virtual bool match(RestorePlan&, std::uint32_t item) const = 0;
};

// True for what has values of its own, and so must be found in a checkpoint.
[[nodiscard]] inline bool holds_values(const Object& object) noexcept {
  return object.type->leaf() != nullptr || object.type->several_tensors() != nullptr;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
