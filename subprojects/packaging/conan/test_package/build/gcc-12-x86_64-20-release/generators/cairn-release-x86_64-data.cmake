########### AGGREGATED COMPONENTS AND DEPENDENCIES FOR THE MULTI CONFIG #####################
#############################################################################################

set(cairn_COMPONENT_NAMES "")
if(DEFINED cairn_FIND_DEPENDENCY_NAMES)
  list(APPEND cairn_FIND_DEPENDENCY_NAMES )
  list(REMOVE_DUPLICATES cairn_FIND_DEPENDENCY_NAMES)
else()
  set(cairn_FIND_DEPENDENCY_NAMES )
endif()

########### VARIABLES #######################################################################
#############################################################################################
set(cairn_PACKAGE_FOLDER_RELEASE "/tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p")
set(cairn_BUILD_MODULES_PATHS_RELEASE )


set(cairn_INCLUDE_DIRS_RELEASE "${cairn_PACKAGE_FOLDER_RELEASE}/include")
set(cairn_RES_DIRS_RELEASE )
set(cairn_DEFINITIONS_RELEASE )
set(cairn_SHARED_LINK_FLAGS_RELEASE )
set(cairn_EXE_LINK_FLAGS_RELEASE )
set(cairn_OBJECTS_RELEASE )
set(cairn_COMPILE_DEFINITIONS_RELEASE )
set(cairn_COMPILE_OPTIONS_C_RELEASE )
set(cairn_COMPILE_OPTIONS_CXX_RELEASE )
set(cairn_LIB_DIRS_RELEASE )
set(cairn_BIN_DIRS_RELEASE )
set(cairn_LIBRARY_TYPE_RELEASE UNKNOWN)
set(cairn_IS_HOST_WINDOWS_RELEASE 0)
set(cairn_LIBS_RELEASE )
set(cairn_SYSTEM_LIBS_RELEASE pthread)
set(cairn_FRAMEWORK_DIRS_RELEASE )
set(cairn_FRAMEWORKS_RELEASE )
set(cairn_BUILD_DIRS_RELEASE )
set(cairn_NO_SONAME_MODE_RELEASE FALSE)


# COMPOUND VARIABLES
set(cairn_COMPILE_OPTIONS_RELEASE)
if (NOT "${cairn_COMPILE_OPTIONS_CXX_RELEASE}" STREQUAL "")
    list(APPEND cairn_COMPILE_OPTIONS_RELEASE
        "$<$<COMPILE_LANGUAGE:CXX>:${cairn_COMPILE_OPTIONS_CXX_RELEASE}>")
endif ()
if (NOT "${cairn_COMPILE_OPTIONS_C_RELEASE}" STREQUAL "")
    list(APPEND cairn_COMPILE_OPTIONS_RELEASE
        "$<$<COMPILE_LANGUAGE:C>:${cairn_COMPILE_OPTIONS_C_RELEASE}>")
endif ()
set(cairn_LINKER_FLAGS_RELEASE)
if (NOT "${cairn_SHARED_LINK_FLAGS_RELEASE}" STREQUAL "")
    list(APPEND cairn_LINKER_FLAGS_RELEASE
        "$<$<OR:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>,$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>:${cairn_SHARED_LINK_FLAGS_RELEASE}>")
endif ()
if (NOT "${cairn_EXE_LINK_FLAGS_RELEASE}" STREQUAL "")
    list(APPEND cairn_LINKER_FLAGS_RELEASE
        "$<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:${cairn_EXE_LINK_FLAGS_RELEASE}>")
endif ()


set(cairn_COMPONENTS_RELEASE )