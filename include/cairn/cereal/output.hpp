// BundleOutputArchive: a cereal archive whose file is a TensorFlow checkpoint.
//
//   {
//     cairn::BundleOutputArchive archive("run/state");
//     archive(CEREAL_NVP(model), cereal::make_nvp("step", step));
//   }  // run/state.index and run/state.data-00000-of-00001 are there now
//      // tf.train.load_checkpoint("run/state") reads them
#pragma once

#include "../bundle/writer.hpp"
#include "../checkpoint/detail/save/save_job.hpp"
#include "../core/detail/needs_cereal.hpp"
#include "../core/error.hpp"
#include "../core/path_argument.hpp"
#include "detail/archived_type.hpp"
#include "detail/class_archives.hpp"

#include <cereal/cereal.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace CAIRN_NAMESPACE {

// Takes any value that a checkpoint can track. Each value becomes a child of the root, under the name of its NVP, or
// "value0", "value1", ... without one. A value is written when it is handed over, and may change or end afterwards.
// Objects that are shared by pointers are saved once within one value. An archive belongs to one thread.
class BundleOutputArchive : public cereal::OutputArchive<BundleOutputArchive, cereal::AllowEmptyClassElision> {
  using Archive = cereal::OutputArchive<BundleOutputArchive, cereal::AllowEmptyClassElision>;

 public:
  // Prepares a checkpoint under `prefix`; no file is touched yet. Throws Error with ErrorCode::invalid_argument for a
  // prefix without a name, or a data_alignment of 0. `files` must outlive the archive.
  explicit BundleOutputArchive(PathArgument prefix, bundle::WriterOptions options = {},
                               io::FileSystem& files = io::native())
      : Archive(this), writer_(std::move(prefix).string(), options, files), exceptions_(std::uncaught_exceptions()) {
    graph_.set_has_checkpoint_values(graph_.add_node(), false);
  }

  // Calls finish(), unless that was done or an exception is on its way; nothing is published in the latter case. A
  // destructor cannot throw, so a disk that refuses here ends the program; call finish() to get an Error instead.
  ~BundleOutputArchive() override {
    if (!finished_ && std::uncaught_exceptions() == exceptions_) finish();
  }

  // Publishes the checkpoint, once. When it throws, the prefix is what it was before, unless the sentence says that the
  // checkpoint is complete. Throws Error with ErrorCode::permission_denied, resource_exhausted or unavailable when the
  // disk refuses; ErrorCode::failed_precondition after a call that threw.
  void finish() {
    finished_ = true;
    const std::vector<std::string> graph{bundle::encode_object_graph(graph_)};
    writer_.add(bundle::object_graph_key, TensorView(Shape{}, graph));
    writer_.finish();
  }

  // Writes the values one after the other to temporary files. Throws Error with ErrorCode::already_exists when a name
  // was given before; ErrorCode::unimplemented for an object that a registered saver saves; ErrorCode::invalid_argument
  // for a name that is not UTF-8; ErrorCode::permission_denied, resource_exhausted or unavailable when the disk
  // refuses.
  template <class... T>
  BundleOutputArchive& operator()(T&&... values) {
    (take(values), ...);
    return *this;
  }
  template <class T>
  BundleOutputArchive& operator&(T&& value) {
    return (*this)(value);
  }
  template <class T>
  BundleOutputArchive& operator<<(T&& value) {
    return (*this)(value);
  }

 private:
  template <class T>
  void take(T& value) {
    const auto use = [this]<class V>(const std::string& name, V& unwrapped) {
      this->add(name, graph::detail::slot_of(const_cast<std::remove_cv_t<V>&>(unwrapped)));
    };
    std::string name;
    if constexpr (!archive::detail::is_nvp<std::remove_cv_t<T>>) name = "value" + std::to_string(next_unnamed_++);
    archive::detail::unwrap(name, value, use);
  }

  void add(const std::string& name, graph::detail::Slot slot) {
    const auto children = graph_[0].children;
    if (std::any_of(children.begin(), children.end(), [&](const auto& child) { return child.local_name == name; }))
      throw Error(ErrorCode::already_exists, "the archive " + writer_.prefix() + " has a value called \"" + name +
                                                 "\" already; names must differ");
    const graph::detail::LiveGraph live = graph::detail::walk({.object = {}, .children = {{name, slot}}});
    if (live.by_savers != nullptr)
      throw Error(ErrorCode::unimplemented, "\"" + name +
                                                "\" has objects that a registered saver saves, which only a "
                                                "cairn::Checkpoint can call");
    // The keys are copied, because the archive may go on after an exception in the middle of this.
    const auto kept = checkpoint::detail::plan_values(
        live, [&](std::string_view key, TensorView view) { writer_.add(key, std::move(view)); });
    writer_.flush();
    // The root of `live` is ours; its other nodes are numbered behind the ones that are here.
    const auto shift = static_cast<std::int32_t>(graph_.size()) - 1;
    const ObjectGraph::Node root = live.graph[0];
    for (const ObjectReference child : root.children) graph_.add_child(0, {child.node_id + shift, child.local_name});
    if (root.has_checkpoint_values.value_or(false)) graph_.set_has_checkpoint_values(0, true);
    for (std::size_t id = 1; id < live.graph.size(); ++id)
      graph_.add_node_of(live.graph, static_cast<std::int32_t>(id),
                         [&](std::int32_t referred) { return referred + shift; });
  }

  bundle::detail::BundleWriter writer_;
  ObjectGraph graph_;
  std::size_t next_unnamed_ = 0;
  int exceptions_;
  bool finished_ = false;
};

}  // namespace CAIRN_NAMESPACE
