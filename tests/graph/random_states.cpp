// Engines and distributions of <random>: their standard text, so that the same numbers follow.
#include <cairn/graph/detail/copied_types.hpp>

#include <doctest/doctest.h>

#include "graph/saved_state.hpp"
#include "support/errors.hpp"

#include <array>
#include <clocale>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace cairn;
using namespace cairn::test;

namespace {

template <class Engine>
void engine_goes_on(unsigned steps) {
  Engine engine(12345);
  engine.discard(steps);
  const SavedState saved(child("engine", engine));
  Engine again;
  saved.restore(child("engine", again));
  bool is_same = true;
  for (int i = 0; i < 2000; ++i) is_same &= engine() == again();
  CHECK(is_same);
}
template <class Distribution>
void distribution_goes_on(Distribution distribution, Distribution again) {
  std::minstd_rand engine(7);
  for (int i = 0; i < 101; ++i) (void)distribution(engine);
  const SavedState saved(child("distribution", distribution));
  saved.restore(child("distribution", again));
  auto same_engine = engine;
  bool is_same = true;
  for (int i = 0; i < 500; ++i) is_same &= distribution(engine) == again(same_engine) && engine == same_engine;
  CHECK(is_same);
}
template <class Distribution, class... Arguments>
void distribution_goes_on(Arguments... arguments) {
  distribution_goes_on(Distribution(arguments...), Distribution());
}
// Restores the text into the object.
template <class T>
void restore_text(const std::string& text, T& object) {
  std::string saved_text = text;
  SavedState(child("it", saved_text)).restore(child("it", object));
}
template <class T>
std::string text_of(const T& object) {
  std::ostringstream stream;
  stream << object;
  return stream.str();
}
// True when the text is refused, and the object unchanged.
template <class T>
bool refuses(const std::string& text) {
  T object;
  const T before = object;
  return code_of([&] { restore_text(text, object); }) == ErrorCode::data_loss && object == before;
}

}  // namespace

TEST_CASE_TEMPLATE("every engine goes on where it was", Engine, std::minstd_rand, std::mt19937, std::mt19937_64,
                   std::ranlux24_base, std::ranlux48, std::knuth_b,
                   std::independent_bits_engine<std::mt19937, 13, unsigned>,
                   std::shuffle_order_engine<std::ranlux24, 7>) {
  for (const unsigned steps : {0u, 1u, 17u, 1000u}) engine_goes_on<Engine>(steps);
}

TEST_CASE("every distribution goes on where it was, with the same last digits") {
  distribution_goes_on<std::uniform_int_distribution<long long>>(-3ll, 1000000000000ll);
  distribution_goes_on<std::uniform_real_distribution<double>>(0.1, 1 / 3.);
  distribution_goes_on<std::uniform_real_distribution<float>>(0.1f, 1 / 3.f);
  distribution_goes_on<std::bernoulli_distribution>(1 / 3.);
  distribution_goes_on<std::binomial_distribution<int>>(1000, 1 / 3.);
  distribution_goes_on<std::geometric_distribution<int>>(1 / 7.);
  distribution_goes_on<std::negative_binomial_distribution<int>>(3, 1 / 7.);
  distribution_goes_on<std::poisson_distribution<int>>(100 / 7.);
  distribution_goes_on<std::exponential_distribution<double>>(1 / 7.);
  distribution_goes_on<std::gamma_distribution<double>>(1 / 7., 2 / 3.);
  distribution_goes_on<std::weibull_distribution<double>>(1 / 7., 2 / 3.);
  distribution_goes_on<std::extreme_value_distribution<double>>(1 / 7., 2 / 3.);
  distribution_goes_on<std::normal_distribution<double>>(1 / 7., 2 / 3.);
  distribution_goes_on<std::normal_distribution<float>>(1 / 7.f, 2 / 3.f);
  distribution_goes_on<std::lognormal_distribution<double>>(1 / 7., 2 / 3.);
  distribution_goes_on<std::chi_squared_distribution<double>>(10 / 7.);
  distribution_goes_on<std::cauchy_distribution<double>>(1 / 7., 2 / 3.);
  distribution_goes_on<std::fisher_f_distribution<double>>(10 / 7., 20 / 3.);
  distribution_goes_on<std::student_t_distribution<double>>(10 / 7.);
}

TEST_CASE("a distribution with a table of weights that has the saved ones keeps their last digits") {
  const std::vector<double> weights{1 / 3., 1 / 7., 0.1, 5, 0.7, 1e-9, 11 / 13.};
  const std::vector<double> places{0, 1 / 3., 0.5, 2 / 3., 1, 7, 8, 9};
  const std::discrete_distribution<int> discrete(weights.begin(), weights.end());
  distribution_goes_on(discrete, discrete);
  distribution_goes_on(discrete, {});
  const std::piecewise_constant_distribution<double> constant(places.begin(), places.end(), weights.begin());
  distribution_goes_on(constant, constant);
}

TEST_CASE("a text is written and read in the classic locale") {
  struct Commas : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  const std::string plain = text_of(std::normal_distribution<double>(0.5, 1e6));
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Commas));
  std::normal_distribution<double> distribution(0.5, 1e6), again;
  const SavedState saved(child("it", distribution));
  saved.restore(child("it", again));
  std::locale::global(before);
  CHECK(saved.values.begin()->second.strings == Names{plain});
  CHECK(again == distribution);
}

TEST_CASE("a text that is not one of the engine's is refused, and nothing changes") {
  std::mt19937 engine;
  const std::string good = text_of(engine);
  CHECK(!refuses<std::mt19937>(good));
  CHECK(refuses<std::mt19937>(""));
  CHECK(refuses<std::mt19937>("some text"));
  CHECK(refuses<std::mt19937>(good.substr(0, good.size() / 2)));
  CHECK(refuses<std::mt19937>(good + " 1"));
  CHECK(refuses<std::mt19937>(good + "x"));
  CHECK(refuses<std::mt19937_64>(good));
  CHECK(refuses<std::mt19937>(text_of(std::mt19937_64())));
  CHECK(refuses<std::normal_distribution<double>>("0 one 0"));
  CHECK(refuses<std::discrete_distribution<int>>("99999999999999 0.5 0.5"));
  CHECK(refuses<std::discrete_distribution<int>>(""));
  const std::string said = sentence_of([&] { restore_text("some text", engine); });
  CHECK(said.find(
            "it/.ATTRIBUTES/VARIABLE_VALUE in file cannot be restored: this text is not what a stream writes for a "
            "std::mersenne_twister_engine; was it another type, or another standard library, when it was saved?") == 0);
}

TEST_CASE("a number that would lead an engine out of its tables is refused") {
  const auto with_last = [](std::string text, const std::string& number) {
    return text.substr(0, text.find_last_of(' ') + 1) + number;
  };
  CHECK(!refuses<std::knuth_b>(with_last(text_of(std::knuth_b()), "2147483645")));
  CHECK(refuses<std::knuth_b>(with_last(text_of(std::knuth_b()), "2147483647")));
  CHECK(refuses<std::ranlux24>(with_last(text_of(std::ranlux24()), "224")));
  CHECK(refuses<std::ranlux24>(with_last(text_of(std::ranlux24()), "-1")));
#if defined(__GLIBCXX__)
  CHECK(!refuses<std::ranlux24_base>(with_last(text_of(std::ranlux24_base()), "23")));
  CHECK(refuses<std::ranlux24_base>(with_last(text_of(std::ranlux24_base()), "24")));
  CHECK(refuses<std::ranlux24>(with_last(text_of(std::ranlux24_base()), "24") + " 0"));
#endif
}
