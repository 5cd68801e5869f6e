// save_weights: a model, and its optimizer, as a file that Keras loads.
//
//   cairn::keras::save_weights(model, "model.weights.h5");
//   cairn::keras::save_weights(model, optimizer, "model.weights.h5");
//
//   >>> model.load_weights("model.weights.h5")     # with the optimizer, where the model is compiled and it is built
//
// The names are those of load_weights (load_weights.hpp). A struct of layers is a subclassed keras.Model whose
// attributes have the members' names and are assigned in the order of the members. A struct in it may be a keras.Model
// or a keras.layers.Layer in Python: a layer that has another name in each of them is in the file under both names, but
// its values are there once.
#pragma once

#include "../../core/durability.hpp"
#include "../../core/path_argument.hpp"
#include "../../graph/detail/tracked_slot.hpp"
#include "../../io/file_system.hpp"
#include "../../io/native.hpp"
#include "../../keras/detail/saved_optimizer.hpp"
#include "detail/save.hpp"

namespace CAIRN_NAMESPACE::keras {

// Saves all variables of a model, which are its Variables and arrays: those of each layer in the order of declaration,
// trainable ones first. Plain numbers and texts are attributes, as in Python, and are not saved. The path ends with
// ".weights.h5". The file is the old or the new one at every instant, and with Durability::full it is on the disk when
// the call returns; missing folders are made. It is held in memory while it is made. When it throws, the file is
// unchanged.
//
// Throws Error with ErrorCode::invalid_argument for another path; ErrorCode::unimplemented for values that Keras cannot
// save, such as complex numbers; ErrorCode::failed_precondition when a Variable was moved from;
// ErrorCode::permission_denied, resource_exhausted or unavailable when the disk fails. The model belongs to one thread
// during the call.
template <class Model>
void save_weights(const Model& model, const PathArgument& path, Durability durability = Durability::full,
                  io::FileSystem& files = io::native()) {
  exchange::detail::save_weights(graph::detail::tracked_slot(const_cast<Model&>(model)).get(), nullptr, path.string(),
                                 durability, files);
}

// Saves a model and the state of its optimizer, so that training goes on in Keras as it would have here. Of an
// optimizer that is not built, the file has the iterations and the learning rate; of one with a schedule it has no
// learning rate, as in Keras. With an optimizer of keras::v2 the file is tf-keras'. When it throws, the file is
// unchanged. Throws Error with the codes of save_weights(model, path), and with ErrorCode::invalid_argument for an
// optimizer of keras::v2::legacy, which has no such form.
template <class Model, detail::HasSlotLists Optimizer>
void save_weights(const Model& model, const Optimizer& optimizer, const PathArgument& path,
                  Durability durability = Durability::full, io::FileSystem& files = io::native()) {
  const exchange::detail::AnyOptimizer any =
      exchange::detail::any_optimizer(const_cast<Model&>(model), const_cast<Optimizer&>(optimizer));
  exchange::detail::save_weights(graph::detail::tracked_slot(const_cast<Model&>(model)).get(), &any, path.string(),
                                 durability, files);
}

}  // namespace CAIRN_NAMESPACE::keras
