#include <cairn/io/detail/system_error.hpp>

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

using cairn::ErrorCode;

namespace {

cairn::Error error_of(int number, const std::string& path) {
  try {
    cairn::io::detail::fail_system({"open"}, path, number);
  } catch (const cairn::Error& error) {
    return error;
  }
}

}  // namespace

TEST_CASE("every errno that a disk gives has its code") {
  const auto code = [](int number) { return error_of(number, "p").code(); };
  CHECK(code(ENOENT) == ErrorCode::not_found);
  CHECK(code(EEXIST) == ErrorCode::already_exists);
  for (const int number : {EACCES, EPERM, EROFS}) CHECK(code(number) == ErrorCode::permission_denied);
  for (const int number : {ENOSPC, EFBIG, EMFILE, ENFILE, ENOMEM}) CHECK(code(number) == ErrorCode::resource_exhausted);
#if defined(EDQUOT)
  CHECK(code(EDQUOT) == ErrorCode::resource_exhausted);
#endif
  for (const int number : {ENOTDIR, EISDIR, EXDEV, ELOOP, EBUSY}) CHECK(code(number) == ErrorCode::failed_precondition);
  for (const int number : {ENAMETOOLONG, EINVAL}) CHECK(code(number) == ErrorCode::invalid_argument);
  for (const int number : {EIO, 9999}) CHECK(code(number) == ErrorCode::unavailable);
}

TEST_CASE("the sentence names what was tried, the path, the reason and a way out") {
  const cairn::Error error = error_of(ENOSPC, "training/ckpt-1.index");
  const std::string sentence = error.what();
  CHECK(sentence.find("cannot open \"training/ckpt-1.index\"") != std::string::npos);
  CHECK(sentence.find("No space left on device") != std::string::npos);
  CHECK(sentence.find("free some space") != std::string::npos);
  CHECK(error.file() == "training/ckpt-1.index");
}
