// Boost's arrays: tf.Variables of the shape that NumPy shows.
#include "interop/case.hpp"

#include <cairn/types/boost.hpp>

using namespace cairn::literals;
namespace ublas = boost::numeric::ublas;

namespace {

struct Arrays {
  boost::multi_array<float, 3> cube;
  boost::multi_array<double, 3> fortran;
  ublas::matrix<double> rows;
  ublas::matrix<int, ublas::column_major> columns;
  ublas::vector<float> vector;
};

// Calls use(element, its number) for each element as NumPy counts.
template <class Use>
void for_each_element(Arrays& arrays, Use use) {
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 4; ++k) {
        const boost::array<std::size_t, 3> at{{i, j, k}};
        use(arrays.cube(at), (i * 3 + j) * 4 + k + 1);
        use(arrays.fortran(at), (i * 3 + j) * 4 + k + 1);
      }
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 5; ++j) {
      use(arrays.rows(i, j), i * 5 + j + 1);
      use(arrays.columns(i, j), i * 5 + j + 1);
    }
  for (std::size_t i = 0; i < 7; ++i) use(arrays.vector(i), i + 1);
}

}  // namespace

void write(const std::filesystem::path& directory) {
  const auto shape = boost::extents[2][3][4];
  Arrays arrays{boost::multi_array<float, 3>(shape),
                boost::multi_array<double, 3>(shape, boost::fortran_storage_order()), ublas::matrix<double>(3, 5),
                ublas::matrix<int, ublas::column_major>(3, 5), ublas::vector<float>(7)};
  for_each_element(arrays,
                   [](auto& element, std::size_t n) { element = static_cast<std::decay_t<decltype(element)>>(n); });
  cairn::Checkpoint checkpoint{"arrays"_a = arrays};
  checkpoint.write((directory / "ckpt").string());
}

void read(const std::filesystem::path& directory) {
  Arrays arrays{boost::multi_array<float, 3>(),
                boost::multi_array<double, 3>(boost::extents[1][1][1], boost::fortran_storage_order()),
                {},
                {},
                {}};
  cairn::Checkpoint checkpoint{"arrays"_a = arrays};
  checkpoint.read((directory / "ckpt").string()).assert_consumed();
  CAIRN_EXPECT(arrays.fortran.num_elements() == 24 && arrays.rows.size1() == 3 && arrays.columns.size1() == 3 &&
               arrays.vector.size() == 7);
  bool is_right = true;
  for_each_element(arrays, [&](auto& element, std::size_t n) {
    is_right = is_right && element == static_cast<std::decay_t<decltype(element)>>(n);
  });
  CAIRN_EXPECT(is_right);
}
