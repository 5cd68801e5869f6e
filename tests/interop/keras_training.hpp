// Training that goes on in the other language: what the keras cases share. keras_training.py tells what is in which
// file.
#pragma once

#include <cairn/checkpoint.hpp>
#include <cairn/keras.hpp>
#include <cairn/ops.hpp>

#include "interop/case.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace cairn::test {

inline constexpr int steps = 5;

inline void expect_close(const std::string& what, std::span<const float> found, std::span<const float> expected,
                         double tolerance) {
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
    difference = std::max(difference, std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])));
  }
  if (found.size() == expected.size() && difference <= tolerance * largest) return;
  ++failures;
  std::cout << what << ": " << found.size() << " and " << expected.size() << " numbers, " << difference
            << " apart, the largest " << largest << '\n';
}

template <class X, class Y>
struct Course {
  X x;
  Y y;
  std::vector<float> half, full, losses;
};

template <class List>
std::vector<float> flat(const List& variables) {
  std::vector<float> all;
  const auto add = [&](const auto& each) { all.insert(all.end(), each.data(), each.data() + each.size()); };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (add(variables.template get<I>()), ...);
  }(std::make_index_sequence<std::tuple_size_v<List>>{});
  return all;
}
template <class Optimizer>
std::vector<float> slots_of(Optimizer& optimizer) {
  std::vector<float> all;
  keras::detail::SlotLists<Optimizer>::visit(optimizer, [&](const auto&, auto& slots, bool is_in_use) {
    const auto add = [&](const auto& list) {
      const std::vector<float> more = flat(list);
      all.insert(all.end(), more.begin(), more.end());
    };
    if constexpr (requires { slots.value(); }) {
      if (is_in_use) add(slots.value());
    } else {
      if (is_in_use) add(slots);
    }
  });
  return all;
}

// Of a model that only Python trains.
struct NoLoss {};

// How a model and its optimizer are saved; restore() is given a built optimizer.
struct AsCheckpoints {
  template <class Model, class Optimizer>
  static void restore(const std::filesystem::path& file, Model& model, Optimizer& optimizer) {
    using namespace cairn::literals;
    Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
    checkpoint.read(file.string()).assert_consumed();
  }
  template <class Model, class Optimizer>
  static void save(const std::filesystem::path& file, Model& model, Optimizer& optimizer) {
    using namespace cairn::literals;
    Checkpoint checkpoint{"model"_a = model, "optimizer"_a = optimizer};
    checkpoint.write(file.string());
  }
};

// One model, optimizer and loss; `Model` takes x.
template <class X, class Y, class Model, class Optimizer, class Loss, class Files>
struct Run {
  std::string name;
  Optimizer settings;
  Loss loss;
  static constexpr bool is_inference = std::is_same_v<Loss, NoLoss>;

  static std::vector<float> made_of(Model& model, const X& x) {
    const auto y = model(x);
    return {y.data(), y.data() + y.size()};
  }
  std::vector<float> train(Model& model, Optimizer& optimizer, const Course<X, Y>& course) const {
    std::vector<float> losses;
    if constexpr (is_inference) {
      optimizer.build(model);
    } else {
      for (int step = 0; step < steps; ++step) {
        GradientTape tape;
        const auto found = loss(course.y, keras::detail::call_layer(model, course.x, keras::training));
        optimizer.apply_gradients(tape.gradient(found, cairn::trainable_variables(model)), model);
        losses.push_back(found);
      }
    }
    return losses;
  }
  void restore(const std::filesystem::path& file, Model& model, Optimizer& optimizer) const {
    optimizer.build(model);
    Files::restore(file, model, optimizer);
  }
  static void save(const std::filesystem::path& file, Model& model, Optimizer& optimizer) {
    Files::save(file, model, optimizer);
  }

  // Compares with `full`, and with what was made of x there.
  void compare(const std::filesystem::path& folder, Model& model, Optimizer& optimizer,
               const Course<X, Y>& course) const {
    Model expected;
    Optimizer its_optimizer = settings;
    restore(folder / "full", expected, its_optimizer);
    CAIRN_EXPECT(optimizer.iterations == its_optimizer.iterations);
    expect_close(name + ": what the trained model makes of x", made_of(model, course.x), course.full, 1e-5);
    expect_close(name + ": weights", flat(cairn::trainable_variables(model)),
                 flat(cairn::trainable_variables(expected)), 1e-5);
    expect_close(name + ": slots", slots_of(optimizer), slots_of(its_optimizer), 1e-5);
  }

  void read(const std::filesystem::path& directory) const {
    const std::filesystem::path folder = directory / name;
    Course<X, Y> course;
    Checkpoint{course}.read((folder / "data").string()).assert_consumed();
    Model model;
    Optimizer optimizer = settings;
    if constexpr (!requires { Model::has_lists; }) {
      restore(folder / "new", model, optimizer);
      CAIRN_EXPECT(optimizer.iterations == 0 && !optimizer.built);
    }
    restore(folder / "half", model, optimizer);
    CAIRN_EXPECT(optimizer.iterations == steps && optimizer.built);
    expect_close(name + ": what the restored model makes of x", made_of(model, course.x), course.half, 1e-6);
    if constexpr (is_inference)
      restore(folder / "full", model, optimizer);
    else
      expect_close(name + ": losses", train(model, optimizer, course), course.losses, 1e-5);
    compare(folder, model, optimizer, course);
    save(folder / "back", model, optimizer);
  }
  // What Python made of our first five steps.
  void resume(const std::filesystem::path& directory) const {
    const std::filesystem::path folder = directory / name;
    Course<X, Y> course;
    Checkpoint{course}.read((folder / "data").string()).assert_consumed();
    Model model;
    Optimizer optimizer = settings;
    restore(folder / "back", model, optimizer);
    compare(folder, model, optimizer, course);
  }

  // `course` has x and y.
  void write(const std::filesystem::path& directory, Course<X, Y> course) const {
    const std::filesystem::path folder = directory / name;
    random::set_seed(5);
    Model model;
    Optimizer optimizer = settings;
    save(folder / "new", model, optimizer);
    static_cast<void>(train(model, optimizer, course));
    save(folder / "half", model, optimizer);
    course.half = made_of(model, course.x);
    course.losses = train(model, optimizer, course);
    save(folder / "full", model, optimizer);
    course.full = made_of(model, course.x);
    Checkpoint{course}.write((folder / "data").string());
  }
};

enum class Verb { read, write, resume };

template <class Model, class Files = AsCheckpoints, class X, class Y, class Optimizer, class Loss>
void go(Verb verb, const std::filesystem::path& directory, const char* name, Optimizer settings, Loss loss,
        const Course<X, Y>& course) {
  const Run<X, Y, Model, Optimizer, Loss, Files> run{name, std::move(settings), loss};
  if (verb == Verb::read) run.read(directory);
  if (verb == Verb::write) run.write(directory, course);
  if (verb == Verb::resume) run.resume(directory);
}

}  // namespace cairn::test
