// keras: layers and optimizers as plain structs, whose members are their state.
//
//   namespace keras = cairn::keras;
//   keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
//   keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};
//   cairn::GradientTape tape;
//   const auto loss = cairn::reduce_mean(cairn::square(model(x) - y));
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
//
// Shapes are template arguments: layers that do not fit do not compile. Optimizers work on any plain struct of
// Variables, too.
//
// A checkpoint of a model and its optimizer is one that Keras 3 restores into the same model, and the other way round;
// both statuses pass assert_consumed(). For that
//   * a Sequential is Keras' Sequential, Functional a keras.Model(inputs, outputs) of layers one after the other, and a
//     plain struct of layers a subclassed keras.Model whose attributes have the members' names;
//   * an optimizer has slots from build() or the first apply_gradients() on, as Keras' has: what was saved before is
//     restored, in Python, before the optimizer is built there. A restore in C++ brings the optimizer to the state that
//     was saved, built or not;
//   * layers in lists, which Keras 3 does not save with a subclassed model, are restored through the optimizer, which
//     names all trainable variables: in C++ call optimizer.build(model) before the restore. The Variables must be
//     declared in the order in which Keras lists trainable_variables.
//
//   keras/dense.hpp                Dense
//   keras/activations.hpp          relu, softmax, sigmoid, tanh, linear: values
//   keras/initializers.hpp         glorot_uniform
//   keras/sequential.hpp           Sequential, Input
//   keras/arguments.hpp            Keras' keyword arguments as values: strides<2>, padding<"same">, use_bias<false>,
//   ... keras/layer_shape.hpp          output_shape<layer, shape>: what layers take and give keras/training_mode.hpp
//   model(x, keras::training) keras/adam.hpp                 Adam; adamw.hpp AdamW; adam_update.hpp what both compute
//   keras/sgd.hpp                  SGD
//   keras/rmsprop.hpp              RMSprop
//   keras/losses.hpp               mean_squared_error, (sparse_)categorical_crossentropy; row_losses.hpp their arithmetic
//   keras/optimizer.hpp            what optimizers share; built.hpp whether one has its slots
//   keras/saved_sequential.hpp     how a Sequential is saved, and how Keras saves its own
//   keras/saved_optimizer.hpp      how an optimizer is saved
//   keras/trainable_variables.hpp  trainable_variables(object): by reflection
//   keras/variable_list.hpp        VariableList: what it returns
#pragma once

#include "keras/activations.hpp"
#include "keras/adam.hpp"
#include "keras/adamw.hpp"
#include "keras/arguments.hpp"
#include "keras/built.hpp"
#include "keras/dense.hpp"
#include "keras/initializers.hpp"
#include "keras/layer_shape.hpp"
#include "keras/losses.hpp"
#include "keras/optimizer.hpp"
#include "keras/rmsprop.hpp"
#include "keras/sequential.hpp"
#include "keras/sgd.hpp"
#include "keras/trainable_variables.hpp"
#include "keras/training_mode.hpp"
#include "keras/variable_list.hpp"
