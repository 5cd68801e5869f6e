// Arrays of other libraries: column-major matrices, cubes, rows with a stride, channels, sparse matrices.
#include "interop/case.hpp"

#include <cairn/types/armadillo.hpp>
#include <cairn/types/dlpack.hpp>
#include <cairn/types/opencv.hpp>
#include <cairn/types/xtensor.hpp>

#include <array>
#include <complex>
#include <cstdint>

using namespace cairn::literals;

namespace {

struct Armadillo {
  arma::mat matrix;
  arma::fmat::fixed<3, 5> fixed;
  arma::vec column;
  arma::cube cube;
  arma::cx_mat complex;
  arma::mat empty;
  arma::sp_mat sparse;
};
struct OpenCv {
  cv::Mat image, region, volume, half;
  cv::Point point;
};
struct Xtensor {
  xt::xarray<float> rows;
  xt::xtensor<double, 2, xt::layout_type::column_major> columns;
  xt::xtensor_fixed<std::int64_t, xt::xshape<3, 5>> fixed;
};
struct DlPack {
  DLTensor columns;
};
struct Arrays {
  Armadillo armadillo;
  OpenCv opencv;
  Xtensor xtensor;
  DlPack dlpack;
};

// Memory that views look at.
struct Memory {
  cv::Mat around{5, 8, CV_32F, cv::Scalar(-1)};
  std::array<float, 15> columns{};
  std::array<std::int64_t, 2> shape{3, 5}, strides{1, 3};
};

void view(Arrays& arrays, Memory& memory) {
  arrays.opencv.region = memory.around(cv::Rect(2, 1, 5, 3));
  arrays.dlpack.columns = {memory.columns.data(), {kDLCPU, 0},           2, {kDLFloat, 32, 1},
                           memory.shape.data(),   memory.strides.data(), 0};
}

// Calls use(element, number) for all elements, whose numbers are 1, 2, 3, ... in row-major order.
template <class Use>
void for_each(Arrays& arrays, Use use) {
  auto& [armadillo, opencv, xtensor, dlpack] = arrays;
  for (unsigned i = 0; i < 3; ++i)
    for (unsigned j = 0; j < 5; ++j) {
      const int number = int(5 * i + j + 1);
      use(armadillo.matrix(i, j), number);
      use(armadillo.fixed(i, j), number);
      use(opencv.region.at<float>(int(i), int(j)), number);
      use(xtensor.columns(i, j), number);
      use(xtensor.fixed(i, j), number);
      use(static_cast<float*>(dlpack.columns.data)[i + 3 * j], number);
    }
  for (unsigned i = 0; i < 7; ++i) use(armadillo.column(i), int(i + 1));
  for (unsigned i = 0; i < 6; ++i) use(armadillo.complex(i / 2, i % 2), int(i + 1));
  for (unsigned i = 0; i < 2; ++i)
    for (unsigned j = 0; j < 3; ++j)
      for (unsigned k = 0; k < 4; ++k) {
        const int number = int(12 * i + 4 * j + k + 1);
        use(armadillo.cube(i, j, k), number);
        use(opencv.volume.at<std::int16_t>(int(i), int(j), int(k)), number);
        use(xtensor.rows(i, j, k), number);
      }
  for (int i = 0; i < 72; ++i) use(opencv.image.at<cv::Vec3b>(i / 18, i / 3 % 6)[i % 3], i + 1);
  for (int i = 0; i < 6; ++i) use(opencv.half.at<cv::float16_t>(i / 3, i % 3), i + 1);
  use(opencv.point.x, 1);
  use(opencv.point.y, 2);
}

const arma::mat sparse{{0, 1, 0, 2, 0}, {0, 0, 0, 0, 3}, {4, 0, 0, 0, 5}};

}  // namespace

void write(const std::filesystem::path& directory) {
  Memory memory;
  Arrays arrays;
  view(arrays, memory);
  arrays.armadillo.matrix.set_size(3, 5);
  arrays.armadillo.column.set_size(7);
  arrays.armadillo.cube.set_size(2, 3, 4);
  arrays.armadillo.complex.set_size(3, 2);
  arrays.armadillo.empty.set_size(0, 5);
  arrays.armadillo.sparse = sparse;
  arrays.opencv.image.create(4, 6, CV_8UC3);
  arrays.opencv.volume.create(std::vector<int>{2, 3, 4}, CV_16S);
  arrays.opencv.half.create(2, 3, CV_16F);
  arrays.xtensor.rows.resize({2, 3, 4});
  arrays.xtensor.columns.resize({3, 5});
  for_each(arrays, [](auto& element, int number) {
    element = static_cast<std::remove_reference_t<decltype(element)>>(static_cast<float>(number));
  });
  cairn::Checkpoint checkpoint{"arrays"_a = arrays};
  checkpoint.save(directory / "ckpt");
}

void read(const std::filesystem::path& directory) {
  Memory memory;
  Arrays arrays;
  view(arrays, memory);
  cairn::Checkpoint checkpoint{"arrays"_a = arrays};
  checkpoint.restore((directory / "ckpt-1").string()).assert_consumed();
  CAIRN_EXPECT(arrays.opencv.image.type() == CV_8UC3 && arrays.opencv.volume.dims == 2);
  arrays.opencv.volume = arrays.opencv.volume.reshape(1, {2, 3, 4});  // what cv2 takes for channels
  int wrong = 0;
  for_each(arrays, [&](auto& element, int number) {
    wrong += !(element == static_cast<std::remove_reference_t<decltype(element)>>(static_cast<float>(number)));
  });
  CAIRN_EXPECT(wrong == 0);
  CAIRN_EXPECT(memory.around.at<float>(1, 1) == -1 && memory.around.at<float>(1, 2) == 1);
  CAIRN_EXPECT(arrays.armadillo.empty.n_rows == 0 && arrays.armadillo.empty.n_cols == 5);
  CAIRN_EXPECT(arma::approx_equal(arma::mat(arrays.armadillo.sparse), sparse, "absdiff", 0));
}
