# headers_alone, a test: each public header compiles as the only one of a file, as C and as C++. Included while configuring it
# makes the test; run by ctest (cmake -P, with LIST naming what was configured) it is the test.
if(NOT DEFINED LIST)
    get_property(headers GLOBAL PROPERTY WDPDK_PUBLIC_HEADERS)
    set(flags -march=corei7 -D_GNU_SOURCE -fsyntax-only)
    if(CMAKE_C_COMPILER_TARGET)
        list(APPEND flags "--target=${CMAKE_C_COMPILER_TARGET}")
    endif()
    file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/headers_alone.list" CONTENT
        "set(compiler \"${CMAKE_C_COMPILER}\")\nset(flags \"${flags}\")\nset(headers \"${headers}\")
set(folders \"$<TARGET_PROPERTY:dpdk,INTERFACE_INCLUDE_DIRECTORIES>\")\n")
    add_test(NAME headers_alone
        COMMAND ${CMAKE_COMMAND} "-DLIST=${CMAKE_BINARY_DIR}/headers_alone.list" -P "${CMAKE_CURRENT_LIST_FILE}")
    set_tests_properties(headers_alone PROPERTIES TIMEOUT 600 LABELS headers)
    return()
endif()

include("${LIST}")
list(TRANSFORM folders PREPEND -I)
file(WRITE "${LIST}.c" "")
set(as_c -x c -std=gnu11 -Wall -Wextra -Werror)
set(as_cxx -x c++ -std=gnu++11)
execute_process(COMMAND "${compiler}" ${flags} ${as_cxx} "${LIST}.c" RESULT_VARIABLE none OUTPUT_QUIET ERROR_QUIET)
if(none)
    message(STATUS "${compiler} has no C++: only C is tried")
    set(as_cxx ${as_c})
endif()
set(failed "")
foreach(header IN LISTS headers)
    # A part of another header says which one it wants, and that one is tried.
    file(STRINGS "${header}" wants REGEX "^#error \"include")
    if(wants)
        continue()
    endif()
    set(rest ${folders} -include rte_config.h -include "${header}" "${LIST}.c")
    # Both at the same time.
    execute_process(
        COMMAND "${compiler}" ${flags} ${as_c} ${rest}
        COMMAND "${compiler}" ${flags} ${as_cxx} ${rest}
        RESULTS_VARIABLE results ERROR_VARIABLE errors)
    if(NOT results STREQUAL "0;0")
        message("${header}:\n${errors}")
        list(APPEND failed "${header}")
    endif()
endforeach()
if(failed)
    message(FATAL_ERROR "these headers do not compile alone: ${failed}")
endif()
