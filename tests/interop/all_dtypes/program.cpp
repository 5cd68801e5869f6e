// Every dtype that a C++ type has: as number, as vector, as variable, and all bit patterns of the small floats.
#include "interop/case.hpp"

using namespace cairn::literals;

namespace {

enum class Phase : std::uint8_t { warm_up, train, evaluate };
enum Plain : int { negative = -7, none = 0 };

template <class T>
struct Values {
  T number{};
  std::vector<T> vector;
  cairn::Variable<T, 3, 5> variable;
};
template <class T>
struct Patterns {
  T number{};
  cairn::Variable<T, cairn::dynamic> every;
};
struct Others {
  Phase enumeration = Phase::warm_up;
  Plain plain_enumeration = none;
  std::array<double, 11> fixed{};
  std::vector<short> numbers;
  std::vector<float> no_elements{1, 2};
  cairn::Variable<std::complex<double>, cairn::dynamic, 3> no_rows;
  std::array<signed char, 4> characters{};
};
struct State {
  Values<bool> bool_;
  Values<std::int8_t> int8;
  Values<std::uint8_t> uint8;
  Values<std::int16_t> int16;
  Values<std::uint16_t> uint16;
  Values<std::int32_t> int32;
  Values<std::uint32_t> uint32;
  Values<std::int64_t> int64;
  Values<std::uint64_t> uint64;
  Values<float> float32;
  Values<double> float64;
  Values<std::complex<float>> complex64;
  Values<std::complex<double>> complex128;
  Patterns<cairn::half> half;
  Patterns<cairn::bfloat16> bfloat16;
  Patterns<cairn::float8_e4m3fn> float8_e4m3fn;
  Patterns<cairn::float8_e5m2> float8_e5m2;
  Patterns<cairn::int4> int4;
  Patterns<cairn::uint4> uint4;
  Others others;
};

template <class Use>
void each(State& s, Use use) {
  const auto values = [&](auto&... v) { (use(v), ...); };
  values(s.bool_, s.int8, s.uint8, s.int16, s.uint16, s.int32, s.uint32, s.int64, s.uint64, s.float32, s.float64,
         s.complex64, s.complex128, s.half, s.bfloat16, s.float8_e4m3fn, s.float8_e5m2, s.int4, s.uint4);
}

template <class T>
void set(Values<T>& v) {
  fill(v.number, 1);
  v.vector.resize(13);
  if constexpr (std::is_same_v<T, bool>) {
    std::array<bool, 13> bools{};
    fill(bools, 2);
    v.vector.assign(bools.begin(), bools.end());
  } else {
    fill(v.vector, 2);
  }
  fill(v.variable, 3);
}
template <class T>
void set(Patterns<T>& v) {
  fill(v.number, 4);
  const bool is_int4 = std::is_same_v<T, cairn::int4> || std::is_same_v<T, cairn::uint4>;
  v.every = cairn::Variable<T, cairn::dynamic>(cairn::Shape{is_int4 ? 16 : std::int64_t{1} << (8 * sizeof(T))});
  for (std::size_t i = 0; i < v.every.size(); ++i) v.every[i].bits = static_cast<decltype(T::bits)>(i);
}

template <class T>
bool same(const Values<T>& a, const Values<T>& b) {
  const auto bytes = [](const auto& x) {
    return cairn::test::bytes_of(const_cast<std::remove_cvref_t<decltype(x)>&>(x));
  };
  const auto equal = [&](const auto& x, const auto& y) { return std::ranges::equal(bytes(x), bytes(y)); };
  bool vectors = false;
  if constexpr (std::is_same_v<T, bool>)
    vectors = a.vector == b.vector;
  else
    vectors = equal(a.vector, b.vector);
  return equal(a.number, b.number) && vectors && equal(a.variable, b.variable);
}
template <class T>
bool same(const Patterns<T>& a, const Patterns<T>& b) {
  return a.number.bits == b.number.bits && a.every.shape() == b.every.shape() &&
         std::ranges::equal(a.every.span(), b.every.span(), {}, &T::bits, &T::bits);
}

void track(cairn::Checkpoint<>& checkpoint, State& state) {
  std::size_t i = 0;
  const std::array names{"bool",     "int8",          "uint8",       "int16",   "uint16",    "int32",      "uint32",
                         "int64",    "uint64",        "float32",     "float64", "complex64", "complex128", "half",
                         "bfloat16", "float8_e4m3fn", "float8_e5m2", "int4",    "uint4"};
  each(state, [&](auto& values) { checkpoint.track(names.at(i++), values); });
  checkpoint.track("others"_a = state.others);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  State state;
  each(state, [](auto& values) { set(values); });
  state.others.enumeration = Phase::evaluate;
  state.others.plain_enumeration = negative;
  state.others.no_elements.clear();
  fill(state.others.fixed, 5);
  state.others.numbers.resize(6);
  fill(state.others.numbers, 6);
  fill(state.others.characters, 9);
  cairn::Checkpoint checkpoint;
  track(checkpoint, state);
  checkpoint.write(directory / "values");
  checkpoint.write(directory / "aligned", {.data_alignment = 64});
  const cairn::CheckpointReader aligned((directory / "aligned").string());
  for (const auto& [key, dtype] : aligned.get_variable_to_dtype_map())
    CAIRN_EXPECT(aligned.get_view(key).is_mapped() == (dtype != cairn::DT_STRING));
}

void read(const std::filesystem::path& directory) {
  State state;
  State expected;
  cairn::Checkpoint checkpoint;
  track(checkpoint, state);
  checkpoint.read(directory / "values").assert_consumed();
  const cairn::CheckpointReader reader((directory / "values").string());  // as TensorFlow writes it, not aligned
  for (const auto& [key, dtype] : reader.get_variable_to_dtype_map())
    CAIRN_EXPECT(cairn::AnyTensor(reader.get_view(key)) == reader.get_tensor(key));
  std::size_t number = 0;
  const auto compare = [&](auto& restored, auto& filled) {
    set(filled);
    if (!CAIRN_EXPECT(same(restored, filled))) std::cout << "  of dtype number " << number << '\n';
    ++number;
  };
  each(state, [&]<class T>(T& restored) {
    T filled;
    compare(restored, filled);
  });
  CAIRN_EXPECT(state.others.enumeration == Phase::evaluate);
  CAIRN_EXPECT(state.others.plain_enumeration == negative);
  CAIRN_EXPECT(is_filled(state.others.fixed, 5));
  CAIRN_EXPECT(state.others.numbers.size() == 6 && is_filled(state.others.numbers, 6));
  CAIRN_EXPECT(state.others.no_elements.empty());
  CAIRN_EXPECT(state.others.no_rows.shape() == cairn::Shape{0, 3});
  CAIRN_EXPECT(is_filled(state.others.characters, 9));
}
