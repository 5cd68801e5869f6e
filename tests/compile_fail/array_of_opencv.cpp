// An array of OpenCV needs cairn's header for it.
// needs: <opencv2/core.hpp>
// expect: this_member_cannot_be_tracked<Model, cairn::reflect::detail::spelled<
// expect: kernel
// expect: cv::Mat
// expect: it_needs_a_header_of_types
// expect: cairn: this member is of another library's class
// errors: 1
#include <cairn/checkpoint.hpp>

#include <opencv2/core.hpp>

struct Model {
  int step = 0;
#ifdef CAIRN_WRONG
  cv::Mat kernel;
#else
  cairn::NotSaved<cv::Mat> kernel;
#endif
};

void use(Model& model) {
  cairn::Checkpoint checkpoint{model};
  static_cast<void>(checkpoint);
}
