// ops: what can be computed and differentiated. No more than a training loop needs.
//
//   cairn::GradientTape tape;
//   const auto loss = cairn::reduce_mean(cairn::square(cairn::matmul(x, weights) + biases - y));
//   const auto [by_weights, by_biases] = tape.gradient(loss, std::tie(weights, biases));
//
// Operands are Tensors and Variables (read at their present value), results are Tensors. Shapes are checked by the
// compiler, dynamic extents at run time.
//
//   ops/arithmetic.hpp     + - * / and unary -, broadcast
//   ops/math.hpp           square, sqrt, exp, log, abs
//   ops/nn.hpp             relu, sigmoid, tanh, softmax
//   ops/matmul.hpp         matmul
//   ops/dense.hpp          x · kernel + bias, for layers
//   ops/reduce.hpp         reduce_sum, reduce_mean
//   ops/creation.hpp       zeros, ones, fill, zeros_like, ones_like
//   ops/random.hpp         random::normal, random::uniform, random::set_seed
//   ops/gradient_tape.hpp  GradientTape
//   ops/operand.hpp, ops/broadcast.hpp  how operands and their shapes become one
#pragma once

#include "ops/arithmetic.hpp"
#include "ops/broadcast.hpp"
#include "ops/creation.hpp"
#include "ops/dense.hpp"
#include "ops/gradient_tape.hpp"
#include "ops/math.hpp"
#include "ops/matmul.hpp"
#include "ops/nn.hpp"
#include "ops/operand.hpp"
#include "ops/random.hpp"
#include "ops/reduce.hpp"
