CMakeFiles/program.dir/main.cpp.o: \
 /work/main/subprojects/packaging/conan/test_package/main.cpp \
 /usr/include/stdc-predef.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/refusals.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/tree.hpp \
 /usr/include/c++/12/array /usr/include/c++/12/compare \
 /usr/include/c++/12/concepts /usr/include/c++/12/type_traits \
 /usr/include/x86_64-linux-gnu/c++/12/bits/c++config.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/os_defines.h \
 /usr/include/features.h /usr/include/features-time64.h \
 /usr/include/x86_64-linux-gnu/bits/wordsize.h \
 /usr/include/x86_64-linux-gnu/bits/timesize.h \
 /usr/include/x86_64-linux-gnu/sys/cdefs.h \
 /usr/include/x86_64-linux-gnu/bits/long-double.h \
 /usr/include/x86_64-linux-gnu/gnu/stubs.h \
 /usr/include/x86_64-linux-gnu/gnu/stubs-64.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/cpu_defines.h \
 /usr/include/c++/12/pstl/pstl_config.h \
 /usr/include/c++/12/initializer_list \
 /usr/include/c++/12/bits/functexcept.h \
 /usr/include/c++/12/bits/exception_defines.h \
 /usr/include/c++/12/bits/stl_algobase.h \
 /usr/include/c++/12/bits/cpp_type_traits.h \
 /usr/include/c++/12/ext/type_traits.h \
 /usr/include/c++/12/ext/numeric_traits.h \
 /usr/include/c++/12/bits/stl_pair.h /usr/include/c++/12/bits/move.h \
 /usr/include/c++/12/bits/utility.h \
 /usr/include/c++/12/bits/stl_iterator_base_types.h \
 /usr/include/c++/12/bits/iterator_concepts.h \
 /usr/include/c++/12/bits/ptr_traits.h \
 /usr/include/c++/12/bits/ranges_cmp.h \
 /usr/include/c++/12/bits/stl_iterator_base_funcs.h \
 /usr/include/c++/12/bits/concept_check.h \
 /usr/include/c++/12/debug/assertions.h \
 /usr/include/c++/12/bits/stl_iterator.h /usr/include/c++/12/new \
 /usr/include/c++/12/bits/exception.h \
 /usr/include/c++/12/bits/stl_construct.h \
 /usr/include/c++/12/debug/debug.h \
 /usr/include/c++/12/bits/predefined_ops.h \
 /usr/include/c++/12/bits/range_access.h /usr/include/c++/12/cstddef \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h \
 /usr/include/c++/12/string_view /usr/include/c++/12/iosfwd \
 /usr/include/c++/12/bits/stringfwd.h \
 /usr/include/c++/12/bits/memoryfwd.h /usr/include/c++/12/bits/postypes.h \
 /usr/include/c++/12/cwchar /usr/include/wchar.h \
 /usr/include/x86_64-linux-gnu/bits/libc-header-start.h \
 /usr/include/x86_64-linux-gnu/bits/floatn.h \
 /usr/include/x86_64-linux-gnu/bits/floatn-common.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/stdarg.h \
 /usr/include/x86_64-linux-gnu/bits/wchar.h \
 /usr/include/x86_64-linux-gnu/bits/types/wint_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/mbstate_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/__mbstate_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/__FILE.h \
 /usr/include/x86_64-linux-gnu/bits/types/FILE.h \
 /usr/include/x86_64-linux-gnu/bits/types/locale_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/__locale_t.h \
 /usr/include/c++/12/bits/char_traits.h /usr/include/c++/12/cstdint \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/stdint.h /usr/include/stdint.h \
 /usr/include/x86_64-linux-gnu/bits/types.h \
 /usr/include/x86_64-linux-gnu/bits/typesizes.h \
 /usr/include/x86_64-linux-gnu/bits/time64.h \
 /usr/include/x86_64-linux-gnu/bits/stdint-intn.h \
 /usr/include/x86_64-linux-gnu/bits/stdint-uintn.h \
 /usr/include/c++/12/bits/functional_hash.h \
 /usr/include/c++/12/bits/hash_bytes.h \
 /usr/include/c++/12/bits/ostream_insert.h \
 /usr/include/c++/12/bits/cxxabi_forced.h \
 /usr/include/c++/12/bits/ranges_base.h \
 /usr/include/c++/12/bits/max_size_type.h /usr/include/c++/12/numbers \
 /usr/include/c++/12/bits/string_view.tcc \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/find_checkpoint.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/fail.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/error.hpp \
 /usr/include/c++/12/optional /usr/include/c++/12/exception \
 /usr/include/c++/12/bits/exception_ptr.h \
 /usr/include/c++/12/bits/cxxabi_init_exception.h \
 /usr/include/c++/12/typeinfo /usr/include/c++/12/bits/nested_exception.h \
 /usr/include/c++/12/bits/enable_special_members.h \
 /usr/include/c++/12/bits/invoke.h /usr/include/c++/12/stdexcept \
 /usr/include/c++/12/string /usr/include/c++/12/bits/allocator.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/c++allocator.h \
 /usr/include/c++/12/bits/new_allocator.h \
 /usr/include/c++/12/bits/localefwd.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/c++locale.h \
 /usr/include/c++/12/clocale /usr/include/locale.h \
 /usr/include/x86_64-linux-gnu/bits/locale.h /usr/include/c++/12/cctype \
 /usr/include/ctype.h /usr/include/x86_64-linux-gnu/bits/endian.h \
 /usr/include/x86_64-linux-gnu/bits/endianness.h \
 /usr/include/c++/12/bits/stl_function.h \
 /usr/include/c++/12/backward/binders.h \
 /usr/include/c++/12/bits/refwrap.h \
 /usr/include/c++/12/bits/basic_string.h \
 /usr/include/c++/12/ext/alloc_traits.h \
 /usr/include/c++/12/bits/alloc_traits.h \
 /usr/include/c++/12/ext/string_conversions.h /usr/include/c++/12/cstdlib \
 /usr/include/stdlib.h /usr/include/x86_64-linux-gnu/bits/waitflags.h \
 /usr/include/x86_64-linux-gnu/bits/waitstatus.h \
 /usr/include/x86_64-linux-gnu/sys/types.h \
 /usr/include/x86_64-linux-gnu/bits/types/clock_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/clockid_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/time_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/timer_t.h /usr/include/endian.h \
 /usr/include/x86_64-linux-gnu/bits/byteswap.h \
 /usr/include/x86_64-linux-gnu/bits/uintn-identity.h \
 /usr/include/x86_64-linux-gnu/sys/select.h \
 /usr/include/x86_64-linux-gnu/bits/select.h \
 /usr/include/x86_64-linux-gnu/bits/types/sigset_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/__sigset_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_timeval.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_timespec.h \
 /usr/include/x86_64-linux-gnu/bits/pthreadtypes.h \
 /usr/include/x86_64-linux-gnu/bits/thread-shared-types.h \
 /usr/include/x86_64-linux-gnu/bits/pthreadtypes-arch.h \
 /usr/include/x86_64-linux-gnu/bits/atomic_wide_counter.h \
 /usr/include/x86_64-linux-gnu/bits/struct_mutex.h \
 /usr/include/x86_64-linux-gnu/bits/struct_rwlock.h /usr/include/alloca.h \
 /usr/include/x86_64-linux-gnu/bits/stdlib-bsearch.h \
 /usr/include/x86_64-linux-gnu/bits/stdlib-float.h \
 /usr/include/c++/12/bits/std_abs.h /usr/include/c++/12/cstdio \
 /usr/include/stdio.h /usr/include/x86_64-linux-gnu/bits/types/__fpos_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/__fpos64_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_FILE.h \
 /usr/include/x86_64-linux-gnu/bits/types/cookie_io_functions_t.h \
 /usr/include/x86_64-linux-gnu/bits/stdio_lim.h \
 /usr/include/x86_64-linux-gnu/bits/stdio.h /usr/include/c++/12/cerrno \
 /usr/include/errno.h /usr/include/x86_64-linux-gnu/bits/errno.h \
 /usr/include/linux/errno.h /usr/include/x86_64-linux-gnu/asm/errno.h \
 /usr/include/asm-generic/errno.h /usr/include/asm-generic/errno-base.h \
 /usr/include/x86_64-linux-gnu/bits/types/error_t.h \
 /usr/include/c++/12/bits/charconv.h \
 /usr/include/c++/12/bits/basic_string.tcc /usr/include/c++/12/utility \
 /usr/include/c++/12/bits/stl_relops.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/own.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/path_argument.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/checkpoint_state.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/floats.hpp \
 /usr/include/c++/12/bit \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/text_proto.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/text_number.hpp \
 /usr/include/c++/12/charconv \
 /usr/include/x86_64-linux-gnu/c++/12/bits/error_constants.h \
 /usr/include/c++/12/limits \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/utf8.hpp \
 /usr/include/c++/12/cstring /usr/include/string.h /usr/include/strings.h \
 /usr/include/c++/12/algorithm /usr/include/c++/12/bits/stl_algo.h \
 /usr/include/c++/12/bits/algorithmfwd.h \
 /usr/include/c++/12/bits/stl_heap.h \
 /usr/include/c++/12/bits/stl_tempbuf.h \
 /usr/include/c++/12/bits/uniform_int_dist.h \
 /usr/include/c++/12/bits/ranges_algo.h \
 /usr/include/c++/12/bits/ranges_algobase.h \
 /usr/include/c++/12/bits/ranges_util.h \
 /usr/include/c++/12/pstl/glue_algorithm_defs.h \
 /usr/include/c++/12/pstl/execution_defs.h /usr/include/c++/12/vector \
 /usr/include/c++/12/bits/stl_uninitialized.h \
 /usr/include/c++/12/bits/stl_vector.h \
 /usr/include/c++/12/bits/stl_bvector.h \
 /usr/include/c++/12/bits/vector.tcc \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/file_system.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/durability.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/refuse.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/path.hpp \
 /usr/include/c++/12/memory \
 /usr/include/c++/12/bits/stl_raw_storage_iter.h \
 /usr/include/c++/12/bits/align.h \
 /usr/include/c++/12/bits/uses_allocator.h \
 /usr/include/c++/12/bits/unique_ptr.h /usr/include/c++/12/tuple \
 /usr/include/c++/12/ostream /usr/include/c++/12/ios \
 /usr/include/c++/12/bits/ios_base.h /usr/include/c++/12/ext/atomicity.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/gthr.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/gthr-default.h \
 /usr/include/pthread.h /usr/include/sched.h \
 /usr/include/x86_64-linux-gnu/bits/sched.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_sched_param.h \
 /usr/include/x86_64-linux-gnu/bits/cpu-set.h /usr/include/time.h \
 /usr/include/x86_64-linux-gnu/bits/time.h \
 /usr/include/x86_64-linux-gnu/bits/timex.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_tm.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_itimerspec.h \
 /usr/include/x86_64-linux-gnu/bits/setjmp.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct___jmp_buf_tag.h \
 /usr/include/x86_64-linux-gnu/bits/pthread_stack_min-dynamic.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/atomic_word.h \
 /usr/include/x86_64-linux-gnu/sys/single_threaded.h \
 /usr/include/c++/12/bits/locale_classes.h \
 /usr/include/c++/12/bits/locale_classes.tcc \
 /usr/include/c++/12/system_error /usr/include/c++/12/streambuf \
 /usr/include/c++/12/bits/streambuf.tcc \
 /usr/include/c++/12/bits/basic_ios.h \
 /usr/include/c++/12/bits/locale_facets.h /usr/include/c++/12/cwctype \
 /usr/include/wctype.h /usr/include/x86_64-linux-gnu/bits/wctype-wchar.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/ctype_base.h \
 /usr/include/c++/12/bits/streambuf_iterator.h \
 /usr/include/x86_64-linux-gnu/c++/12/bits/ctype_inline.h \
 /usr/include/c++/12/bits/locale_facets.tcc \
 /usr/include/c++/12/bits/basic_ios.tcc \
 /usr/include/c++/12/bits/ostream.tcc \
 /usr/include/c++/12/bits/shared_ptr.h \
 /usr/include/c++/12/bits/shared_ptr_base.h \
 /usr/include/c++/12/bits/allocated_ptr.h \
 /usr/include/c++/12/ext/aligned_buffer.h \
 /usr/include/c++/12/ext/concurrence.h \
 /usr/include/c++/12/bits/shared_ptr_atomic.h \
 /usr/include/c++/12/bits/atomic_base.h \
 /usr/include/c++/12/bits/atomic_lockfree_defines.h \
 /usr/include/c++/12/bits/atomic_wait.h /usr/include/c++/12/climits \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/limits.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/syslimits.h \
 /usr/include/limits.h /usr/include/x86_64-linux-gnu/bits/posix1_lim.h \
 /usr/include/x86_64-linux-gnu/bits/local_lim.h \
 /usr/include/linux/limits.h \
 /usr/include/x86_64-linux-gnu/bits/posix2_lim.h \
 /usr/include/x86_64-linux-gnu/bits/xopen_lim.h \
 /usr/include/x86_64-linux-gnu/bits/uio_lim.h /usr/include/unistd.h \
 /usr/include/x86_64-linux-gnu/bits/posix_opt.h \
 /usr/include/x86_64-linux-gnu/bits/environments.h \
 /usr/include/x86_64-linux-gnu/bits/confname.h \
 /usr/include/x86_64-linux-gnu/bits/getopt_posix.h \
 /usr/include/x86_64-linux-gnu/bits/getopt_core.h \
 /usr/include/x86_64-linux-gnu/bits/unistd_ext.h \
 /usr/include/linux/close_range.h /usr/include/syscall.h \
 /usr/include/x86_64-linux-gnu/sys/syscall.h \
 /usr/include/x86_64-linux-gnu/asm/unistd.h \
 /usr/include/x86_64-linux-gnu/asm/unistd_64.h \
 /usr/include/x86_64-linux-gnu/bits/syscall.h \
 /usr/include/c++/12/bits/std_mutex.h \
 /usr/include/c++/12/backward/auto_ptr.h \
 /usr/include/c++/12/bits/ranges_uninitialized.h \
 /usr/include/c++/12/bits/uses_allocator_args.h \
 /usr/include/c++/12/pstl/glue_memory_defs.h /usr/include/c++/12/span \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/native.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/posix.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/sort.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/function_ref.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/vec.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/posix_lock.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/lock_errors.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/system_error.hpp \
 /usr/include/fcntl.h /usr/include/x86_64-linux-gnu/bits/fcntl.h \
 /usr/include/x86_64-linux-gnu/bits/fcntl-linux.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_iovec.h \
 /usr/include/linux/falloc.h /usr/include/x86_64-linux-gnu/bits/stat.h \
 /usr/include/x86_64-linux-gnu/bits/struct_stat.h \
 /usr/include/x86_64-linux-gnu/sys/file.h \
 /usr/include/x86_64-linux-gnu/sys/stat.h \
 /usr/include/x86_64-linux-gnu/bits/statx.h /usr/include/linux/stat.h \
 /usr/include/linux/types.h /usr/include/x86_64-linux-gnu/asm/types.h \
 /usr/include/asm-generic/types.h /usr/include/asm-generic/int-ll64.h \
 /usr/include/x86_64-linux-gnu/asm/bitsperlong.h \
 /usr/include/asm-generic/bitsperlong.h /usr/include/linux/posix_types.h \
 /usr/include/linux/stddef.h \
 /usr/include/x86_64-linux-gnu/asm/posix_types.h \
 /usr/include/x86_64-linux-gnu/asm/posix_types_64.h \
 /usr/include/asm-generic/posix_types.h \
 /usr/include/x86_64-linux-gnu/bits/statx-generic.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_statx_timestamp.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_statx.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/slow_copy.hpp \
 /usr/include/dirent.h /usr/include/x86_64-linux-gnu/bits/dirent.h \
 /usr/include/x86_64-linux-gnu/bits/dirent_ext.h \
 /usr/include/x86_64-linux-gnu/sys/mman.h \
 /usr/include/x86_64-linux-gnu/bits/mman.h \
 /usr/include/x86_64-linux-gnu/bits/mman-map-flags-generic.h \
 /usr/include/x86_64-linux-gnu/bits/mman-linux.h \
 /usr/include/x86_64-linux-gnu/bits/mman-shared.h \
 /usr/include/x86_64-linux-gnu/bits/mman_ext.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/windows.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/windows_lock.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/windows_handle.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/windows_name.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/windows_api.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/publish.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/detail/process.hpp \
 /usr/include/signal.h \
 /usr/include/x86_64-linux-gnu/bits/signum-generic.h \
 /usr/include/x86_64-linux-gnu/bits/signum-arch.h \
 /usr/include/x86_64-linux-gnu/bits/types/sig_atomic_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/siginfo_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/__sigval_t.h \
 /usr/include/x86_64-linux-gnu/bits/siginfo-arch.h \
 /usr/include/x86_64-linux-gnu/bits/siginfo-consts.h \
 /usr/include/x86_64-linux-gnu/bits/siginfo-consts-arch.h \
 /usr/include/x86_64-linux-gnu/bits/types/sigval_t.h \
 /usr/include/x86_64-linux-gnu/bits/types/sigevent_t.h \
 /usr/include/x86_64-linux-gnu/bits/sigevent-consts.h \
 /usr/include/x86_64-linux-gnu/bits/sigaction.h \
 /usr/include/x86_64-linux-gnu/bits/sigcontext.h \
 /usr/include/x86_64-linux-gnu/bits/types/stack_t.h \
 /usr/include/x86_64-linux-gnu/sys/ucontext.h \
 /usr/include/x86_64-linux-gnu/bits/sigstack.h \
 /usr/include/x86_64-linux-gnu/bits/sigstksz.h \
 /usr/include/x86_64-linux-gnu/bits/ss_flags.h \
 /usr/include/x86_64-linux-gnu/bits/types/struct_sigstack.h \
 /usr/include/x86_64-linux-gnu/bits/sigthread.h \
 /usr/include/x86_64-linux-gnu/bits/signal_ext.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/whole_file.hpp \
 /usr/include/c++/12/atomic \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/no_checkpoint.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/naming.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/file_kind.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/v1_files.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/table_format.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/crc32c.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/crc32c_hardware.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/crc32c_plain.hpp \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/nmmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/smmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/tmmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/pmmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/emmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/xmmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/mmintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/mm_malloc.h \
 /usr/include/c++/12/stdlib.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/mwaitintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/popcntintrin.h \
 /usr/lib/gcc/x86_64-linux-gnu/12/include/wmmintrin.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/varint.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/files.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/checkpoint.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/shared.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/container_types.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/type_name.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/index_name.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/object_type.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/trackable.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/element.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/dtype.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/half.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/tensor.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/dense_array.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/shape.hpp \
 /usr/include/c++/12/cassert /usr/include/assert.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/detail/elements.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/tensor_view.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/detail/scattered_elements.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/variable.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/adapter.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/records.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/members.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/fixed_string.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/nearest.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/reflect.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/member_names.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/reflect_count.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/reflect_pfr.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/needs_boost_pfr.hpp \
 /usr/include/boost/pfr/core.hpp /usr/include/boost/pfr/detail/config.hpp \
 /usr/include/boost/pfr/detail/core.hpp \
 /usr/include/boost/pfr/detail/core17.hpp \
 /usr/include/boost/pfr/detail/core17_generated.hpp \
 /usr/include/boost/pfr/detail/sequence_tuple.hpp \
 /usr/include/boost/pfr/detail/make_integer_sequence.hpp \
 /usr/include/boost/pfr/detail/size_t_.hpp \
 /usr/include/boost/pfr/detail/fields_count.hpp \
 /usr/include/boost/pfr/detail/unsafe_declval.hpp \
 /usr/include/boost/pfr/detail/for_each_field_impl.hpp \
 /usr/include/boost/pfr/detail/rvalue_t.hpp \
 /usr/include/boost/pfr/detail/stdtuple.hpp \
 /usr/include/boost/pfr/detail/tie_from_structure_tuple.hpp \
 /usr/include/boost/pfr/tuple_size.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/require.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/reflect_hidden.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/reflect_c_arrays.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/spelled.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/not_saved.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/std_types.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/type_list.hpp \
 /usr/include/c++/12/iterator /usr/include/c++/12/bits/stream_iterator.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/object.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/records.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/detail/strided_elements.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/scattered_landing.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/restore_actions.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/casting.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/cast.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/detail/convert_numbers.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/tensor_source.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/savers.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/slot_types.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/copied_types.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/landings.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/small_blocks.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/leaf_types.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/detail/variable_traits.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/random_text.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/keyed_map_type.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/several_tensors.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/named_tensors.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/any_tensor.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/replacement.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/struct_type.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/slot_variable_set.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/tracked_slot.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/can_be_tracked.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/valarray_type.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/variant_type.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/slot_variables.hpp \
 /usr/include/c++/12/map /usr/include/c++/12/bits/stl_tree.h \
 /usr/include/c++/12/bits/node_handle.h \
 /usr/include/c++/12/bits/stl_map.h \
 /usr/include/c++/12/bits/stl_multimap.h \
 /usr/include/c++/12/bits/erase_if.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/static_form.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/child_path.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/reflect/detail/path.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/named.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/late.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/match.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/keys.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/object_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/shown_path.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/mismatch.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/match_item.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/match_objects.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/hash_index.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/moved_places.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/object_set.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/restore_plan.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/maps.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/text_pool.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/byte_claim.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/left_out.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/mismatch_policy.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/list_option.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/rename.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/pattern.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/common_part.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/path_list.hpp \
 /usr/include/c++/12/mutex /usr/include/c++/12/bits/chrono.h \
 /usr/include/c++/12/ratio /usr/include/c++/12/ctime \
 /usr/include/c++/12/bits/parse_numbers.h \
 /usr/include/c++/12/bits/unique_lock.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/root.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/saved_children.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/match_slots.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/match_values.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/tracked_state.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/kept_bundle.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/bundle_writer.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/index.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/bundle_messages.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/rare.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/message_writer.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/wire.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/ordered_code.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/table.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/block.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/snappy.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/table_builder.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/block_builder.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/entry.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/writer_options.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/new_shards.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/sharding.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/slice.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/box.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/planned_tensors.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/io/threads.hpp \
 /usr/include/c++/12/thread /usr/include/c++/12/stop_token \
 /usr/include/c++/12/bits/std_thread.h /usr/include/c++/12/semaphore \
 /usr/include/c++/12/bits/semaphore_base.h \
 /usr/include/c++/12/bits/atomic_timed_wait.h \
 /usr/include/c++/12/bits/this_thread_sleep.h \
 /usr/include/x86_64-linux-gnu/sys/time.h /usr/include/semaphore.h \
 /usr/include/x86_64-linux-gnu/bits/semaphore.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/piece_writer.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/string_tensor.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/stored_bytes.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/publication.hpp \
 /usr/include/c++/12/functional /usr/include/c++/12/bits/std_function.h \
 /usr/include/c++/12/unordered_map /usr/include/c++/12/bits/hashtable.h \
 /usr/include/c++/12/bits/hashtable_policy.h \
 /usr/include/c++/12/bits/unordered_map.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/walk.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/graph_walks.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/walk_slots.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/load_status.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/options.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/feature_flag.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/rename.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/object_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/object_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/reader.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/tensor/mapped_tensor.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/copy_stored.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/numbers.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/shards.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/entry_source.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/parts.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/slice_cover.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/sought_entries.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/v1_bundle.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/saved_tensor_slices.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/renamed_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/graph_change.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/graph_paths.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/entries_by_name.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/numbering.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/state_file.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/graph_restoration.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/restoration.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/source.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/bulk_read.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/crc32c_copy.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/restore/name_restoration.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/background_saves.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/background_thread.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/save_job.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/layout.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/unused_bytes.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/writer.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/add_copy.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/add_parts.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/snapshot.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/incremental.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/format/detail/keyed_hash.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/frozen_values.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save/kept_plan.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/graph/detail/same_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/checkpoint_saver.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/checkpoints_iterator.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/core/detail/clock.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/fall_back.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/manager.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/archive_form.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/archived_state.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/managed_directory.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/manager_options.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/retention.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/step_counter.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/deletions.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/leftovers.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/remove_checkpoint.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/directory_lock.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/state_notes.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/directory/restore_newest.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/save_intervals.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/signals.hpp \
 /usr/include/c++/12/csignal \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/prune.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/registered_saver.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/detail/checkpoint_savers.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/checkpoint/repair.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/verify.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/index_scan.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/finding.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/verify_data.hpp \
 /usr/include/c++/12/numeric /usr/include/c++/12/bits/stl_numeric.h \
 /usr/include/c++/12/pstl/glue_numeric_defs.h \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/verify_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/whole_check.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/detail/whole_graph.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/edit/variables.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/bundle/entry_reader.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/edit/checkpoint_reader.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/edit/detail/graph_text.hpp \
 /tmp/cairn-way-3mfy9xru/conan/p/b/cairn14fdcb516d391/p/include/cairn/edit/detail/value_names.hpp
