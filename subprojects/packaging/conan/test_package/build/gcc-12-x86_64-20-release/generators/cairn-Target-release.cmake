# Avoid multiple calls to find_package to append duplicated properties to the targets
include_guard()########### VARIABLES #######################################################################
#############################################################################################
set(cairn_FRAMEWORKS_FOUND_RELEASE "") # Will be filled later
conan_find_apple_frameworks(cairn_FRAMEWORKS_FOUND_RELEASE "${cairn_FRAMEWORKS_RELEASE}" "${cairn_FRAMEWORK_DIRS_RELEASE}")

set(cairn_LIBRARIES_TARGETS "") # Will be filled later


######## Create an interface target to contain all the dependencies (frameworks, system and conan deps)
if(NOT TARGET cairn_DEPS_TARGET)
    add_library(cairn_DEPS_TARGET INTERFACE IMPORTED)
endif()

set_property(TARGET cairn_DEPS_TARGET
             APPEND PROPERTY INTERFACE_LINK_LIBRARIES
             $<$<CONFIG:Release>:${cairn_FRAMEWORKS_FOUND_RELEASE}>
             $<$<CONFIG:Release>:${cairn_SYSTEM_LIBS_RELEASE}>
             $<$<CONFIG:Release>:>)

####### Find the libraries declared in cpp_info.libs, create an IMPORTED target for each one and link the
####### cairn_DEPS_TARGET to all of them
conan_package_library_targets("${cairn_LIBS_RELEASE}"    # libraries
                              "${cairn_LIB_DIRS_RELEASE}" # package_libdir
                              "${cairn_BIN_DIRS_RELEASE}" # package_bindir
                              "${cairn_LIBRARY_TYPE_RELEASE}"
                              "${cairn_IS_HOST_WINDOWS_RELEASE}"
                              cairn_DEPS_TARGET
                              cairn_LIBRARIES_TARGETS  # out_libraries_targets
                              "_RELEASE"
                              "cairn"    # package_name
                              "${cairn_NO_SONAME_MODE_RELEASE}")  # soname

# FIXME: What is the result of this for multi-config? All configs adding themselves to path?
set(CMAKE_MODULE_PATH ${cairn_BUILD_DIRS_RELEASE} ${CMAKE_MODULE_PATH})

########## GLOBAL TARGET PROPERTIES Release ########################################
    set_property(TARGET cairn::cairn
                 APPEND PROPERTY INTERFACE_LINK_LIBRARIES
                 $<$<CONFIG:Release>:${cairn_OBJECTS_RELEASE}>
                 $<$<CONFIG:Release>:${cairn_LIBRARIES_TARGETS}>
                 )

    if("${cairn_LIBS_RELEASE}" STREQUAL "")
        # If the package is not declaring any "cpp_info.libs" the package deps, system libs,
        # frameworks etc are not linked to the imported targets and we need to do it to the
        # global target
        set_property(TARGET cairn::cairn
                     APPEND PROPERTY INTERFACE_LINK_LIBRARIES
                     cairn_DEPS_TARGET)
    endif()

    set_property(TARGET cairn::cairn
                 APPEND PROPERTY INTERFACE_LINK_OPTIONS
                 $<$<CONFIG:Release>:${cairn_LINKER_FLAGS_RELEASE}>)
    set_property(TARGET cairn::cairn
                 APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES
                 $<$<CONFIG:Release>:${cairn_INCLUDE_DIRS_RELEASE}>)
    # Necessary to find LINK shared libraries in Linux
    set_property(TARGET cairn::cairn
                 APPEND PROPERTY INTERFACE_LINK_DIRECTORIES
                 $<$<CONFIG:Release>:${cairn_LIB_DIRS_RELEASE}>)
    set_property(TARGET cairn::cairn
                 APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS
                 $<$<CONFIG:Release>:${cairn_COMPILE_DEFINITIONS_RELEASE}>)
    set_property(TARGET cairn::cairn
                 APPEND PROPERTY INTERFACE_COMPILE_OPTIONS
                 $<$<CONFIG:Release>:${cairn_COMPILE_OPTIONS_RELEASE}>)

########## For the modules (FindXXX)
set(cairn_LIBRARIES_RELEASE cairn::cairn)
