// load_weights: the weights in a file of Keras into a model, and an optimizer's state.
//
//   keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
//   cairn::keras::load_weights(model, "model.keras").assert_existing_objects_matched();
//   cairn::keras::load_weights(model, optimizer, "model.weights.h5").assert_consumed();   // and training goes on
//
// Layers are found as Keras finds them. In files of Keras 3, the layers of a Sequential or Functional have the names of
// their classes, counted: "layers.dense", "layers.dense_1". The layers of a struct have the names of its members, as in
// a subclassed keras.Model whose attributes have these names. In legacy files, .h5, the order of the layers that have
// weights counts. Weights of frozen layers in an inner model come last in such a file: a file with the model's
// configuration, as model.save writes it, tells their places; for a file of weights alone, the program must freeze the
// same layers, as in Keras. Where a file has other names, the status tells the renames that might restore it:
//
//   only in program     hidden.vars.0; layers.dense has its shapes: rename {"layers.dense", "hidden"}
//
//   keras::load_weights(model, "model.keras", {.rename = {{"layers.dense", "hidden"}}}).assert_consumed();
#pragma once

#include "../../checkpoint/load_status.hpp"
#include "../../core/path_argument.hpp"
#include "../../graph/detail/tracked_slot.hpp"
#include "../../graph/mismatch.hpp"
#include "../../graph/rename.hpp"
#include "../../io/file_system.hpp"
#include "../../io/native.hpp"
#include "../../keras/detail/saved_optimizer.hpp"
#include "../../tensor/cast.hpp"
#include "detail/load.hpp"

#include <type_traits>
#include <vector>

namespace CAIRN_NAMESPACE::keras {

// How load_weights works.
struct LoadWeightsOptions {
  // The names that differ in the program: a path in the file, and the path in the program. A layer is renamed with all
  // below it, by the first rule that fits; patterns are those of RestoreOptions. A rule that fits nothing causes an
  // Error (ErrorCode::invalid_argument).
  std::vector<Rename> rename = {};
  // The treatment of a value whose dtype or shape differs, as in RestoreOptions.
  OnMismatch on_mismatch = OnMismatch::error;
  // Tells whether saved numbers may be converted to the program's dtype, as in RestoreOptions: Cast::widen takes
  // bfloat16 into float.
  Cast cast = Cast::never;
};

// Restores a model from a .weights.h5 or .keras file of Keras 3, from such a file of tf-keras, or from a legacy .h5
// file, of a model or of weights alone; the first bytes tell the kind. A path that ends in .weights.json is the list of
// the files that Keras 3 divides weights among. The status names the variables as a save of this model would:
// "layers.dense.vars.0" is the first variable of a layer, the kernel. A layer whose number of variables differs is
// listed, and not restored; the state of an optimizer is listed as only in the file. States of random generators and of
// metrics are neither restored nor listed. A struct's Variables and arrays are its variables; its plain numbers and
// texts are attributes, as in Python, and keep their values. The values are held in memory while they are restored.
//
// When it throws, no variable is changed. Throws Error with ErrorCode::not_found when there is no such file, or a
// .keras file has no weights; ErrorCode::data_loss for a file of another kind and for a damaged one;
// ErrorCode::invalid_argument when the dtype or shape of a value differs, and for renames that fit nothing;
// ErrorCode::out_of_range for a number that `cast` cannot convert; ErrorCode::unimplemented for elements that
// TensorFlow does not have, and for links that lead out of the file. The model belongs to one thread during the call.
template <class Model>
[[nodiscard]] LoadStatus load_weights(Model& model, const PathArgument& path, const LoadWeightsOptions& options = {},
                                      io::FileSystem& files = io::native()) {
  static_assert(!std::is_const_v<Model>,
                "cairn: a const object cannot be tracked, because a restore writes to it. Pass an object that is not "
                "const.");
  return exchange::detail::WeightsLoad(path.string(), files, {options.rename, options.on_mismatch, options.cast})
      .load(graph::detail::tracked_slot(model));
}

// Restores a model and its optimizer, which Keras saves with a compiled model as "optimizer.vars.0" and following. As
// in Keras, an optimizer stays unchanged, and is listed, when the file has another number of variables for it. Where
// only the learning rate is missing on one side, because that side has a schedule or the file is tf-keras', all else is
// restored. An optimizer is built where the saved one was. Legacy files have an optimizer beside a whole model, and its
// slots are found by their names. The state of an optimizer of another class is left alone, and listed with the reason.
// When it throws, model and optimizer are unchanged. Throws Error with the codes of load_weights(model, path), and with
// ErrorCode::failed_precondition when a pointer or optional of the model, behind which there are Variables, is empty.
template <class Model, detail::HasSlotLists Optimizer>
[[nodiscard]] LoadStatus load_weights(Model& model, Optimizer& optimizer, const PathArgument& path,
                                      const LoadWeightsOptions& options = {}, io::FileSystem& files = io::native()) {
  static_assert(!std::is_const_v<Model> && !std::is_const_v<Optimizer>,
                "cairn: a const object cannot be tracked, because a restore writes to it. Pass an object that is not "
                "const.");
  const exchange::detail::AnyOptimizer any = exchange::detail::any_optimizer(model, optimizer);
  const auto build = [&] { optimizer.build(model); };
  return exchange::detail::WeightsLoad(path.string(), files, {options.rename, options.on_mismatch, options.cast})
      .load(graph::detail::tracked_slot(model), &any, build);
}

}  // namespace CAIRN_NAMESPACE::keras
