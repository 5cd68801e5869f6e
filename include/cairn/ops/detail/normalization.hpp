// Batch normalization and layer normalization: (x - mean) / sqrt(variance + epsilon) * gamma + beta.
//
// x is a matrix [rows, columns] here: a row is an example (or a pixel of one), a column is a channel. Batch
// normalization takes mean and variance of each column, layer normalization those of each row.
#pragma once

#include "../../core/detail/vec.hpp"
#include "operand.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace cairn::ops::detail {

// The normalized x, and one factor for each column (batch normalization) or row (layer normalization). The derivatives
// are computed from them.
template <class T>
struct Normalized {
  std::size_t rows;
  std::size_t columns;
  core::detail::Vec<T> x;
  core::detail::Vec<T> inverse;  // 1 / sqrt(variance + epsilon)
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
  std::vector<double> mean(columns);
  std::vector<double> variance(columns);
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

// The edges to beta and, below, to gamma, for both kinds of normalization.
template <class T>
[[nodiscard]] Edge beta_edge(Source source, std::size_t columns) {
  return edge<T>(source, columns, [columns](std::span<const T> upstream, std::span<T> sum) {
    for (std::size_t i = 0; i < upstream.size(); ++i) sum[i % columns] += upstream[i];
  });
}
template <class T>
[[nodiscard]] Edge gamma_edge(Source source, std::size_t columns, core::detail::Vec<T> normalized) {
  return edge<T>(source, columns, [columns, x = std::move(normalized)](std::span<const T> upstream, std::span<T> sum) {
    for (std::size_t i = 0; i < upstream.size(); ++i) sum[i % columns] += upstream[i] * x[i];
  });
}

// Normalizes each column of x by the given mean and variance of the column.
template <class T>
[[nodiscard]] Normalized<T> normalized_columns(const T* x, std::size_t rows, std::size_t columns, const T* mean,
                                               const T* variance, T epsilon) {
  Normalized<T> result{rows, columns, core::detail::Vec<T>(rows * columns), core::detail::Vec<T>(columns)};
  for (std::size_t j = 0; j < columns; ++j) result.inverse[j] = T{1} / std::sqrt(variance[j] + epsilon);
  for (std::size_t i = 0; i < result.x.size(); ++i)
    result.x[i] = (x[i] - mean[i % columns]) * result.inverse[i % columns];
  return result;
}
// Normalizes each row of x by the row's own mean and variance, which are computed here.
template <class T>
[[nodiscard]] Normalized<T> normalized_rows(const T* x, std::size_t rows, std::size_t columns, T epsilon) {
  Normalized<T> result{rows, columns, core::detail::Vec<T>(rows * columns), core::detail::Vec<T>(rows)};
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
    result.inverse[i] = static_cast<T>(inverse);
    for (std::size_t j = 0; j < columns; ++j)
      result.x[i * columns + j] = static_cast<T>((static_cast<double>(row[j]) - mean) * inverse);
  }
  return result;
}

// The edge to x for a batch normalization whose mean and variance are the batch's own: they depend on x, too. An empty
// `gamma` counts as ones.
template <class T>
[[nodiscard]] Edge batch_normalization_edge(Source source, Normalized<T> normalized, core::detail::Vec<T> gamma) {
  const std::size_t size = normalized.x.size();
  return edge<T>(source, size,
                 [n = std::move(normalized), gamma = std::move(gamma)](std::span<const T> upstream, std::span<T> sum) {
                   core::detail::Vec<T> mean(n.columns);      // of upstream
                   core::detail::Vec<T> weighted(n.columns);  // of upstream * normalized x
                   for (std::size_t i = 0; i < upstream.size(); ++i) {
                     mean[i % n.columns] += upstream[i] / static_cast<T>(n.rows);
                     weighted[i % n.columns] += upstream[i] * n.x[i] / static_cast<T>(n.rows);
                   }
                   for (std::size_t i = 0; i < upstream.size(); ++i) {
                     const std::size_t j = i % n.columns;
                     const T factor = gamma.empty() ? n.inverse[j] : n.inverse[j] * gamma[j];
                     sum[i] += factor * (upstream[i] - mean[j] - n.x[i] * weighted[j]);
                   }
                 });
}
// The edge to x for a batch normalization whose mean and variance are given, as in inference. An empty `gamma` counts
// as ones.
template <class T>
[[nodiscard]] Edge scaling_edge(Source source, Normalized<T> normalized, core::detail::Vec<T> gamma) {
  const std::size_t size = normalized.x.size();
  core::detail::Vec<T> factor = std::move(normalized.inverse);
  for (std::size_t j = 0; j < gamma.size(); ++j) factor[j] *= gamma[j];
  return edge<T>(source, size, [factor = std::move(factor)](std::span<const T> upstream, std::span<T> sum) {
    for (std::size_t i = 0; i < upstream.size(); ++i) sum[i] += upstream[i] * factor[i % factor.size()];
  });
}

// y = normalized x * gamma + beta for each column. A null `gamma` counts as ones, and a null `beta` as zeros.
template <class T>
void scale_columns(const Normalized<T>& normalized, const T* gamma, const T* beta, T* y) {
  const std::size_t columns = normalized.columns;
  for (std::size_t i = 0; i < normalized.x.size(); ++i) {
    y[i] = normalized.x[i];
    if (gamma != nullptr) y[i] *= gamma[i % columns];
    if (beta != nullptr) y[i] += beta[i % columns];
  }
}

template <class T>
[[nodiscard]] Edge layer_normalization_edge(Source source, Normalized<T> normalized, core::detail::Vec<T> gamma) {
  const std::size_t size = normalized.x.size();
  return edge<T>(source, size,
                 [n = std::move(normalized), gamma = std::move(gamma)](std::span<const T> upstream, std::span<T> sum) {
                   core::detail::Vec<T> scaled(n.columns);
                   for (std::size_t i = 0; i < n.rows; ++i) {
                     const std::size_t begin = i * n.columns;
                     T mean = 0;
                     T weighted = 0;
                     for (std::size_t j = 0; j < n.columns; ++j) {
                       scaled[j] = gamma.empty() ? upstream[begin + j] : upstream[begin + j] * gamma[j];
                       mean += scaled[j] / static_cast<T>(n.columns);
                       weighted += scaled[j] * n.x[begin + j] / static_cast<T>(n.columns);
                     }
                     for (std::size_t j = 0; j < n.columns; ++j)
                       sum[begin + j] += n.inverse[i] * (scaled[j] - mean - n.x[begin + j] * weighted);
                   }
                 });
}

}  // namespace cairn::ops::detail
