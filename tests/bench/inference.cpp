// What inference costs: Dense 784-512-512-10 on a batch of 64, beside the same in plain Eigen where that is installed;
// a step of its training; and a small convolutional model. Milliseconds, the least of many runs on one core.
#include <cairn/keras.hpp>
#include <cairn/ops.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>

#if __has_include(<Eigen/Dense>)
#include <Eigen/Dense>
#endif

namespace keras = cairn::keras;

namespace {

using Model = keras::Sequential<keras::Dense<784, 512, keras::relu>, keras::Dense<512, 512, keras::relu>,
                                keras::Dense<512, 10, keras::softmax>>;
using Images = keras::Sequential<keras::Input<28, 28, 1>, keras::Conv2D<1, 32, 3, keras::relu>, keras::MaxPooling2D<2>,
                                 keras::Conv2D<32, 64, 3, keras::relu>, keras::MaxPooling2D<2>, keras::Flatten,
                                 keras::Dense<1600, 10, keras::softmax>>;

template <class Call>
double least_milliseconds(int runs, Call call) {
  double least = std::numeric_limits<double>::max();
  for (int run = 0; run < runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    call();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  return least;
}

#if __has_include(<Eigen/Dense>)
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Layer>
Matrix dense(const Matrix& x, const Layer& layer) {
  const auto rows = static_cast<Eigen::Index>(layer.kernel.extent(0));
  const auto columns = static_cast<Eigen::Index>(layer.kernel.extent(1));
  Matrix y(x.rows(), columns);
  y.noalias() = x * Eigen::Map<const Matrix>(layer.kernel.data(), rows, columns);
  y.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(layer.bias.data(), columns);
  return y;
}
Matrix infer(const Matrix& x, const Model& model) {
  Matrix y = dense(x, model.layer<0>()).cwiseMax(0.0f);
  y = dense(y, model.layer<1>()).cwiseMax(0.0f);
  y = dense(y, model.layer<2>());
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    y.row(i) = (y.row(i).array() - y.row(i).maxCoeff()).exp().matrix();
    y.row(i) /= y.row(i).sum();
  }
  return y;
}
#endif

}  // namespace

int main() {
  Model model;
  const auto x = cairn::random::normal<float, 64, 784>();
  float sum = 0;
  const double ours = least_milliseconds(200, [&] { sum += model(x).span()[0]; });
  std::printf("dense 784-512-512-10, batch 64: %.3f ms", ours);
#if __has_include(<Eigen/Dense>)
  const Matrix same = Eigen::Map<const Matrix>(x.data(), 64, 784);
  const double eigen = least_milliseconds(200, [&] { sum += infer(same, model)(0, 0); });
  const auto found = model(x);
  const Matrix expected = infer(same, model);
  float worst = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    worst = std::max(worst, std::abs(found.span()[i] - expected.data()[i]));
  std::printf(", Eigen %.3f ms, %.2f times; largest difference %g", eigen, ours / eigen, static_cast<double>(worst));
#endif
  const auto step = [&] {
    cairn::GradientTape tape;
    const auto loss = cairn::reduce_mean(cairn::square(model(x)));
    const auto gradients = tape.gradient(loss, model.trainable_variables());
    sum += gradients.get<0>().span()[0];
  };
  std::printf("\nits gradients: %.3f ms\n", least_milliseconds(30, step));

  const Images images;
  const auto batch = cairn::random::normal<float, 64, 28, 28, 1>();
  std::printf("Conv2D 32 and 64, Dense, batch 64 of 28 x 28: %.3f ms\n",
              least_milliseconds(20, [&] { sum += images(batch).span()[0]; }));
  return std::isnan(sum);
}
