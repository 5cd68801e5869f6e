"""conan create subprojects/packaging/conan -s compiler.cppstd=20: the headers; Boost.PFR and cereal are the system's."""
import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.system.package_manager import Apt


class Cairn(ConanFile):
    name = "cairn"
    description = "TensorFlow checkpoints for plain C++ structs, header-only"
    license = "BSL-1.0"
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    no_copy_source = True

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "..", "..", "..", "include", "cairn", "version.hpp"))
        self.version = ".".join(re.findall(r"^#define CAIRN_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text, re.M))

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..", "..")
        copy(self, "*.hpp", os.path.join(root, "include"), os.path.join(self.export_sources_folder, "include"))
        copy(self, "LICENSE", root, self.export_sources_folder)

    def system_requirements(self):
        Apt(self).install_substitutes(["libboost1.81-dev"], ["libboost-dev"])
        Apt(self).install(["libcereal-dev"])

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
