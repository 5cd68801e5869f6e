// ops: the few computations that a training loop needs, and their derivatives.
//
//   cairn::GradientTape tape;
//   const auto loss = cairn::reduce_mean(cairn::square(cairn::matmul(x, weights) + biases - y));
//   const auto [by_weights, by_biases] = tape.gradient(loss, std::tie(weights, biases));
//
// Operands are Tensors, Variables (with their present values) and numbers; results are Tensors. The compiler checks
// shapes and dtypes. Dynamic extents are checked when the program runs: where they do not fit, an operation throws
// Error with ErrorCode::invalid_argument. An operation changes no operand. The GradientTapes that are active in the
// thread record it. Several threads may compute at the same time, also with the same operands.
//
//   ops/arithmetic.hpp     + - * / and unary -, with broadcast
//   ops/math.hpp           square, sqrt, exp, log, abs
//   ops/nn.hpp             relu, leaky_relu, elu, selu, gelu, sigmoid, silu, softplus, tanh, softmax
//   ops/matmul.hpp         matmul
//   ops/reduce.hpp         reduce_sum, reduce_mean
//   ops/reshape.hpp        reshape
//   ops/gather.hpp         gather: rows of a matrix by their numbers
//   ops/dropout.hpp        nn::dropout
//   ops/creation.hpp       zeros, ones, fill, zeros_like, ones_like
//   ops/random.hpp         random::normal, random::uniform, random::set_seed
//   ops/gradient_tape.hpp  GradientTape
//   ops/gradient_list.hpp  GradientList: the gradients of all trainable variables
#pragma once

#include "ops/arithmetic.hpp"
#include "ops/creation.hpp"
#include "ops/dropout.hpp"
#include "ops/gather.hpp"
#include "ops/gradient_list.hpp"
#include "ops/gradient_tape.hpp"
#include "ops/math.hpp"
#include "ops/matmul.hpp"
#include "ops/nn.hpp"
#include "ops/random.hpp"
#include "ops/reduce.hpp"
#include "ops/reshape.hpp"
