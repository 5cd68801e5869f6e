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
//   ops/nn.hpp             relu, leaky_relu, elu, selu, gelu, sigmoid, silu, softplus, tanh; softmax.hpp softmax
//   ops/matmul.hpp         matmul; matrix_product.hpp its loops
//   ops/reduce.hpp         reduce_sum, reduce_mean
//   ops/reshape.hpp        reshape
//   ops/gather.hpp         gather: rows by their numbers
//   ops/dropout.hpp        nn::dropout
//   ops/creation.hpp       zeros, ones, fill, zeros_like, ones_like
//   ops/random.hpp         random::normal, random::uniform, random::set_seed
//   ops/gradient_tape.hpp  GradientTape; gradient_list.hpp GradientList
//   ops/operand.hpp, ops/broadcast.hpp  how operands and their shapes become one
//
// And what only layers need: ops/dense.hpp, ops/conv2d.hpp and ops/pooling.hpp on ops/window.hpp, ops/normalization.hpp
#pragma once

#include "ops/arithmetic.hpp"
#include "ops/broadcast.hpp"
#include "ops/conv2d.hpp"
#include "ops/creation.hpp"
#include "ops/dense.hpp"
#include "ops/dropout.hpp"
#include "ops/gather.hpp"
#include "ops/gradient_list.hpp"
#include "ops/gradient_tape.hpp"
#include "ops/math.hpp"
#include "ops/matmul.hpp"
#include "ops/matrix_product.hpp"
#include "ops/nn.hpp"
#include "ops/normalization.hpp"
#include "ops/operand.hpp"
#include "ops/pooling.hpp"
#include "ops/random.hpp"
#include "ops/reduce.hpp"
#include "ops/reshape.hpp"
#include "ops/softmax.hpp"
#include "ops/window.hpp"
