// Matrices of another library: a trainer whose model and Adam moments are Eigen's, and that goes on where it was.

#include <cairn/cairn.hpp>
#include <cairn/types/eigen.hpp>

#include <cmath>
#include <filesystem>
#include <iostream>

Eigen::MatrixXf waves(Eigen::Index rows, Eigen::Index columns, float a, float b) {
  return Eigen::MatrixXf::NullaryExpr(rows, columns, [=](Eigen::Index i, Eigen::Index j) {
    return std::sin(a * static_cast<float>(i) + b * static_cast<float>(j));
  });
}

struct Model {
  Eigen::MatrixXf hidden = waves(2, 8, 7, 1);
  Eigen::RowVectorXf bias = Eigen::RowVectorXf::Zero(8);
  Eigen::VectorXf output = Eigen::VectorXf::Constant(8, 0.1f);
};

struct Adam {
  Model m{waves(2, 8, 0, 0), Eigen::RowVectorXf::Zero(8), Eigen::VectorXf::Zero(8)}, v = m;  // the moments
  std::int64_t iterations = 0;

  void apply(const Model& gradients, Model& model) {
    const auto t = static_cast<float>(++iterations);
    const float rate = 0.02f * std::sqrt(1 - std::pow(0.999f, t)) / (1 - std::pow(0.9f, t));
    const auto update = [&](const auto& gradient, auto& mean, auto& square, auto& weights) {
      mean += 0.1f * (gradient - mean);
      square += 0.001f * (gradient.cwiseAbs2() - square);
      weights.array() -= rate * mean.array() / (square.array().sqrt() + 1e-7f);
    };
    update(gradients.hidden, m.hidden, v.hidden, model.hidden);
    update(gradients.bias, m.bias, v.bias, model.bias);
    update(gradients.output, m.output, v.output, model.output);
  }
};

struct Training {
  Model model;
  Adam optimizer;

  // Some steps towards the product of two numbers; returns the loss of the last one.
  float train(int steps) {
    float loss = 0;
    const Eigen::MatrixXf x = waves(32, 2, 3, 5);
    while (steps-- > 0) {
      const Eigen::MatrixXf h = ((x * model.hidden).rowwise() + model.bias).array().tanh();
      const Eigen::VectorXf error = h * model.output - x.col(0).cwiseProduct(x.col(1));
      const Eigen::MatrixXf back = (error * model.output.transpose()).array() * (1 - h.array().square());
      optimizer.apply({x.transpose() * back / 16, back.colwise().sum() / 16, h.transpose() * error / 16}, model);
      loss = error.squaredNorm() / 32;
    }
    return loss;
  }
};

int main() {
  Training training;
  cairn::Checkpoint checkpoint{training};
  const float first = training.train(1), last = training.train(499);
  std::cout << "it learns: " << std::boolalpha << (last < first / 10) << '\n';
  const std::string path = checkpoint.save("eigen/ckpt");
  training.train(500);

  Training later;
  cairn::Checkpoint{later}.restore(path).assert_consumed();
  std::cout << "it goes on at step " << later.optimizer.iterations << '\n';
  later.train(500);
  std::cout << "to the last bit as without a pause: " << (later.model.hidden == training.model.hidden) << '\n';

  for (const auto& [key, shape] : cairn::list_variables(path)) std::cout << "  " << key << ' ' << shape << '\n';
  std::filesystem::remove_all("eigen");
}
