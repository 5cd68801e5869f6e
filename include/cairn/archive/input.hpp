// BundleInputArchive: a cereal archive that reads a TensorFlow checkpoint, whoever wrote it.
//
//   cairn::BundleInputArchive archive("run/state");
//   archive(CEREAL_NVP(model), cereal::make_nvp("step", step));
#pragma once

#include "../bundle/object_graph.hpp"
#include "../bundle/reader.hpp"
#include "../core/error.hpp"
#include "../graph/match.hpp"
#include "archived_type.hpp"
#include "class_archives.hpp"
#include "source.hpp"

#include <cereal/cereal.hpp>

#include <string>
#include <utility>

namespace cairn {

// Values are found by name among the children of the checkpoint's root, in any order. Each call is whole: when it
// throws, the value it was about is what it was. Belongs to one thread.
class BundleInputArchive : public cereal::InputArchive<BundleInputArchive, cereal::AllowEmptyClassElision> {
  using Archive = cereal::InputArchive<BundleInputArchive, cereal::AllowEmptyClassElision>;

 public:
  // Throws Error: not_found when there is no such checkpoint, or it has no object graph; data_loss when it is damaged.
  explicit BundleInputArchive(std::string prefix, io::FileSystem& files = io::posix())
      : Archive(this),
        source_(bundle::Reader(std::move(prefix), files)),
        saved_(detail::read_flat_graph(source_.reader()), source_.name()) {}

  // Throws Error: not_found when the checkpoint has no value of that name, or not all of it; what restoring throws.
  template <class... T>
  BundleInputArchive& operator()(T&&... values) {
    (take(values), ...);
    return *this;
  }
  template <class T>
  BundleInputArchive& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  BundleInputArchive& operator>>(T&& value) {
    return (*this)(value);
  }

 private:
  template <class T>
  void take(T& value) {
    const auto use = [this](const std::string& name, auto& unwrapped) { this->read(name, detail::slot_of(unwrapped)); };
    std::string name;
    if constexpr (!detail::is_nvp<std::remove_cv_t<T>>) name = "value" + std::to_string(next_unnamed_++);
    detail::unwrap(name, value, use);
  }

  void read(const std::string& name, detail::Slot slot) {
    detail::Matcher matcher(saved_, source_);
    matcher.match({.object = {}, .children = {{name, slot}}});
    if (const auto missing = matcher.only_in_program(); !missing.empty())
      throw Error(ErrorCode::not_found, "the checkpoint " + source_.name() + " has no value for \"" + missing.front() +
                                            "\"; archive the same values under the same names as when it was written")
          .in_file(source_.name());
    matcher.plan().check(source_);
    matcher.plan().commit(source_);
  }

  detail::BundleSource source_;
  detail::NodeTable saved_;
  std::size_t next_unnamed_ = 0;
};

}  // namespace cairn
