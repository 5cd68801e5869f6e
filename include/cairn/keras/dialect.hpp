// Dialect: the version of Keras that a model and its optimizer are saved for. With every dialect, a restore takes the
// checkpoints of all versions.
//
//   keras::v2::Sequential<...> model;                        // Keras 2.11 to 2.15, tf-keras
//   keras::v2::Adam<decltype(model)> optimizer;              // tf_keras.optimizers.Adam
//   keras::v2::legacy::Adam<decltype(model)> optimizer;      // tf_keras.optimizers.legacy.Adam, and Keras up to 2.10
//
// Only legacy optimizers have a `decay`: a restore sets it, steps use it, and a save writes it. A restore of a `decay`
// other than 0 into another optimizer throws Error with ErrorCode::unimplemented.
#pragma once

#include "../version.hpp"

namespace CAIRN_NAMESPACE::keras {

// keras_3 is the default of models and optimizers.
enum class Dialect {
  keras_3,
  keras_2,         // the optimizers from Keras 2.11 on, whose slots are in one list
  keras_2_legacy,  // the optimizers up to Keras 2.10, whose state are slot variables
};

}  // namespace CAIRN_NAMESPACE::keras
