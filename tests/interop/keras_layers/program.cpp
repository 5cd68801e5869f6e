// Every layer, in models of several shapes: Sequential, functional, and a struct of layers with layers in an array.
#include "interop/keras_training.hpp"

#include <array>

namespace keras = cairn::keras;
using namespace cairn::test;

namespace {

using Images = keras::Sequential<keras::Input<8, 7, 2>, keras::Conv2D<2, 3, 3, keras::relu, keras::padding<"same">>,
                                 keras::BatchNormalization<3, keras::momentum<0.9>>, keras::MaxPooling2D<2>,
                                 keras::Conv2D<3, 4, 2, keras::strides<1, 2>, keras::use_bias<false>>,
                                 keras::AveragePooling2D<2, keras::strides<1>, keras::padding<"same">>,
                                 keras::Dropout<0.0>, keras::Flatten, keras::Dense<12, 3, keras::softmax>>;
using Pooled =
    keras::Functional<keras::Input<8, 7, 2>, keras::Conv2D<2, 4, 3, keras::elu, keras::strides<2>>,
                      keras::LayerNormalization<4>, keras::Activation<keras::gelu>, keras::GlobalAveragePooling2D,
                      keras::BatchNormalization<4, keras::scale<false>>, keras::Dense<4, 3>>;
struct Words {
  static constexpr bool has_lists = true;
  keras::Embedding<9, 4> words;
  keras::Dense<4, 5, keras::selu> hidden;
  struct {
    keras::Dense<5, 5, keras::silu> first;
    keras::Dense<5, 4, keras::softplus> second;
  } rest;
  keras::LayerNormalization<5, keras::epsilon<1e-5>> norm;
  keras::Flatten flatten;
  keras::Dense<16, 3> last;

  auto operator()(const auto& x) const { return last(flatten(rest.second(rest.first(norm(hidden(words(x))))))); }
};
template <class First, class Second>
using Recurrent = keras::Sequential<keras::Embedding<9, 4>, First, Second, keras::Dense<3, 2>>;
using SimpleRNN = Recurrent<keras::SimpleRNN<4, 5, keras::return_sequences<true>>, keras::SimpleRNN<5, 3>>;
using GRU = Recurrent<keras::GRU<4, 5, keras::return_sequences<true>>, keras::GRU<5, 3>>;
using LSTM = Recurrent<keras::LSTM<4, 5, keras::return_sequences<true>>, keras::LSTM<5, 3>>;

using Pictures = cairn::Variable<float, 6, 8, 7, 2>;
using Ids = cairn::Variable<std::int64_t, 6, 4>;
using Values = cairn::Variable<float, 6, 3>;
using Pairs = cairn::Variable<float, 6, 2>;
using Classes = cairn::Variable<std::int64_t, 6>;

template <class Y>
Course<Pictures, Y> pictures() {
  Course<Pictures, Y> course;
  cairn::random::set_seed(3);
  course.x.assign(cairn::random::normal<float, 6, 8, 7, 2>());
  return course;
}
template <class Y>
Course<Ids, Y> ids() {
  Course<Ids, Y> course;
  for (std::size_t i = 0; i < course.x.size(); ++i) course.x.data()[i] = static_cast<std::int64_t>(i * 7 % 9);
  return course;
}

void all(Verb verb, const std::filesystem::path& directory) {
  auto images = pictures<Classes>();
  images.y.assign({2, 1, 0, 0, 1, 2});
  go<Images>(verb, directory, "images", keras::Adam<Images>{.learning_rate = 0.01f},
             keras::SparseCategoricalCrossentropy{}, images);
  auto pooled = pictures<Values>();
  pooled.y.assign(cairn::random::normal<float, 6, 3>());
  go<Pooled>(verb, directory, "pooled", keras::SGD<Pooled>{.learning_rate = 0.05f, .momentum = 0.9, .nesterov = true},
             keras::MeanSquaredError{}, pooled);
  auto words = ids<Values>();
  words.y.assign(cairn::random::normal<float, 6, 3>());
  go<Words>(verb, directory, "words", keras::AdamW<Words>{.learning_rate = 0.01f, .weight_decay = 0.1},
            keras::MeanSquaredError{}, words);
  go<SimpleRNN>(verb, directory, "simple_rnn", keras::RMSprop<SimpleRNN>{}, NoLoss{}, ids<Pairs>());
  go<GRU>(verb, directory, "gru", keras::Adam<GRU>{}, NoLoss{}, ids<Pairs>());
  go<LSTM>(verb, directory, "lstm", keras::Adam<LSTM>{}, NoLoss{}, ids<Pairs>());
}

}  // namespace

void read(const std::filesystem::path& directory) { all(Verb::read, directory); }
void write(const std::filesystem::path& directory) { all(Verb::write, directory); }
void resume(const std::filesystem::path& directory) { all(Verb::resume, directory); }
