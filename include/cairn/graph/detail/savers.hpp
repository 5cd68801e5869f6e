// Registered savers as a walk and a match see them. Nothing of what they do is in a program that registers none: the
// first registration sets the pointer that leads there. No function is pure: g++ -O2 takes the only class that has a pure
// function into every program that calls it.
#pragma once

#include "object.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace CAIRN_NAMESPACE::graph::detail {

struct LiveGraph;
class RestorePlan;

// The objects that a walk has left to savers.
class SavedBySavers {
 public:
  SavedBySavers() = default;
  SavedBySavers(const SavedBySavers&) = delete;
  SavedBySavers& operator=(const SavedBySavers&) = delete;
  virtual ~SavedBySavers() = default;
};

// The objects that a restore leaves to savers.
class RestoredBySavers {
 public:
  RestoredBySavers() = default;
  RestoredBySavers(const RestoredBySavers&) = delete;
  RestoredBySavers& operator=(const RestoredBySavers&) = delete;
  virtual ~RestoredBySavers() = default;

  // Calls the savers, each for all its objects. Throws what they throw; no object has changed then.
  virtual void check(const std::string&) {}
  // Puts into the objects what check() has read.
  virtual void commit() const {}
};

// The savers that are registered at one moment. They last as long as the program.
class Savers {
 public:
  enum class Found {
    plainly,   // no saver restores the object: the values of the node are the object's
    by_saver,  // a registered saver restores the object
    nothing,   // the object needs something that is not there
  };

  [[nodiscard]] virtual bool takes(const Object&) const { return false; }

  // Leaves the object of the node that the walk has just begun, and that has this path, to the saver that takes it.
  // False when none does.
  [[nodiscard]] virtual bool save(const Object&, const std::string&, LiveGraph&) const { return false; }

  // Restores the object of an item of the plan (match_item.hpp). Throws Error with ErrorCode::invalid_argument when the
  // saver that the node names does not take the object and does not let it be skipped.
  [[nodiscard]] virtual Found restore(RestorePlan&, std::uint32_t /*item*/) const { return Found::plainly; }

 protected:
  Savers() = default;
  ~Savers() = default;
};

// Null until the first saver is registered. Any thread may read and set it.
[[nodiscard]] inline std::atomic<const Savers*>& registered_savers() noexcept {
  static std::atomic<const Savers*> savers{nullptr};
  return savers;
}

}  // namespace CAIRN_NAMESPACE::graph::detail
