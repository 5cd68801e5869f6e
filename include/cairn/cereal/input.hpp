// BundleInputArchive: a cereal archive that reads a TensorFlow checkpoint, of cairn or of TensorFlow.
//
//   cairn::BundleInputArchive archive("run/state");
//   archive(CEREAL_NVP(model), cereal::make_nvp("step", step));
#pragma once

#include "../bundle/object_graph.hpp"
#include "../bundle/reader.hpp"
#include "../checkpoint/detail/restore/source.hpp"
#include "../core/detail/needs_cereal.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "../graph/detail/match.hpp"
#include "detail/archived_type.hpp"
#include "detail/class_archives.hpp"

#include <cereal/cereal.hpp>

#include <string>
#include <utility>

namespace CAIRN_NAMESPACE {

// Reads values from one checkpoint. A value is found by its name among the children of the checkpoint's root, in any
// order; an unnamed one by "value0", "value1", ... An archive belongs to one thread.
class BundleInputArchive : public cereal::InputArchive<BundleInputArchive, cereal::AllowEmptyClassElision> {
  using Archive = cereal::InputArchive<BundleInputArchive, cereal::AllowEmptyClassElision>;

 public:
  // Opens the checkpoint that `path` means (bundle::find_checkpoint) and reads its object graph. Throws Error with
  // ErrorCode::not_found when there is no such checkpoint, or it has no object graph; ErrorCode::data_loss when it is
  // damaged; ErrorCode::unimplemented when it is of a newer format. `files` must outlive the archive.
  explicit BundleInputArchive(PathArgument path, io::FileSystem& files = io::native())
      : Archive(this),
        source_(bundle::Reader(bundle::detail::open_bundle(std::move(path).string(), files))),
        saved_(bundle::detail::read_checked_graph(source_.reader())) {}

  // Reads the values one after the other. Each is checked as a whole before it changes: when the call throws, the value
  // that it was about is unchanged, and those before it are read. (Of a value of more than 6 MiB the bytes are read a
  // second time, into place. When the disk fails at that, the value is partly old and partly new, and the Error says
  // so.) Throws Error with ErrorCode::not_found when the checkpoint has no value of that name, or not all of it;
  // ErrorCode::invalid_argument when a dtype or shape differs; ErrorCode::data_loss when bytes are damaged.
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
    const auto use = [this](const std::string& name, auto& unwrapped) {
      this->read(name, graph::detail::slot_of(unwrapped));
    };
    std::string name;
    if constexpr (!archive::detail::is_nvp<std::remove_cv_t<T>>) name = "value" + std::to_string(next_unnamed_++);
    archive::detail::unwrap(name, value, use);
  }

  void read(const std::string& name, graph::detail::Slot slot) {
    graph::detail::RestorePlan plan = graph::detail::match(saved_, source_, {.object = {}, .children = {{name, slot}}});
    if (const auto missing = plan.status().only_in_program; !missing.empty())
      throw Error(ErrorCode::not_found, "the checkpoint " + source_.name() + " has no value for \"" + missing.front() +
                                            "\"; archive the same values under the same names as when it was written")
          .in_file(source_.name());
    plan.check();
    plan.commit();
  }

  checkpoint::detail::BundleSource source_;
  ObjectGraph saved_;
  std::size_t next_unnamed_ = 0;
};

}  // namespace CAIRN_NAMESPACE
