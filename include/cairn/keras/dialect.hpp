// Dialect: which Keras a model and its optimizer are saved for. All of them are restored, whatever this says.
//
//   keras::v2::Sequential<...> model;                        // Keras 2.11 to 2.15, tf-keras
//   keras::v2::Adam<decltype(model)> optimizer;              // tf_keras.optimizers.Adam
//   keras::v2::legacy::Adam<decltype(model)> optimizer;      // tf_keras.optimizers.legacy.Adam, and Keras up to 2.10
//
// The legacy optimizers alone have a `decay`: a restore brings it, steps use it, and a save writes it.
#pragma once

namespace cairn::keras {

enum class Dialect {
  keras_3,
  keras_2,         // optimizers from 2.11 on: all in one list
  keras_2_legacy,  // optimizers up to 2.10: their state are slot variables
};

}  // namespace cairn::keras
