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
//   keras/dense.hpp                Dense
//   keras/activations.hpp          relu, softmax, sigmoid, tanh, linear: values
//   keras/initializers.hpp         glorot_uniform
//   keras/sequential.hpp           Sequential, Input
//   keras/arguments.hpp            Keras' keyword arguments as values: strides<2>, padding<"same">, use_bias<false>, ...
//   keras/layer_shape.hpp          output_shape<layer, shape>: what layers take and give
//   keras/training_mode.hpp        model(x, keras::training)
//   keras/adam.hpp                 Adam
//   keras/sgd.hpp                  SGD
//   keras/optimizer.hpp            what optimizers share
//   keras/trainable_variables.hpp  trainable_variables(object): by reflection
//   keras/variable_list.hpp        VariableList: what it returns
#pragma once

#include "keras/activations.hpp"
#include "keras/adam.hpp"
#include "keras/arguments.hpp"
#include "keras/dense.hpp"
#include "keras/initializers.hpp"
#include "keras/layer_shape.hpp"
#include "keras/optimizer.hpp"
#include "keras/sequential.hpp"
#include "keras/sgd.hpp"
#include "keras/trainable_variables.hpp"
#include "keras/training_mode.hpp"
#include "keras/variable_list.hpp"
