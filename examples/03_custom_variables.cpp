// Variables and a model of one's own. TensorFlow refuses this program's twin: there a plain class cannot be tracked
// unless it derives from tf.Module. Here a plain struct can.

#include <cairn/cairn.hpp>

#include <filesystem>
#include <iostream>

namespace keras = cairn::keras;
using namespace cairn::literals;

// A model that is not a Keras model: two variables, and a call.
struct CustomLinearModel {
  cairn::Variable<float, 784, 10> weights{cairn::random::normal<float, 784, 10>()};
  cairn::Variable<float, 10> biases;

  auto operator()(const auto& x) const { return cairn::matmul(x, weights) + biases; }
};

int main() {
  cairn::random::set_seed(1);

  // A variable of five normal numbers, and the model.
  cairn::Variable<float, 5> my_variable{cairn::random::normal<float, 5>()};
  CustomLinearModel model;

  cairn::Checkpoint checkpoint{"my_variable"_a = my_variable, "model"_a = model};
  cairn::CheckpointManager manager{checkpoint, "training_checkpoints_example_2", {.max_to_keep = 3}};
  manager.save();
  std::cout << "at first " << my_variable << '\n';

  // Change both: double my_variable, and take one step with Adam.
  my_variable.assign(my_variable * 2.0f);
  keras::Adam<CustomLinearModel> optimizer{.learning_rate = 0.001f};
  const auto x = cairn::random::normal<float, 10, 784>();
  cairn::GradientTape tape;
  const auto loss = cairn::reduce_mean(cairn::square(model(x)));
  optimizer.apply_gradients(tape.gradient(loss, cairn::trainable_variables(model)), model);
  manager.save();

  // Whatever happens to them now, the latest checkpoint brings them back.
  my_variable.assign(cairn::zeros_like(my_variable));
  checkpoint.restore(manager.latest_checkpoint()).assert_consumed();
  std::cout << "restored " << my_variable << '\n';

  // Clean up.
  std::filesystem::remove_all(manager.directory());
}
