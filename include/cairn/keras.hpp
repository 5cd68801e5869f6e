// keras: layers and optimizers as plain structs, whose members are their state.
//
//   namespace keras = cairn::keras;
//   keras::Sequential<keras::Dense<784, 10, keras::relu>, keras::Dense<10, 10, keras::softmax>> model;
//   keras::Adam<decltype(model)> optimizer{.learning_rate = 0.001f};
//   cairn::GradientTape tape;
//   const auto loss = cairn::reduce_mean(cairn::square(model(x) - y));
//   optimizer.apply_gradients(tape.gradient(loss, model.trainable_variables()), model);
//
// Shapes are template arguments: layers that do not fit do not compile. Several threads may call a layer or a model at
// the same time without keras::training, while none changes its Variables. Behind the shapes come Keras' keyword
// arguments, as values and in any order. Images are channels last. Optimizers work on any plain struct of Variables,
// too.
//
//   keras::Sequential<keras::Input<28, 28, 1>, keras::Conv2D<1, 32, 3, keras::relu>, keras::MaxPooling2D<2>,
//                     keras::Flatten, keras::Dropout<0.5>, keras::Dense<5408, 10, keras::softmax>> convnet;
//   convnet(images, keras::training);   // in training; without it in inference
//
// The learning rate is a number, or a schedule: a function of the number of steps done. There are Keras' schedules, and
// a program may have its own (schedules.hpp).
//
//   keras::Adam<decltype(model), keras::schedules::CosineDecay> scheduled{
//       .learning_rate = {.initial_learning_rate = 0.001, .decay_steps = 10000}};
//
// Keras 3 restores a checkpoint of a model and its optimizer into the same model in Python, and the other way round;
// both statuses pass assert_consumed(). For that
//   * a Sequential is Keras' Sequential, Functional a keras.Model(inputs, outputs) of layers one after the other, and a
//     plain struct of layers a subclassed keras.Model whose attributes have the members' names;
//   * an optimizer has slots from build() or the first apply_gradients() on, as in Keras: in Python, restore a
//     checkpoint that was saved before that into an optimizer that is not built yet. A restore in C++ brings the
//     optimizer to the state that was saved, built or not;
//   * a schedule is not saved, as in Keras: give the optimizer the schedule that it had. A learning rate that is a
//     number on one side and a schedule on the other is listed, and assert_consumed() refuses it;
//   * layers in lists, which Keras 3 does not save with a subclassed model, are restored through the optimizer, which
//     names all trainable variables: in C++ call optimizer.build(model) before the restore. The Variables must be
//     declared in the order in which Keras lists trainable_variables.
// Checkpoints of Keras 2 (tf-keras) are restored, too; a legacy optimizer, whose state are slot variables, must be
// built before. keras::v2 has a Sequential and optimizers that are saved as in Keras 2.
//
//   keras/dense.hpp                Dense
//   keras/conv2d.hpp               Conv2D
//   keras/pooling_2d.hpp           MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D
//   keras/flatten.hpp              Flatten
//   keras/dropout.hpp              Dropout
//   keras/batch_normalization.hpp  BatchNormalization
//   keras/layer_normalization.hpp  LayerNormalization
//   keras/embedding.hpp            Embedding
//   keras/simple_rnn.hpp           SimpleRNN, for inference only
//   keras/gru.hpp                  GRU, for inference only
//   keras/lstm.hpp                 LSTM, for inference only
//   keras/activations.hpp          relu, leaky_relu, elu, selu, gelu, sigmoid, silu, softplus, tanh, softmax: values;
//                                  Activation: one of them as a layer
//   keras/initializers.hpp         glorot_uniform, orthogonal, random_uniform
//   keras/sequential.hpp           Sequential, Functional, Input
//   keras/arguments.hpp            Keras' keyword arguments as values: strides<2>, padding<"same">, ...
//   keras/layer_shape.hpp          output_shape<Layer, Shape>: the shapes that layers take and give
//   keras/training_mode.hpp        keras::training: the argument of a call in training
//   keras/adam.hpp                 Adam
//   keras/adamw.hpp                AdamW
//   keras/sgd.hpp                  SGD
//   keras/rmsprop.hpp              RMSprop
//   keras/schedules.hpp            CosineDecay, ExponentialDecay, PiecewiseConstantDecay, PolynomialDecay,
//                                  InverseTimeDecay, CosineDecayRestarts
//   keras/built.hpp                Built: whether an optimizer has its slots
//   keras/losses.hpp               mean_squared_error, categorical_crossentropy, sparse_categorical_crossentropy
//   keras/dialect.hpp              Dialect: the version of Keras that a model and its optimizer are saved for
//   keras/summary.hpp              summary(model): layers, shapes and numbers of parameters as text
//   keras/trainable_variables.hpp  trainable_variables(object): the Variables of an object, by reflection
#pragma once

// These come first, so that their refusals stand among the first lines that a compiler prints.
#include "keras/trainable_variables.hpp"

#include "keras/detail/optimizer.hpp"

#include "keras/activations.hpp"
#include "keras/adam.hpp"
#include "keras/adamw.hpp"
#include "keras/arguments.hpp"
#include "keras/batch_normalization.hpp"
#include "keras/built.hpp"
#include "keras/conv2d.hpp"
#include "keras/dense.hpp"
#include "keras/dialect.hpp"
#include "keras/dropout.hpp"
#include "keras/embedding.hpp"
#include "keras/flatten.hpp"
#include "keras/gru.hpp"
#include "keras/initializers.hpp"
#include "keras/layer_normalization.hpp"
#include "keras/layer_shape.hpp"
#include "keras/losses.hpp"
#include "keras/lstm.hpp"
#include "keras/pooling_2d.hpp"
#include "keras/rmsprop.hpp"
#include "keras/schedules.hpp"
#include "keras/sequential.hpp"
#include "keras/sgd.hpp"
#include "keras/simple_rnn.hpp"
#include "keras/summary.hpp"
#include "keras/training_mode.hpp"
