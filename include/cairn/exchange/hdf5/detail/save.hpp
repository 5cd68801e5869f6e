// The work of save_weights without the model's type.
#pragma once

#include "../../../core/durability.hpp"
#include "../../../core/error.hpp"
#include "../../../graph/detail/object.hpp"
#include "../../../io/file_system.hpp"
#include "../../../io/publish.hpp"
#include "../../../keras/dialect.hpp"
#include "hdf5_writer.hpp"
#include "optimizer_variables.hpp"
#include "saveables.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace CAIRN_NAMESPACE::exchange::detail {

// Adds a layer's, or an optimizer's.
inline void add_variables(const SavedPaths& paths, const std::vector<SavedVariable>& variables, bool is_keras_3,
                          Hdf5Writer& writer) {
  const auto vars_of = [](const std::string& path) { return path.empty() ? "/vars" : "/" + path + "/vars"; };
  const std::string vars = vars_of(paths.shown());
  const std::string& path = paths.shown();
  const std::string name = path.empty() ? "model" : path.substr(path.rfind('/') + 1);
  writer.add_group(vars, is_keras_3 ? name : "");  // tf-keras wants one also of a layer without variables
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const graph::detail::Object& object = variables[i].object;
    writer.add(vars + "/" + std::to_string(i), object.type->leaf()->value(object.address).view);
  }
  for (std::size_t i = 1; i < paths.saved.size(); ++i) writer.add_link(vars, vars_of(paths.saved[i]));
}

// Throws the Errors of save_weights. `optimizer` may be null.
inline void save_weights(const graph::detail::Object& model, const AnyOptimizer* optimizer, const std::string& path,
                         Durability durability, io::FileSystem& files) {
  if (!path.ends_with(".weights.h5"))
    throw Error(ErrorCode::invalid_argument, "\"" + path +
                                                 "\" does not end with \".weights.h5\", by which Keras knows what it "
                                                 "loads; save under such a name")
        .in_file(path);
  Hdf5Writer writer(path);
  const bool is_keras_3 = optimizer == nullptr || optimizer->dialect == keras::Dialect::keras_3;
  const Saveables saveables(model, {}, is_keras_3 ? Saveables::Form::keras_3 : Saveables::Form::tf_keras);
  for (const Saveable& each : saveables.all()) add_variables(each.paths, each.variables, is_keras_3, writer);
  if (optimizer != nullptr) {
    const std::vector<SavedVariable> variables = optimizer_variables(*optimizer, saveables).all;
    if (optimizer->dialect == keras::Dialect::keras_2_legacy)
      throw Error(ErrorCode::invalid_argument,
                  "a legacy optimizer of Keras 2 has no place in \"" + path +
                      "\"; save the model alone, or take an optimizer of keras:: or keras::v2")
          .in_file(path);
    add_variables({.saved = {"optimizer"}}, variables, is_keras_3, writer);
  }
  const std::vector<std::byte> image = writer.image();
  io::publish_file(files, path, durability, [&](io::WritableFile& file) { file.write(0, image); });
}

}  // namespace CAIRN_NAMESPACE::exchange::detail
