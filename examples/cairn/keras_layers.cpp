#include "keras_layers.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace tool {

namespace {

using Value = JsonValue;

// Thrown for a layer that has no type in cairn.
struct NotKnown {
  std::string reason;
};

[[nodiscard]] bool flag_of(const Value& of, const char* name, bool otherwise) {
  const Value* const value = member(of, name);
  return value != nullptr && value->kind == Value::Kind::boolean ? value->flag : otherwise;
}
[[nodiscard]] double number_of(const Value& of, const char* name, double otherwise) {
  const Value* const value = member(of, name);
  return value != nullptr && value->kind == Value::Kind::number ? value->number : otherwise;
}
[[nodiscard]] std::string digits(double value) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}
// A whole number that is no size of a layer is -1, as one that is not told.
[[nodiscard]] std::int64_t size_in(const Value& value) {
  constexpr std::int64_t most = 1 << 30;
  const std::int64_t size = value.integer().value_or(-1);
  return size > 0 && size <= most ? size : -1;
}
[[nodiscard]] std::int64_t size_of(const Value& of, const char* name) {
  const Value* const value = member(of, name);
  const std::int64_t size = value == nullptr ? -1 : size_in(*value);
  if (size < 0) throw NotKnown{std::string("its ") + name + " is not told"};
  return size;
}

// The shape of one example; an extent that is not known is -1.
using Extents = std::vector<std::int64_t>;

[[nodiscard]] std::optional<Extents> example_of(const Value* batch_shape) {
  if (batch_shape == nullptr || !batch_shape->is_array() || batch_shape->elements.empty()) return std::nullopt;
  Extents extents;
  for (std::size_t i = 1; i < batch_shape->elements.size(); ++i) extents.push_back(size_in(batch_shape->elements[i]));
  return extents;
}

// The layers whose results a layer takes: ["dense", 0, 0, ...] wherever it stands among the inbound nodes.
void collect_inputs(const Value& value, std::vector<std::string>& names) {
  if (value.is_array()) {
    const std::vector<Value>& elements = value.elements;
    if (elements.size() >= 3 && elements[0].is_string() && elements[1].integer()) {
      names.push_back(elements[0].text);
      return;
    }
    for (const Value& each : value.elements) collect_inputs(each, names);
  } else if (value.is_object()) {
    for (const Value& each : value.elements) collect_inputs(each, names);
  }
}
// The layers of a model one after the other, and the shape that each one gives.
class Layers {
 public:
  void add(const Value& layer, int depth) {
    KerasLayer added{text_of(layer, "name"), text_of(layer, "class_name"), {}, {}};
    static const Value nothing;
    const Value* const told = member(layer, "config");
    const Value& config = told == nullptr ? nothing : *told;
    if (const std::string name = text_of(config, "name"); !name.empty()) added.name = name;
    if (const std::vector<std::string> inputs = keras_inputs(layer); !inputs.empty()) {
      const auto input = shapes_.find(inputs.front());
      shape_ = input == shapes_.end() ? std::nullopt : input->second;
    }
    if (!shape_) shape_ = example_of(member(config, "batch_input_shape"));
    if (const Value* const build = member(layer, "build_config"))
      if (auto built = example_of(member(*build, "input_shape")); built && !shape_) shape_ = std::move(built);
    const std::optional<Extents> shape_before = shape_;
    try {
      if (text_of(layer, "registered_name").find('>') != std::string::npos)
        throw NotKnown{"it is a class of one's own"};
      added.type = type_of(added.kind, config, depth);
    } catch (const NotKnown& not_known) {
      added.reason = not_known.reason;
      shape_ = shape_after(added.kind, config, shape_before);
    }
    shapes_[added.name] = shape_;
    layers_.push_back(std::move(added));
  }
  // Where the first layer's input is that of the layer around it.
  void begin_with(std::optional<Extents> shape) { shape_ = std::move(shape); }

  [[nodiscard]] const std::vector<KerasLayer>& layers() const noexcept { return layers_; }
  [[nodiscard]] const std::optional<Extents>& shape() const noexcept { return shape_; }

 private:
  // What a layer without a type gives; where that is not known the next layer tells it, or is not known either.
  [[nodiscard]] static std::optional<Extents> shape_after(const std::string& kind, const Value& config,
                                                          std::optional<Extents> shape) {
    static const std::set<std::string_view> of_equals{"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"};
    if (of_equals.contains(kind)) return shape;
    const Value* const units = member(config, "units");
    if (kind != "Dense" || !shape || shape->empty() || units == nullptr) return std::nullopt;
    shape->back() = size_in(*units);
    return shape;
  }

  [[nodiscard]] std::int64_t last_extent() const {
    if (!shape_ || shape_->empty() || shape_->back() < 0) throw NotKnown{"the size of its input is not told"};
    return shape_->back();
  }
  [[nodiscard]] Extents& image() {
    if (!shape_ || shape_->size() != 3) throw NotKnown{"its input is no image whose shape is told"};
    return *shape_;
  }

  [[nodiscard]] static std::string activation_named(const std::string& name) {
    static const std::set<std::string_view> known{"linear",  "relu", "leaky_relu", "elu",      "selu", "gelu",
                                                  "sigmoid", "silu", "swish",      "softplus", "tanh", "softmax"};
    if (!known.contains(name)) throw NotKnown{"cairn has no activation \"" + name + "\""};
    return "cairn::keras::" + name;
  }
  // ", keras::relu" where it is not `otherwise`.
  [[nodiscard]] static std::string activation(const Value& config, const char* member_name, std::string_view otherwise,
                                              std::string_view wrapper = {}) {
    const Value* const value = member(config, member_name);
    const std::string name = value == nullptr ? "linear" : text_of(value);
    if (name == otherwise) return {};
    const std::string named = activation_named(name);
    return wrapper.empty() ? ", " + named : ", cairn::keras::" + std::string(wrapper) + "<" + named + ">";
  }
  [[nodiscard]] static std::string flag(const Value& config, const char* name, bool otherwise) {
    const bool value = flag_of(config, name, otherwise);
    return value == otherwise ? "" : std::string(", cairn::keras::") + name + (value ? "<true>" : "<false>");
  }
  [[nodiscard]] static std::string number(const Value& config, const char* name, double otherwise) {
    const double value = number_of(config, name, otherwise);
    return value == otherwise ? "" : std::string(", cairn::keras::") + name + "<" + digits(value) + ">";
  }
  [[nodiscard]] static std::string dtype(const Value& config) {
    const Value* const value = member(config, "dtype");
    std::string name = text_of(value);
    if (value != nullptr && value->is_object())
      if (const Value* const policy = member(*value, "config")) name = text_of(*policy, "name");
    if (name.empty() || name == "float32") return {};
    if (name == "float64") return ", cairn::keras::dtype<double>";
    throw NotKnown{"its dtype is " + name};
  }
  static void refuse_unless(bool is_so, const char* reason) {
    if (!is_so) throw NotKnown{reason};
  }

  struct Pair {
    std::int64_t height, width;
  };
  [[nodiscard]] static Pair pair(const Value& config, const char* name, Pair otherwise) {
    const Value* const value = member(config, name);
    if (value == nullptr) return otherwise;
    if (value->is_array() && value->elements.size() == 2)
      return {size_in(value->elements[0]), size_in(value->elements[1])};
    return {size_in(*value), size_in(*value)};
  }
  [[nodiscard]] static std::string words(Pair pair) {
    const std::string height = std::to_string(pair.height);
    return pair.height == pair.width ? height : height + ", " + std::to_string(pair.width);
  }
  // Moves a window over the image: its strides and padding as arguments.
  [[nodiscard]] std::string window(const Value& config, Pair size, Pair usual_strides, std::int64_t channels) {
    const Pair strides = pair(config, "strides", usual_strides);
    const std::string padding = text_of(config, "padding");
    const std::string format = text_of(config, "data_format");
    refuse_unless(format.empty() || format == "channels_last", "its channels come first");
    refuse_unless(std::min({size.height, size.width, strides.height, strides.width}) > 0, "its window is not told");
    refuse_unless(padding == "valid" || padding == "same", "its padding is not \"valid\" or \"same\"");
    const bool is_same = padding == "same";
    const auto moved = [&](std::int64_t extent, std::int64_t window, std::int64_t stride) {
      if (extent < 0) return extent;
      refuse_unless(is_same || extent >= window, "its window is larger than its input");
      return is_same ? (extent + stride - 1) / stride : (extent - window) / stride + 1;
    };
    Extents& extents = image();
    extents = {moved(extents[0], size.height, strides.height), moved(extents[1], size.width, strides.width), channels};
    std::string text;
    if (strides.height != usual_strides.height || strides.width != usual_strides.width)
      text += ", cairn::keras::strides<" + words(strides) + ">";
    if (is_same) text += ", cairn::keras::padding<\"same\">";
    return text;
  }

  [[nodiscard]] std::string recurrent(const std::string& kind, const Value& config) {
    const std::int64_t in = last_extent(), units = size_of(config, "units");
    refuse_unless(shape_->size() == 2, "its input is no sequence");
    refuse_unless(!flag_of(config, "return_state", false), "it returns its state");
    refuse_unless(!flag_of(config, "stateful", false), "it keeps its state");
    refuse_unless(kind != "GRU" || flag_of(config, "reset_after", true), "it has reset_after=False");
    std::string text =
        kind + "<" + std::to_string(in) + ", " + std::to_string(units) + activation(config, "activation", "tanh");
    if (kind != "SimpleRNN") text += activation(config, "recurrent_activation", "sigmoid", "recurrent_activation");
    text += flag(config, "return_sequences", false) + flag(config, "go_backwards", false) +
            flag(config, "use_bias", true) + dtype(config) + ">";
    if (flag_of(config, "return_sequences", false))
      shape_->back() = units;
    else
      shape_ = Extents{units};
    return text;
  }

  [[nodiscard]] std::string nested(const Value& config, int depth) {
    constexpr int max_depth = 16;
    refuse_unless(depth < max_depth, "models lie in each other too deep");
    const Value* const layers = config.is_array() ? &config : member(config, "layers");
    refuse_unless(layers != nullptr && layers->is_array(), "its layers are not told");
    Layers within;
    within.begin_with(shape_);
    for (const Value& layer : layers->elements) within.add(layer, depth + 1);
    for (const KerasLayer& layer : within.layers())
      if (!layer.reason.empty())  // of the innermost one
        throw NotKnown{layer.reason.starts_with("its layer ")
                           ? layer.reason
                           : "its layer " + layer.kind + " \"" + layer.name + "\": " + layer.reason};
    shape_ = within.shape();
    return keras_sequential(within.layers(), 4 * static_cast<std::size_t>(depth) + 4)
        .substr(std::string_view("cairn::keras::").size());
  }

  [[nodiscard]] std::string type_of(const std::string& kind, const Value& config, int depth) {
    return "cairn::keras::" + type_within(kind, config, depth);
  }
  [[nodiscard]] std::string type_within(const std::string& kind, const Value& config, int depth) {
    if (kind == "InputLayer") {
      const Value* const told = member(config, "batch_shape");
      shape_ = example_of(told != nullptr ? told : member(config, "batch_input_shape"));
      refuse_unless(shape_.has_value(), "its shape is not told");
      std::string text = "Input<";
      for (std::size_t i = 0; i < shape_->size(); ++i)
        text += (i == 0 ? "" : ", ") + ((*shape_)[i] < 0 ? "cairn::dynamic" : std::to_string((*shape_)[i]));
      return text + ">";
    }
    if (kind == "Dense") {
      const std::int64_t in = last_extent(), units = size_of(config, "units");
      std::string text = "Dense<" + std::to_string(in) + ", " + std::to_string(units) +
                         activation(config, "activation", "linear") + flag(config, "use_bias", true) + dtype(config) +
                         ">";
      shape_->back() = units;
      return text;
    }
    if (kind == "Conv2D") {
      const std::int64_t in = last_extent(), filters = size_of(config, "filters");
      const Pair kernel = pair(config, "kernel_size", {-1, -1}), dilation = pair(config, "dilation_rate", {1, 1});
      refuse_unless(dilation.height == 1 && dilation.width == 1, "it is dilated");
      refuse_unless(number_of(config, "groups", 1) == 1, "it has groups");
      const std::string moves = window(config, kernel, {1, 1}, filters);
      return "Conv2D<" + std::to_string(in) + ", " + std::to_string(filters) + ", " +
             (kernel.height == kernel.width ? words(kernel) : "cairn::keras::kernel_size<" + words(kernel) + ">") +
             moves + activation(config, "activation", "linear") + flag(config, "use_bias", true) + dtype(config) + ">";
    }
    if (kind == "MaxPooling2D" || kind == "AveragePooling2D") {
      const Pair pool = pair(config, "pool_size", {2, 2});
      const std::int64_t channels = image()[2];
      const std::string moves = window(config, pool, pool, channels);
      return kind + "<" + (pool.height == pool.width ? words(pool) : "cairn::keras::pool_size<" + words(pool) + ">") +
             moves + ">";
    }
    if (kind == "GlobalAveragePooling2D") {
      refuse_unless(!flag_of(config, "keepdims", false), "it keeps the axes");
      refuse_unless(text_of(config, "data_format") != "channels_first", "its channels come first");
      shape_ = Extents{image()[2]};
      return kind;
    }
    if (kind == "Flatten") {
      if (!shape_) throw NotKnown{"the size of its input is not told"};
      std::int64_t elements = 1;
      for (const std::int64_t extent : *shape_) {
        constexpr std::int64_t most = 1 << 30;
        if (extent < 0 || elements > most / extent) throw NotKnown{"the size of its input is not told"};
        elements *= extent;
      }
      shape_ = Extents{elements};
      return kind;
    }
    if (kind == "BatchNormalization" || kind == "LayerNormalization") {
      const std::int64_t size = last_extent();
      const Value* axis = member(config, "axis");
      if (axis != nullptr && axis->is_array() && axis->elements.size() == 1) axis = &axis->elements[0];
      const bool is_last =
          axis == nullptr || axis->integer() == -1 || axis->integer() == static_cast<std::int64_t>(shape_->size());
      refuse_unless(is_last, "it does not work along the last axis");
      refuse_unless(!flag_of(config, "renorm", false) && !flag_of(config, "rms_scaling", false),
                    "it has renorm or rms_scaling");
      const bool is_batch = kind == "BatchNormalization";
      return kind + "<" + std::to_string(size) + (is_batch ? number(config, "momentum", 0.99) : "") +
             number(config, "epsilon", 0.001) + flag(config, "center", true) + flag(config, "scale", true) +
             dtype(config) + ">";
    }
    if (kind == "Embedding") {
      const std::int64_t inputs = size_of(config, "input_dim"), outputs = size_of(config, "output_dim");
      refuse_unless(!flag_of(config, "mask_zero", false), "it masks zeros");
      if (shape_) shape_->push_back(outputs);
      return "Embedding<" + std::to_string(inputs) + ", " + std::to_string(outputs) + dtype(config) + ">";
    }
    if (kind == "Dropout") return "Dropout<" + digits(number_of(config, "rate", 0)) + ">";
    if (kind == "Activation") return "Activation<" + activation_named(text_of(config, "activation")) + ">";
    if (kind == "LSTM" || kind == "GRU" || kind == "SimpleRNN") return recurrent(kind, config);
    if (kind == "Sequential") return nested(config, depth);
    throw NotKnown{"cairn has no such layer"};
  }

  std::vector<KerasLayer> layers_;
  std::map<std::string, std::optional<Extents>> shapes_;  // that layers give, by their names
  std::optional<Extents> shape_;
};

}  // namespace

std::vector<std::string> keras_inputs(const JsonValue& layer) {
  std::vector<std::string> names;
  if (const JsonValue* const nodes = member(layer, "inbound_nodes")) collect_inputs(*nodes, names);
  return names;
}

std::vector<KerasLayer> keras_layers(const JsonValue& list) {
  Layers layers;
  for (const JsonValue& layer : list.elements) layers.add(layer, 0);
  return layers.layers();
}

std::string keras_sequential(const std::vector<KerasLayer>& layers, std::size_t indent) {
  std::string text = "cairn::keras::Sequential<";
  for (std::size_t i = 0; i < layers.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + std::string(indent + 4, ' ') + layers[i].type;
  return text + ">";
}

}  // namespace tool
