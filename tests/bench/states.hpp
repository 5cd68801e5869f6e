// The states that are saved and restored by the benchmarks: plain structs, as a user would write them.
//
//   w1  one tensor of 1 GiB               w3  100,000 variables of 16 floats, in a vector
//   w2  GPT-2 small with Adam's moments   w4  two dense layers with Adam's moments      w5  10,000 tensors of 64 KiB
//
// each_tensor(state, use) calls use(std::span<std::byte>) for all tensors, in the order of the reference file.
#pragma once

#include <cairn/tensor/variable.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bench {

template <std::size_t... Extents>
using Floats = cairn::Variable<float, Extents...>;

struct OneTensor {
  std::vector<float> v;
};

struct LayerNorm {
  Floats<768> g, b;
};
template <std::size_t In, std::size_t Out>
struct Linear {
  Floats<In, Out> w;
  Floats<Out> b;
};
struct Attention {
  Linear<768, 3 * 768> c_attn;
  Linear<768, 768> c_proj;
};
struct Mlp {
  Linear<768, 4 * 768> c_fc;
  Linear<4 * 768, 768> c_proj;
};
struct Block {
  LayerNorm ln_1;
  Attention attn;
  LayerNorm ln_2;
  Mlp mlp;
};
struct Gpt2 {
  Floats<50257, 768> wte;
  Floats<1024, 768> wpe;
  std::vector<Block> h = std::vector<Block>(12);
  LayerNorm ln_f;
};
struct Gpt2Training {
  Gpt2 model, adam_m, adam_v;
};

template <std::size_t... Extents>
struct ManyVariables {
  std::vector<Floats<Extents...>> vars;
};
template <std::size_t... Extents>
struct ManyInModel {
  ManyVariables<Extents...> model;
};

struct TwoLayers {
  Linear<784, 10> dense0;
  Linear<10, 10> dense1;
};
struct Adam {
  std::int64_t iterations = 0;
  float learning_rate = 0;
  TwoLayers m, v;
};
struct TwoLayersTraining {
  TwoLayers model;
  Adam adam;
};

template <class T, std::size_t... Extents, class Use>
void each_tensor(cairn::Variable<T, Extents...>& variable, const Use& use) {
  use(std::as_writable_bytes(variable.span()));
}
template <class Use>
void each_tensor(OneTensor& state, const Use& use) {
  use(std::as_writable_bytes(std::span(state.v)));
}
template <class Use>
void each_tensor(LayerNorm& layer, const Use& use) {
  each_tensor(layer.g, use);
  each_tensor(layer.b, use);
}
template <std::size_t In, std::size_t Out, class Use>
void each_tensor(Linear<In, Out>& layer, const Use& use) {
  each_tensor(layer.w, use);
  each_tensor(layer.b, use);
}
template <class Use>
void each_tensor(Gpt2& model, const Use& use) {
  each_tensor(model.wte, use);
  each_tensor(model.wpe, use);
  for (Block& block : model.h) {
    each_tensor(block.ln_1, use);
    each_tensor(block.attn.c_attn, use);
    each_tensor(block.attn.c_proj, use);
    each_tensor(block.ln_2, use);
    each_tensor(block.mlp.c_fc, use);
    each_tensor(block.mlp.c_proj, use);
  }
  each_tensor(model.ln_f, use);
}
template <class Use>
void each_tensor(Gpt2Training& state, const Use& use) {
  for (Gpt2* const each : {&state.model, &state.adam_m, &state.adam_v}) each_tensor(*each, use);
}
template <std::size_t... Extents, class Use>
void each_tensor(ManyInModel<Extents...>& state, const Use& use) {
  for (auto& variable : state.model.vars) each_tensor(variable, use);
}
template <class Use>
void each_tensor(TwoLayers& model, const Use& use) {
  each_tensor(model.dense0, use);
  each_tensor(model.dense1, use);
}
template <class Use>
void each_tensor(TwoLayersTraining& state, const Use& use) {
  each_tensor(state.model, use);
  use(std::as_writable_bytes(std::span(&state.adam.iterations, 1)));
  use(std::as_writable_bytes(std::span(&state.adam.learning_rate, 1)));
  each_tensor(state.adam.m, use);
  each_tensor(state.adam.v, use);
}

}  // namespace bench
