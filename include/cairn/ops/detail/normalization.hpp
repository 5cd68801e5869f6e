// Batch normalization and layer normalization: (x - mean) / sqrt(variance + epsilon) * gamma + beta.
//
// x is a matrix [rows, columns] here: a row is an example (or a pixel of one), a column is a channel. Batch
// normalization takes mean and variance of each column, layer normalization those of each row.
#pragma once

#include "../../core/detail/vec.hpp"
#include "../matmul.hpp"
#include "operand.hpp"

#include <cmath>
#include <cstddef>
#include <utility>

namespace CAIRN_NAMESPACE::ops::detail {

// The normalized x, and one factor for each column (batch normalization) or row (layer normalization). The derivatives
// are computed from them.
struct Normalized {
  std::size_t rows;
  std::size_t columns;
  Elements x;
  Elements inverse;  // 1 / sqrt(variance + epsilon)
};

template <class T>
struct Moments {
  core::detail::Vec<T> mean;
  core::detail::Vec<T>
      variance;  // the mean of the squares, divided by n and not by n - 1, as in Keras' moving variance
};

// Mean and variance of each column. They are summed in double, so that the result does not depend on the order.
template <class T>
[[nodiscard]] Moments<T> column_moments(const T* x, std::size_t rows, std::size_t columns) {
  core::detail::Vec<double> mean(columns);
  core::detail::Vec<double> variance(columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) mean[j] += static_cast<double>(x[i * columns + j]);
  for (double& value : mean) value /= static_cast<double>(rows);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      const double distance = static_cast<double>(x[i * columns + j]) - mean[j];
      variance[j] += distance * distance;
    }
  for (double& value : variance) value /= static_cast<double>(rows);
  return {core::detail::Vec<T>(mean.begin(), mean.end()), core::detail::Vec<T>(variance.begin(), variance.end())};
}

// y = x * factor + offset for each column, with factor = gamma / sqrt(variance + epsilon), in TensorFlow's order of
// operations. A null `gamma` counts as ones, and a null `beta` as zeros.
template <class T>
void batch_normalized(const T* x, std::size_t rows, std::size_t columns, const T* mean, const T* variance,
                      const T* gamma, const T* beta, T epsilon, T* y) {
  core::detail::Vec<T> factor(columns);
  core::detail::Vec<T> offset(columns);
  for (std::size_t j = 0; j < columns; ++j) {
    factor[j] = T{1} / std::sqrt(variance[j] + epsilon);
    if (gamma != nullptr) factor[j] *= gamma[j];
    offset[j] = (beta != nullptr ? beta[j] : T{0}) - mean[j] * factor[j];
  }
  for (std::size_t i = 0; i < rows; ++i, x += columns, y += columns)
    for (std::size_t j = 0; j < columns; ++j) y[j] = x[j] * factor[j] + offset[j];
}

// Normalizes each column of x by the given mean and variance of the column.
template <class T>
[[nodiscard]] Normalized normalized_columns(const T* x, std::size_t rows, std::size_t columns, const T* mean,
                                            const T* variance, T epsilon) {
  Normalized result{rows, columns, {dtype_of<T>, rows * columns}, {dtype_of<T>, columns}};
  T* const inverse = result.inverse.as<T>();
  T* const normalized = result.x.as<T>();
  for (std::size_t j = 0; j < columns; ++j) inverse[j] = T{1} / std::sqrt(variance[j] + epsilon);
  for (std::size_t i = 0; i < rows * columns; ++i) normalized[i] = (x[i] - mean[i % columns]) * inverse[i % columns];
  return result;
}
// Normalizes each row of x by the row's own mean and variance, which are computed here.
template <class T>
[[nodiscard]] Normalized normalized_rows(const T* x, std::size_t rows, std::size_t columns, T epsilon) {
  Normalized result{rows, columns, {dtype_of<T>, rows * columns}, {dtype_of<T>, rows}};
  T* to = result.x.as<T>();
  for (std::size_t i = 0; i < rows; ++i) {
    const T* const row = x + i * columns;
    double mean = 0;
    double variance = 0;
    for (std::size_t j = 0; j < columns; ++j) mean += static_cast<double>(row[j]);
    mean /= static_cast<double>(columns);
    for (std::size_t j = 0; j < columns; ++j) {
      const double distance = static_cast<double>(row[j]) - mean;
      variance += distance * distance;
    }
    variance /= static_cast<double>(columns);
    const double inverse = 1 / std::sqrt(variance + static_cast<double>(epsilon));
    result.inverse.as<T>()[i] = static_cast<T>(inverse);
    for (std::size_t j = 0; j < columns; ++j) *to++ = static_cast<T>((static_cast<double>(row[j]) - mean) * inverse);
  }
  return result;
}

// y = normalized x * gamma + beta for each column. A null `gamma` counts as ones, and a null `beta` as zeros.
template <class T>
void scale_columns(const Normalized& normalized, const T* gamma, const T* beta, T* y) {
  const std::size_t columns = normalized.columns;
  const T* const x = normalized.x.as<const T>();
  for (std::size_t i = 0; i < normalized.rows * columns; ++i) {
    y[i] = x[i];
    if (gamma != nullptr) y[i] *= gamma[i % columns];
    if (beta != nullptr) y[i] += beta[i % columns];
  }
}

// The edges' functions. Kept are the normalized x, the factors and gamma, which may be null and counts as ones then;
// sizes are rows and columns. The first one is for a batch normalization whose mean and variance are the batch's own:
// they depend on x, too.
template <class T>
void add_batch_normalization(const Edge& edge, const void* upstream, void* sum) {
  const T* const from = static_cast<const T*>(upstream);
  const T* const x = edge.kept[0].as<const T>();
  const T* const inverse = edge.kept[1].as<const T>();
  const T* const gamma = edge.kept[2].as<const T>();
  const std::size_t rows = edge.sizes[0];
  const std::size_t columns = edge.sizes[1];
  core::detail::Vec<T> mean(columns);      // of upstream
  core::detail::Vec<T> weighted(columns);  // of upstream * normalized x
  for (std::size_t i = 0; i < edge.size; ++i) {
    mean[i % columns] += from[i] / static_cast<T>(rows);
    weighted[i % columns] += from[i] * x[i] / static_cast<T>(rows);
  }
  for (std::size_t i = 0; i < edge.size; ++i) {
    const std::size_t j = i % columns;
    const T factor = gamma == nullptr ? inverse[j] : inverse[j] * gamma[j];
    static_cast<T*>(sum)[i] += factor * (from[i] - mean[j] - x[i] * weighted[j]);
  }
}
// For a batch normalization whose mean and variance are given, as in inference.
template <class T>
void add_scaling(const Edge& edge, const void* upstream, void* sum) {
  const T* const inverse = edge.kept[1].as<const T>();
  const T* const gamma = edge.kept[2].as<const T>();
  const std::size_t columns = edge.sizes[1];
  for (std::size_t i = 0; i < edge.size; ++i) {
    const std::size_t j = i % columns;
    static_cast<T*>(sum)[i] +=
        static_cast<const T*>(upstream)[i] * (gamma == nullptr ? inverse[j] : inverse[j] * gamma[j]);
  }
}
template <class T>
void add_layer_normalization(const Edge& edge, const void* upstream, void* sum) {
  const T* const inverse = edge.kept[1].as<const T>();
  const T* const gamma = edge.kept[2].as<const T>();
  const std::size_t columns = edge.sizes[1];
  core::detail::Vec<T> scaled(columns);
  for (std::size_t i = 0; i < edge.sizes[0]; ++i) {
    const T* const from = static_cast<const T*>(upstream) + i * columns;
    const T* const x = edge.kept[0].as<const T>() + i * columns;
    T* const to = static_cast<T*>(sum) + i * columns;
    T mean = 0;
    T weighted = 0;
    for (std::size_t j = 0; j < columns; ++j) {
      scaled[j] = gamma == nullptr ? from[j] : from[j] * gamma[j];
      mean += scaled[j] / static_cast<T>(columns);
      weighted += scaled[j] * x[j] / static_cast<T>(columns);
    }
    for (std::size_t j = 0; j < columns; ++j) to[j] += inverse[i] * (scaled[j] - mean - x[j] * weighted);
  }
}
// Kept is the normalized x.
template <class T>
void add_normalized(const Edge& edge, const void* upstream, void* sum) {
  const T* const x = edge.kept[0].as<const T>();
  for (std::size_t i = 0; i < edge.result_size; ++i)
    static_cast<T*>(sum)[i % edge.size] += static_cast<const T*>(upstream)[i] * x[i];
}

// Records the edges of a normalization, `to_x` being one of the three functions above. `gamma` and `beta` are null where
// there are none.
template <class T>
void record_normalization(tensor::detail::TensorParts& y, const Input<T>& x, Edge::Add to_x, Normalized normalized,
                          const Input<T>* gamma, const Input<T>* beta) {
  Edge by_x = edge(x, to_x);
  Edge by_gamma = edge_to_bias(gamma);
  if (gamma != nullptr) {
    by_x.kept[2] = gamma->keep();
    by_gamma.add = &add_normalized<T>;
    by_gamma.kept[0] = normalized.x;
  }
  by_x.sizes[0] = normalized.rows;
  by_x.sizes[1] = normalized.columns;
  by_x.kept[0] = std::move(normalized.x);
  by_x.kept[1] = std::move(normalized.inverse);
  Edge by_beta = edge_to_bias(beta);
  record(y, {&by_x, &by_gamma, &by_beta});
}

}  // namespace CAIRN_NAMESPACE::ops::detail
