// OpenCV's matrix that a device may hold.
// expect: cairn: this member is a cv::UMat, whose elements may lie in the memory of a device
// expect: NotSaved<cv::UMat>
// errors: 1
#include <cairn/checkpoint.hpp>
#include <cairn/types/opencv.hpp>

#ifdef CAIRN_WRONG
using Image = cv::UMat;
#else
using Image = cv::Mat;
#endif

struct Scene {
  Image image;
};

void use() {
  Scene scene;
  cairn::Checkpoint checkpoint{scene};
  static_cast<void>(checkpoint);
}
