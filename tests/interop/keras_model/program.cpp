// A Keras 3 model and its optimizer, and a plain struct that has the names of what Keras keeps.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

template <std::size_t In, std::size_t Out>
struct Dense {
  cairn::Variable<float, In, Out> kernel;
  cairn::Variable<float, Out> bias;
};
struct Layers {
  Dense<8, 4> hidden;
  Dense<4, 3> output;
};
struct Functional {
  Layers operations;
};
struct Model {
  Functional functional;
};
struct Adam {
  std::int64_t iterations = 0;
  float learning_rate = 0;
  std::tuple<cairn::Variable<float, 8, 4>, cairn::Variable<float, 4>, cairn::Variable<float, 4, 3>,
             cairn::Variable<float, 3>>
      momentums;
};

}  // namespace

template <std::size_t In, std::size_t Out>
inline constexpr auto cairn::members<Dense<In, Out>> = cairn::describe(cairn::rename<"kernel">("_kernel"));
template <>
inline constexpr auto cairn::members<Layers> =
    cairn::describe(cairn::rename<"hidden">("1"), cairn::rename<"output">("2"));
template <>
inline constexpr auto cairn::members<Functional> = cairn::describe(cairn::rename<"operations">("_operations"));
template <>
inline constexpr auto cairn::members<Model> = cairn::describe(cairn::rename<"functional">("_functional"));
template <>
inline constexpr auto cairn::members<Adam> =
    cairn::describe(cairn::rename<"iterations">("_iterations"), cairn::rename<"learning_rate">("_learning_rate"),
                    cairn::rename<"momentums">("_momentums"));

void write(const std::filesystem::path& directory) {
  Model model;
  Layers& layers = model.functional.operations;
  fill(layers.hidden.kernel, 2);
  fill(layers.hidden.bias, 4);
  fill(layers.output.kernel, 6);
  fill(layers.output.bias, 8);
  cairn::Checkpoint checkpoint{"model"_a = model};
  checkpoint.save(directory / "model");
}

void read(const std::filesystem::path& directory) {
  for (const char* name : {"ckpt-1", "ckpt-2"}) {
    Model model;
    cairn::Checkpoint checkpoint{"model"_a = model};
    checkpoint.restore((directory / name).string()).assert_existing_objects_matched();
    const Layers& layers = model.functional.operations;
    CAIRN_EXPECT(is_filled(layers.hidden.kernel, 2) && is_filled(layers.hidden.bias, 4));
    CAIRN_EXPECT(is_filled(layers.output.kernel, 6) && is_filled(layers.output.bias, 8));
  }
  Model model;
  Adam optimizer;
  cairn::Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
  checkpoint.restore(cairn::latest_checkpoint(directory)).assert_existing_objects_matched();
  CAIRN_EXPECT(optimizer.iterations == 1 && optimizer.learning_rate == 0.001F);
  for (const float momentum : std::get<0>(optimizer.momentums).span())
    CAIRN_EXPECT(momentum > 0.0999F && momentum < 0.1001F);
}
