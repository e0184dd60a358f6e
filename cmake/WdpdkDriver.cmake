# Kernel drivers (.sys) out of clang and lld: what ships, and what tests load into Wine. One folder holds all that an installation
# takes: drivers, INFs, the setup tool.
set(WDPDK_UIO_BIN "${PROJECT_BINARY_DIR}/uio-driver/bin")

# gcc has no __try, and its linker makes sections that are writable and executable: drivers come from clang and lld or not at all.
if(WDPDK_OS STREQUAL windows AND CMAKE_C_COMPILER_ID STREQUAL "Clang")
    set(WDPDK_KERNEL_DRIVERS ON)
else()
    set(WDPDK_KERNEL_DRIVERS OFF)
endif()

# The ddk's headers are below an include path of the compiler's own.
find_path(WDPDK_DDK_INCLUDE wdm.h PATHS /usr/x86_64-w64-mingw32/include PATH_SUFFIXES ddk NO_CMAKE_FIND_ROOT_PATH)
if(WDPDK_KERNEL_DRIVERS AND NOT WDPDK_DDK_INCLUDE)
    message(STATUS "uio-driver: no .sys: this mingw-w64 has no ddk headers (wdm.h)")
    set(WDPDK_KERNEL_DRIVERS OFF)
endif()

# wdpdk_kernel_driver(NAME SOURCES ... [INCLUDES ...] [DEFINITIONS ...]): NAME.sys in WDPDK_UIO_BIN; target NAME.
function(wdpdk_kernel_driver name)
    cmake_parse_arguments(D "" "" "SOURCES;INCLUDES;DEFINITIONS" ${ARGN})
    add_library(${name} SHARED ${D_SOURCES})
    target_include_directories(${name} PRIVATE ${D_INCLUDES})
    target_include_directories(${name} SYSTEM PRIVATE "${WDPDK_DDK_INCLUDE}")
    # The ddk's wdm.h defines two intrinsics static which another header would have declared global: each file would define them for all.
    target_compile_definitions(${name} PRIVATE
        __INTRINSIC_DEFINED_InterlockedBitTestAndSet __INTRINSIC_DEFINED_InterlockedBitTestAndReset)
    target_compile_definitions(${name} PRIVATE _WIN32_WINNT=0x0A00 NTDDI_VERSION=0x0A000000 ${D_DEFINITIONS})
    # No vector registers wider than those that the kernel saves for every thread; no calls into a C runtime.
    target_compile_options(${name} PRIVATE
        -march=x86-64 -ffreestanding -fms-extensions -mno-stack-arg-probe -fno-strict-aliasing -fno-stack-protector
        -ffunction-sections -fdata-sections -gcodeview
        -Wall -Wextra -Werror -Wmissing-prototypes -Wshadow -Wundef -Wvla -Wstrict-prototypes)
    # -ffreestanding would leave out what an exception is unwound by: one raised under a __try would not find it.
    target_compile_options(${name} PRIVATE -fasynchronous-unwind-tables)
    # 4096 bytes of a frame would need __chkstk of a runtime.
    target_compile_options(${name} PRIVATE -Wframe-larger-than=2048)
    target_link_options(${name} PRIVATE
        -nostdlib -Wl,--subsystem,native -Wl,--entry,DriverEntry -Wl,--major-os-version,10 -Wl,--minor-os-version,0
        -Wl,--major-subsystem-version,10 -Wl,--minor-subsystem-version,0 -Wl,--gc-sections
        -Wl,--no-insert-timestamp -Wl,--nxcompat -Wl,--dynamicbase "-Wl,--pdb=${WDPDK_UIO_BIN}/${name}.pdb")
    target_link_libraries(${name} PRIVATE ntoskrnl hal)
    set_target_properties(${name} PROPERTIES
        PREFIX "" SUFFIX ".sys" IMPORT_PREFIX "" RUNTIME_OUTPUT_DIRECTORY "${WDPDK_UIO_BIN}" C_STANDARD_LIBRARIES "")
    # The import library of a driver is nobody's.
    set_target_properties(${name} PROPERTIES ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    wdpdk_test_sign(${name})
endfunction()
