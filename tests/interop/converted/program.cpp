// Checkpoints as safetensors and npz, opened by safetensors, NumPy and ml_dtypes, and those packages' files as
// checkpoints.
#include <cairn/bundle/verify.hpp>
#include <cairn/edit.hpp>
#include <cairn/exchange.hpp>

#include "interop/case.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

using cairn::FileFormat;

void read(const std::filesystem::path& directory) {
  const auto path = [&](const std::string& name) { return (directory / name).string(); };
  for (const std::string name : {"state", "keras"}) {
    cairn::convert(path(name + "-1"), FileFormat::safetensors, path(name + ".safetensors"));
    cairn::convert(path(name + "-1"), FileFormat::npz, path(name + ".npz"));
    cairn::convert(path(name + ".safetensors"), FileFormat::tensorflow, path(name + "_from_safetensors"));
    cairn::convert(path(name + ".npz"), FileFormat::tensorflow, path(name + "_from_npz"));
  }
  const cairn::TensorFile keras = cairn::read_safetensors(path("keras.safetensors"));
  std::vector<cairn::TensorFile::Tensor> tensors(keras.tensors().rbegin(), keras.tensors().rend());
  cairn::save_checkpoint(cairn::TensorFile("edited", tensors, keras.metadata()), path("edited"));
  std::erase_if(tensors, [](const auto& tensor) { return tensor.name == "save_counter"; });
  cairn::save_checkpoint(cairn::TensorFile("anonymous", tensors, {}), path("anonymous"));

  cairn::convert(path("plain.npz"), FileFormat::tensorflow, path("plain_npz"));
  cairn::convert(path("compressed.npz"), FileFormat::tensorflow, path("compressed_npz"));
  cairn::convert(path("plain.safetensors"), FileFormat::tensorflow, path("plain_safetensors"));
  cairn::convert(path("small_floats.safetensors"), FileFormat::tensorflow, path("small_floats"));
  CAIRN_EXPECT(cairn::read_npz(path("compressed.npz")).read("text").strings()[0] == "\xc3\xa9");
  CAIRN_EXPECT(cairn::read_npz(path("compressed.npz")).read("zeros") ==
               cairn::AnyTensor(cairn::DT_FLOAT, cairn::Shape{100, 1000}));
  CAIRN_EXPECT(cairn::read_safetensors(path("plain.safetensors")).metadata().at("format") == "np");

  const cairn::AnyTensor fortran = cairn::read_npy(path("fortran.npy"));
  CAIRN_EXPECT((fortran.shape() == cairn::Shape{3, 4}));
  cairn::save_npy(fortran, path("again.npy"));
  const cairn::AnyTensor big_endian = cairn::read_npy(path("big_endian.npy"));
  CAIRN_EXPECT(big_endian.dtype() == cairn::DT_DOUBLE);
  const cairn::AnyTensor bfloat16 = cairn::read_npy(path("bfloat16.npy"));
  CAIRN_EXPECT(bfloat16.dtype() == cairn::DT_BFLOAT16);
  const cairn::AnyTensor text = cairn::read_npy(path("text.npy"));
  CAIRN_EXPECT((text.shape() == cairn::Shape{2, 2}));
  CAIRN_EXPECT(text.strings()[0] == "\xc3\xa9" && text.strings()[2].empty() && text.strings()[3] == "longer");
  for (const char* const name : {"plain_npz", "small_floats", "edited", "anonymous"})
    for (const cairn::Finding& finding : cairn::verify(path(name)))
      CAIRN_EXPECT((std::cout << finding.problem << '\n', false));
}

void write(const std::filesystem::path&) {}
