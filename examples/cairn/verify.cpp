// cairn verify: is a checkpoint whole?
#include "command.hpp"
#include "keras_file.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <cairn/bundle/detail/file_kind.hpp>
#include <cairn/bundle/entry_reader.hpp>
#include <cairn/bundle/reader.hpp>
#include <cairn/bundle/verify.hpp>
#include <cairn/exchange/detail/zip.hpp>
#include <cairn/io/native.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace tool {

namespace {

struct Verdict {
  std::string path;
  std::string prefix;
  std::vector<cairn::Finding> findings;
  std::uint64_t tensors = 0;
  std::uint64_t bytes = 0;
};

// Reads all that is in a .keras file, a zip file, for its checksums.
template <class Note>
void look_at_members(const std::string& path, const Note& note) {
  const cairn::exchange::detail::ZipReader zip(cairn::io::native(), path);
  for (const cairn::exchange::detail::ZipMember& member : zip.members()) try {
      zip.read(member, [](std::span<const std::byte>) {
        throw_if_interrupted();
        return true;
      });
    } catch (const cairn::Error& error) {
      note(error);
    }
}

// A file of Keras: every value is read.
[[nodiscard]] Verdict look_at_keras(const std::string& path) {
  Verdict verdict{.path = path, .prefix = path, .findings = {}};
  const auto note = [&](const cairn::Error& error) {
    if (error.code() != cairn::ErrorCode::data_loss) throw error;
    verdict.findings.push_back({error.file(), error.offset(), error.key(), error.what()});
  };
  try {
    using cairn::bundle::detail::FileKind;
    if (cairn::bundle::detail::kind_of_file(path, cairn::io::native()) == FileKind::keras) look_at_members(path, note);
    if (!verdict.findings.empty()) return verdict;  // which the next lines would find once more
    (void)saved_keras_model(path);
    const cairn::TensorFile weights = read_keras_file(path);
    verdict.tensors = weights.tensors().size();
    for (const cairn::TensorFile::Tensor& tensor : weights.tensors()) try {
        verdict.bytes += cairn::TensorFile::read(tensor).bytes().size();
        throw_if_interrupted();
      } catch (const cairn::Error& error) {
        note(error);
      }
  } catch (const cairn::Error& error) {
    note(error);
  }
  return verdict;
}

[[nodiscard]] Verdict look_at(const std::string& path, bool quiet) {
  if (is_keras_file(path)) return look_at_keras(path);
  Verdict verdict{.path = path, .prefix = path, .findings = {}};
  try {
    verdict.prefix = find_checkpoint(path);
  } catch (const cairn::Error& error) {
    if (error.code() != cairn::ErrorCode::data_loss) throw;  // the file `checkpoint` is damaged
    verdict.findings.push_back({error.file(), error.offset(), {}, error.what()});
    return verdict;
  }
  verdict.bytes = data_bytes(verdict.prefix);
  Progress progress(quiet, "verifying");
  verdict.findings = cairn::verify(verdict.prefix, {.progress = progress.bar(), .stop = progress.stop()});
  if (verdict.findings.empty()) {
    const cairn::bundle::Reader reader(verdict.prefix);
    for (cairn::bundle::EntryReader each(reader); each.next();) ++verdict.tensors;
  }
  return verdict;
}

void print_text(const Verdict& verdict) {
  if (verdict.findings.empty())
    return print(shown(verdict.prefix) + ": " + green("whole") + ", " + count_of(verdict.tensors, "tensor") + ", " +
                 bytes_in_words(verdict.bytes) + "\n");
  print(shown(verdict.prefix) + ": " + red("damaged") + ", " + count_of(verdict.findings.size(), "problem") + "\n");
  for (const cairn::Finding& finding : verdict.findings) {
    print("  " + shown(finding.problem) + "\n");
    std::string where = finding.file.empty() ? "" : "file " + shown(finding.file);
    if (finding.offset) where += (where.empty() ? "" : ", ") + std::string("byte ") + std::to_string(*finding.offset);
    if (!finding.key.empty()) where += (where.empty() ? "" : ", ") + std::string("key ") + shown(finding.key);
    if (!where.empty()) print("    " + dim(where) + "\n");
  }
}

void print_json(const std::vector<Verdict>& verdicts) {
  Json json;
  json.begin('[');
  for (const Verdict& verdict : verdicts) {
    json.begin('{').key("path").value(verdict.path).key("prefix").value(verdict.prefix);
    json.key("whole").value(verdict.findings.empty()).key("findings").begin('[');
    for (const cairn::Finding& finding : verdict.findings) {
      json.begin('{').key("file").value(finding.file).key("offset");
      finding.offset ? json.value(*finding.offset) : json.null();
      json.key("key");
      finding.key.empty() ? json.null() : json.value(finding.key);
      json.key("problem").value(finding.problem).end('}');
    }
    json.end(']').end('}');
  }
  print(json.end(']').text());
}

}  // namespace

int verify(Arguments& arguments) {
  std::vector<std::string> paths;
  arguments.describe(
      "Reads every byte of one or more checkpoints and compares every checksum, every entry of the index with its data "
      "file, and the object graph with the table of tensors. Says of each checkpoint that it is whole, or everything "
      "that is damaged, and where: file, byte and key.");
  arguments.describe(
      "Of a file of Keras every value is read: HDF5 has checksums of its own structure at most. A .keras file has one "
      "of each file in it, the weights and the configuration, and all are compared.");
  arguments.describe("With --json: a list with path, prefix, whole (true or false) and findings of each checkpoint.");
  arguments.example("cairn verify training/ckpt-*.index");
  arguments.positionals("PATH", paths, "the checkpoints, or files of Keras");
  arguments.parse();

  std::vector<Verdict> verdicts;
  int status = done;
  for (const std::string& path : paths) try {
      Verdict verdict = look_at(path, arguments.quiet());
      if (!verdict.findings.empty()) status = std::max(status, damaged);
      if (!arguments.json()) print_text(verdict);
      verdicts.push_back(std::move(verdict));
    } catch (const cairn::Error& error) {
      if (error.code() == cairn::ErrorCode::cancelled) throw;
      complain(arguments.command(), error.what());
      status = failed;
    }
  if (arguments.json()) print_json(verdicts);
  return status;
}

}  // namespace tool
