// Input: what Keras' files are made of, and how they are read. HDF5 1.10 itself dies of damaged files, so that none is made:
// the library writes a sound file of what the input says, and cairn reads that. By the first letter:
//
//   H  lines that say what is in an HDF5 file, as below: read as a .h5 file, of any Keras, and loaded into a model
//   K  a .keras file: a zip file, whose checksums keep damage away from the library
//   J  a .weights.json, beside which there is one sound file
//
//   g GROUP                        d DATASET TYPE EXTENT EXTENT ...      types: f d h b i u o s
//   a GROUP ATTRIBUTE NAME ...     v, the same of variable length        l LINK TARGET, a soft one; h, a hard one
#include <cairn/exchange/hdf5.hpp>

#include <cairn/keras.hpp>
#include <cairn/testing/memory_file_system.hpp>

#include "fuzz/fuzz.hpp"
#include "io/files.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace cairn;

// The library leaves some memory behind where a call fails.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0:allocator_may_return_null=1"; }

namespace {

using exchange::detail::Hdf5Id;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (!line.empty() && words.size() < 16) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) words.emplace_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  for (std::string& word : words) word = word.c_str();  // up to a zero
  return words;
}

void add_dataset(hid_t file, const std::vector<std::string>& words) {
  const char type = words.size() > 2 ? words[2][0] : 'f';
  const Hdf5Id opaque(H5Tcreate(H5T_OPAQUE, 2), H5Tclose), text(H5Tcopy(H5T_C_S1), H5Tclose);
  const hid_t id = type == 'd'   ? H5T_NATIVE_DOUBLE
                   : type == 'h' ? H5T_STD_I16BE
                   : type == 'b' ? H5T_NATIVE_UINT8
                   : type == 'i' ? H5T_NATIVE_INT64
                   : type == 'u' ? H5T_NATIVE_UINT32
                   : type == 'o' ? opaque.get()
                   : type == 's' ? text.get()
                                 : H5T_NATIVE_FLOAT;
  std::vector<hsize_t> extents;
  hsize_t count = 1;
  for (std::size_t i = 3; i < words.size(); ++i) {
    extents.push_back(static_cast<hsize_t>(words[i][0] - '0') % 10);
    count *= std::max<hsize_t>(extents.back(), 1);
  }
  if (count > 1000) return;
  const Hdf5Id space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose);
  const Hdf5Id links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links.get(), 1);
  const Hdf5Id dataset(H5Dcreate2(file, words[1].c_str(), id, space.get(), links.get(), H5P_DEFAULT, H5P_DEFAULT),
                       H5Dclose);
  const std::vector<char> bytes(8 * 1000, 1);
  if (dataset.is_open()) H5Dwrite(dataset.get(), id, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
}

void add_attribute(hid_t file, const std::vector<std::string>& words, bool is_variable) {
  const Hdf5Id object(H5Oopen(file, words[1].c_str(), H5P_DEFAULT), H5Oclose);
  if (words.size() < 4 || !object.is_open()) return;
  std::size_t width = 1;
  for (std::size_t i = 3; i < words.size(); ++i) width = std::max(width, words[i].size());
  const Hdf5Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), is_variable ? H5T_VARIABLE : width);
  const hsize_t count = words.size() - 3;
  const Hdf5Id space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Hdf5Id attribute(H5Acreate2(object.get(), words[2].c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  if (!attribute.is_open()) return;
  std::string fixed;
  std::vector<const char*> texts;
  for (std::size_t i = 3; i < words.size(); ++i) {
    texts.push_back(words[i].c_str());
    fixed += words[i];
    fixed.resize(width * (i - 2));
  }
  H5Awrite(attribute.get(), type.get(), is_variable ? static_cast<const void*>(texts.data()) : fixed.data());
}

// The bytes of a sound HDF5 file.
std::string written(std::string_view lines) {
  const exchange::detail::Hdf5Turn turn;
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(access.get(), 1 << 14, false);
  const Hdf5Id file(H5Fcreate("written", H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose);
  for (int count = 0; count < 100 && !lines.empty(); ++count) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::vector<std::string> words = words_of(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (words.size() < 2) continue;
    switch (words[0][0]) {
      case 'g':
        Hdf5Id(H5Gcreate2(file.get(), words[1].c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
        break;
      case 'd':
        add_dataset(file.get(), words);
        break;
      case 'a':
      case 'v':
        add_attribute(file.get(), words, words[0][0] == 'v');
        break;
      case 'l':
      case 'h':
        if (words.size() < 3) break;
        if (words[0][0] == 'l')
          H5Lcreate_soft(words[2].c_str(), file.get(), words[1].c_str(), H5P_DEFAULT, H5P_DEFAULT);
        else
          H5Lcreate_hard(file.get(), words[2].c_str(), file.get(), words[1].c_str(), H5P_DEFAULT, H5P_DEFAULT);
        break;
      default:
        break;
    }
  }
  H5Fflush(file.get(), H5F_SCOPE_GLOBAL);
  const ssize_t size = H5Fget_file_image(file.get(), nullptr, 0);
  std::string bytes(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  if (!bytes.empty()) H5Fget_file_image(file.get(), bytes.data(), bytes.size());
  return bytes;
}

using Model = keras::Sequential<keras::Sequential<keras::Dense<2, 2>, keras::BatchNormalization<2>, keras::Dense<2, 2>>,
                                keras::Dense<2, 2>>;

bool all_are(const Model& model, float value) {
  bool are = true;
  const auto look = [&](const auto& variable) {
    for (std::size_t i = 0; i < variable.size(); ++i) are = are && variable.data()[i] == value;
  };
  const auto& inner = model.layer<0>();
  for (const auto* const layer : {&inner.template layer<0>(), &inner.template layer<2>(), &model.layer<1>()}) {
    look(layer->kernel);
    look(layer->bias);
  }
  look(inner.template layer<1>().moving_variance);
  return are;
}
void fill(Model& model, float value) {
  const auto set = [&](auto& variable) { std::fill_n(variable.data(), variable.size(), value); };
  auto& inner = model.layer<0>();
  for (auto* const layer : {&inner.template layer<0>(), &inner.template layer<2>(), &model.layer<1>()}) {
    set(layer->kernel);
    set(layer->bias);
  }
  set(inner.template layer<1>().moving_variance);
}

void read(io::FileSystem& files, const std::string& name) {
  fuzz::run([&] {
    const TensorFile weights = read_keras(name, files);
    for (const TensorFile::Tensor& tensor : weights.tensors()) fuzz::run([&] { (void)weights.read(tensor); });
  });
  for (const OnMismatch policy : {OnMismatch::error, OnMismatch::skip}) {
    Model model;
    fill(model, 7);
    keras::Adam<Model> optimizer{.iterations = 7};
    bool is_loaded = false;
    fuzz::run([&] {
      const LoadStatus status = keras::load_weights(model, optimizer, name, {.on_mismatch = policy}, files);
      is_loaded = true;
      // Each of the model's variables is matched, mismatched or missing.
      const auto count = [&](const std::vector<std::string>& names) {
        return std::count_if(names.begin(), names.end(),
                             [](const std::string& each) { return each.starts_with("layers."); });
      };
      const auto mismatched = std::count_if(status.mismatched().begin(), status.mismatched().end(),
                                            [](const Mismatch& each) { return each.path.starts_with("layers."); });
      fuzz::require(count(status.matched()) + count(status.only_in_program()) + mismatched == 10);
    });
    if (!is_loaded) fuzz::require(all_are(model, 7) && optimizer.iterations == 7);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (input.empty()) return 0;
  testing::MemoryFileSystem files;
  const std::string_view rest = input.substr(1);
  if (input[0] == 'H') {
    test::write_file(files, "x.h5", written(rest));
    read(files, "x.h5");
  } else if (input[0] == 'K') {
    test::write_file(files, "x.keras", std::string(rest));
    read(files, "x.keras");
  } else if (input[0] == 'J') {
    test::write_file(files, "a.weights.h5", written("d layers/dense/vars/0 f 2 2\nd layers/dense/vars/1 f 2"));
    test::write_file(files, "x.weights.json", std::string(rest));
    read(files, "x.weights.json");
  }
  return 0;
}

// Of the lines of an HDF5 file one goes, comes twice, or gets a word or digit of another one.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  std::mt19937 random(seed);
  const std::string_view input = fuzz::text_of(data, size);
  if (!input.starts_with('H') || random() % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::vector<std::string> lines;
  for (std::string_view rest = input.substr(1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (lines.empty()) return LLVMFuzzerMutate(data, size, max_size);
  const std::size_t at = random() % lines.size();
  std::string& line = lines[at];
  switch (random() % 5) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1: {
      std::string twice = line;  // one more of its kind: "vars/1" becomes "vars/2"
      const std::size_t end = std::min(twice.find(' ', 2), twice.size());
      const std::size_t digit = twice.find_last_of("012345678", end);
      if (digit != twice.npos) ++twice[digit];
      lines.push_back(std::move(twice));
      break;
    }
    case 2: {
      const std::vector<std::string> words = words_of(lines[random() % lines.size()]);
      if (!words.empty()) line += " " + words[random() % words.size()];
      break;
    }
    case 3:
      if (!line.empty()) line[random() % line.size()] = "0123/: "[random() % 7];
      break;
    default:
      std::swap(line, lines[random() % lines.size()]);
  }
  std::string text = "H";
  for (const std::string& each : lines) text += each + "\n";
  return fuzz::give(text, data, size, max_size);
}
