// Every error code once: a program that does what brings it about, and prints the sentence.

#include <cairn/bundle.hpp>
#include <cairn/cairn.hpp>
#include <cairn/edit.hpp>
#include <cairn/exchange.hpp>
#include <cairn/testing.hpp>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <stop_token>
#include <string>
#include <vector>

struct Model {
  cairn::Variable<float, 784, 10> kernel;
  std::int64_t step = 0;
};
struct WiderModel {
  cairn::Variable<float, 784, 12> kernel;
  std::int64_t step = 0;
};
struct RenamedModel {
  cairn::Variable<float, 784, 10> weights;
  std::int64_t step = 0;
};

void show(auto work) {
  try {
    work();
    std::cout << "nothing failed\n";
  } catch (const cairn::Error& error) {
    // A temporary file's name has the number of the process in it, which is another one each time.
    const std::string sentence = std::regex_replace(error.what(), std::regex("[.]cairn-tmp[-0-9]*"), "");
    std::cout << error.code() << ": " << sentence << "\n\n";
  }
}

// Saves to a disk that answers with this error.
void save_to_disk_that_says(int number) {
  cairn::testing::FaultyFileSystem failing(cairn::io::native(), {.at = 2, .number = number});
  const std::vector<std::string> names{"cat", "dog"};
  cairn::bundle::Writer writer("elsewhere/ckpt", {}, failing);
  writer.add("names", cairn::TensorView({2}, names));
  writer.finish();
}

int main() {
  Model model;
  cairn::Checkpoint checkpoint{model};
  const std::string path = checkpoint.save("training/ckpt");

  show([&] {  // cancelled
    std::stop_source source;
    source.request_stop();
    checkpoint.save("training/ckpt", {.stop = source.get_token()});
  });
  show([&] {  // invalid_argument
    WiderModel wider;
    cairn::Checkpoint{wider}.restore(path).assert_consumed();
  });
  show([&] { std::cout << cairn::load_variable(path, "kernle"); });  // not_found
  show([&] {                                                         // already_exists
    Model another;
    cairn::Checkpoint other{another};
    cairn::CheckpointManager manager{other, "elsewhere"};
    checkpoint.write("elsewhere/ckpt-7");
    manager.save(7);
  });
  show([] { save_to_disk_that_says(EACCES); });  // permission_denied
  show([] { save_to_disk_that_says(ENOSPC); });  // resource_exhausted
  show([&] {                                     // failed_precondition
    RenamedModel renamed;
    cairn::Checkpoint{renamed}.restore(path).assert_consumed();
  });
  show([&] { cairn::CheckpointEditor{path}.cast("kernel", cairn::DT_INT8).set("step", 1e30); });  // out_of_range
  show([] {                                                                                       // unimplemented
    const std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
    std::ofstream("objects.npy") << "\x93NUMPY" << '\1' << '\0' << static_cast<char>(header.size()) << '\0' << header;
    std::cout << cairn::read_npy("objects.npy");
  });
  show([] { save_to_disk_that_says(EIO); });  // unavailable
  show([&] {                                  // data_loss
    std::filesystem::resize_file(path + ".data-00000-of-00001", 1000);
    checkpoint.restore(path).assert_consumed();
  });
  for (const char* const folder : {"training", "elsewhere"}) std::filesystem::remove_all(folder);
}
