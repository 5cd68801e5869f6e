// The functions on a checkpoint's files have names that say what they remove and look for.
// expect: cairn: bundle::remove and bundle::exists are called bundle::remove_checkpoint and
// errors: 1
#include "cairn/bundle/files.hpp"

void use() {
#ifdef CAIRN_WRONG
  cairn::bundle::remove("training/ckpt-1");
  if (cairn::bundle::exists("training/ckpt-1")) return;
#else
  cairn::bundle::remove_checkpoint("training/ckpt-1");
  if (cairn::bundle::checkpoint_exists("training/ckpt-1")) return;
#endif
}
