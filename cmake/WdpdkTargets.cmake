# How the house is built: one static archive (libdpdk) out of the rooms under dataplane/lib and dataplane/drivers, plus
# programs that link it. A room's CMakeLists.txt only says what is in it, with the functions below.

# The OS is chosen here, once, as a folder name: sources and include paths under it are picked, never #ifdef'ed.
if(CMAKE_SYSTEM_NAME STREQUAL "Windows")
    set(WDPDK_OS windows)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set(WDPDK_OS linux)
else()
    message(FATAL_ERROR "wdpdk builds for Linux and Windows; CMAKE_SYSTEM_NAME is '${CMAKE_SYSTEM_NAME}'. Use a preset of CMakePresets.json.")
endif()

set(WDPDK_MARCH corei7 CACHE STRING "Instruction set of the build and of programs that use the installed headers (as upstream's packages: corei7)")
set(WDPDK_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread; empty for none")
option(WDPDK_FUZZ "Build the libFuzzer targets (clang with its compiler runtime)" OFF)

add_library(wdpdk_flags INTERFACE)
target_compile_options(wdpdk_flags INTERFACE
    -march=${WDPDK_MARCH} -Wall -Wextra -Werror -Wmissing-prototypes -Wshadow -Wundef -Wvla -Wstrict-prototypes
    -fno-strict-aliasing -ffunction-sections -fdata-sections -include rte_config.h)
target_compile_definitions(wdpdk_flags INTERFACE WDPDK_VERSION="${WDPDK_VERSION}")
if(WDPDK_SANITIZE)
    target_compile_options(wdpdk_flags INTERFACE -fsanitize=${WDPDK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(wdpdk_flags INTERFACE -fsanitize=${WDPDK_SANITIZE})
endif()
if(WDPDK_FUZZ)
    target_compile_options(wdpdk_flags INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(wdpdk_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(WDPDK_OS STREQUAL windows)
    target_compile_definitions(wdpdk_flags INTERFACE _WIN32_WINNT=0x0A00 WIN32_LEAN_AND_MEAN __USE_MINGW_ANSI_STDIO=1)
    target_link_options(wdpdk_flags INTERFACE -static -Wl,--gc-sections)
    # winsock for the byte-order and address names user code expects, bcrypt for random tokens, advapi32 for DACLs and privileges.
    target_link_libraries(wdpdk_flags INTERFACE ws2_32 bcrypt advapi32)
else()
    target_compile_definitions(wdpdk_flags INTERFACE _GNU_SOURCE)
    target_link_options(wdpdk_flags INTERFACE -Wl,--gc-sections)
    target_link_libraries(wdpdk_flags INTERFACE pthread m)
endif()

# The archive users link, and what `cmake --install` puts beside it.
add_library(dpdk STATIC)
target_link_libraries(dpdk PUBLIC wdpdk_flags)

# wdpdk_room(SOURCES ... HEADERS ... INCLUDE ... [OS_SOURCES ...] [OS_HEADERS ...])
#   SOURCES     files of this folder that go into libdpdk on every OS
#   OS_SOURCES  files taken from the linux/ or windows/ folder beside this CMakeLists.txt (by the same names on both)
#   HEADERS     public headers that are installed; their folders become include paths
#   INCLUDE     further include folders (not installed by themselves)
function(wdpdk_room)
    cmake_parse_arguments(R "" "" "SOURCES;OS_SOURCES;HEADERS;OS_HEADERS;INCLUDE" ${ARGN})
    foreach(source IN LISTS R_SOURCES)
        target_sources(dpdk PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/${source}")
    endforeach()
    foreach(source IN LISTS R_OS_SOURCES)
        target_sources(dpdk PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/${WDPDK_OS}/${source}")
    endforeach()
    foreach(header IN LISTS R_HEADERS)
        set(path "${CMAKE_CURRENT_SOURCE_DIR}/${header}")
        cmake_path(GET path PARENT_PATH folder)
        target_include_directories(dpdk PUBLIC "${folder}")
        install(FILES "${path}" DESTINATION include/wdpdk COMPONENT development)
        set_property(GLOBAL APPEND PROPERTY WDPDK_PUBLIC_HEADERS "${path}")
    endforeach()
    foreach(header IN LISTS R_OS_HEADERS)
        set(path "${CMAKE_CURRENT_SOURCE_DIR}/${WDPDK_OS}/${header}")
        cmake_path(GET path PARENT_PATH folder)
        target_include_directories(dpdk PUBLIC "${folder}")
        install(FILES "${path}" DESTINATION include/wdpdk COMPONENT development)
        set_property(GLOBAL APPEND PROPERTY WDPDK_PUBLIC_HEADERS "${path}")
    endforeach()
    foreach(folder IN LISTS R_INCLUDE)
        target_include_directories(dpdk PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/${folder}")
    endforeach()
endfunction()

# wdpdk_test(NAME SOURCES ... [LIBS ...] [ARGS ...] [LABELS ...]): a unit test program, run by ctest (under Wine for the Windows build).
function(wdpdk_test name)
    cmake_parse_arguments(T "" "" "SOURCES;LIBS;ARGS;LABELS" ${ARGN})
    add_executable(${name} ${T_SOURCES})
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/dataplane/testing")
    target_link_libraries(${name} PRIVATE ${T_LIBS} dpdk)
    add_test(NAME ${name} COMMAND ${name} ${T_ARGS})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120 LABELS "unit;${T_LABELS}")
endfunction()

# wdpdk_test_levels(NAME SOURCES ...): the same test at the compiler's other optimisation levels, with what a program has inline and the
# library sources given with it. One system and no sanitizer do: what a level can break is ours, not theirs.
function(wdpdk_test_levels name)
    if(WDPDK_SANITIZE OR NOT WDPDK_OS STREQUAL linux)
        return()
    endif()
    foreach(level IN ITEMS O0 O1 O2 O3 Os)
        wdpdk_test(${name}_${level} ${ARGN} LABELS levels)
        target_compile_options(${name}_${level} PRIVATE -${level})
    endforeach()
endfunction()

# wdpdk_fuzz(NAME SOURCES ... [LIBS ...]): a libFuzzer target; exists only in the fuzzing build.
function(wdpdk_fuzz name)
    cmake_parse_arguments(F "" "" "SOURCES;LIBS" ${ARGN})
    if(NOT WDPDK_FUZZ)
        return()
    endif()
    add_executable(${name} ${F_SOURCES})
    target_link_libraries(${name} PRIVATE ${F_LIBS} dpdk)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
endfunction()
