# An overlay port, which takes the headers of the repository that it is in:
#   vcpkg install cairn --overlay-ports=.../subprojects/packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(VCPKG_BUILD_TYPE release)  # header-only

file(INSTALL "${SOURCE_PATH}/include/cairn" DESTINATION "${CURRENT_PACKAGES_DIR}/include" FILES_MATCHING PATTERN "*.hpp"
  PATTERN "assets" EXCLUDE)
file(STRINGS "${SOURCE_PATH}/include/cairn/version.hpp" parts REGEX "^#define CAIRN_VERSION_(MAJOR|MINOR|PATCH) [0-9]+$")
list(TRANSFORM parts REPLACE "^.* " "")
list(JOIN parts "." version)
list(SUBLIST parts 0 2 minor_version)
list(JOIN minor_version "." minor_version)
set(includedir [[${CMAKE_CURRENT_LIST_DIR}/../../include]])
foreach(name cairn-config.cmake cairn-config-version.cmake)
  configure_file("${SOURCE_PATH}/include/${name}.in" "${CURRENT_PACKAGES_DIR}/share/cairn/${name}" @ONLY)
endforeach()
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/cairn")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
