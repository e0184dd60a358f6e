# Tests of clients and control that talk to the built executable from outside. Included by app/CMakeLists.txt.
set(control_test_folder "${CMAKE_CURRENT_LIST_DIR}/test")
add_library(wdpdk_test_peer STATIC ${control_test_folder}/bed.c ${control_test_folder}/peer.c
    ${control_test_folder}/${WDPDK_OS}/peer_os.c ${CMAKE_CURRENT_LIST_DIR}/../value/value.c
    ${CMAKE_CURRENT_LIST_DIR}/../value/value_json.c ${CMAKE_CURRENT_LIST_DIR}/../value/value_msgpack.c)
target_include_directories(wdpdk_test_peer PUBLIC ${control_test_folder} ${CMAKE_CURRENT_LIST_DIR}/../value)
target_link_libraries(wdpdk_test_peer PUBLIC wdpdk_shm third_party_headers PRIVATE dpdk)
wdpdk_test(out_queue_test SOURCES ${control_test_folder}/out_queue_test.c ${CMAKE_CURRENT_LIST_DIR}/out_queue.c)
target_include_directories(out_queue_test PRIVATE ${CMAKE_CURRENT_LIST_DIR})
# How long "soon" is, in ms.
set(soon_ms 2000)
if(WDPDK_SANITIZE)
    set(soon_ms 20000)
endif()
foreach(test IN ITEMS control_test change_test events_test queue_lanes_test hold_test hostile_test hostile_rings_test hostile_control_test)
    wdpdk_test(${test} SOURCES ${control_test_folder}/${test}.c LIBS wdpdk_test_peer
        ARGS $<TARGET_FILE:wdpdk-dataplane>)
    target_compile_definitions(${test} PRIVATE SOON_MS=${soon_ms})
    # Each owns a dataplane that polls a CPU.
    set_tests_properties(${test} PROPERTIES LABELS "unit;control" TIMEOUT 300 RUN_SERIAL ON)
endforeach()
if(WDPDK_OS STREQUAL "linux")
    foreach(test IN ITEMS descriptors_test links_test)
        wdpdk_test(${test} SOURCES ${control_test_folder}/linux/${test}.c LIBS wdpdk_test_peer
            ARGS $<TARGET_FILE:wdpdk-dataplane>)
        target_include_directories(${test} PRIVATE ${control_test_folder}/linux)
        target_compile_definitions(${test} PRIVATE SOON_MS=${soon_ms})
        set_tests_properties(${test} PROPERTIES LABELS "unit;control" TIMEOUT 120 RUN_SERIAL ON)
    endforeach()
    # On a kernel interface in a network namespace of its own; where it may not make one it is skipped (and listed).
    set_tests_properties(links_test PROPERTIES SKIP_RETURN_CODE 77)
endif()
# A preloaded allocator and a sanitizer's would be one too many.
if(WDPDK_OS STREQUAL "linux" AND NOT WDPDK_SANITIZE)
    add_library(wdpdk_fail_alloc MODULE ${control_test_folder}/linux/fail_alloc.c)
    wdpdk_test(nth_allocation_test SOURCES ${control_test_folder}/linux/nth_allocation_test.c LIBS wdpdk_test_peer
        ARGS $<TARGET_FILE:wdpdk-dataplane> $<TARGET_FILE:wdpdk_fail_alloc>)
    add_dependencies(nth_allocation_test wdpdk_fail_alloc)
    set_tests_properties(nth_allocation_test PROPERTIES LABELS "unit;control" TIMEOUT 300 RUN_SERIAL ON)
    add_library(wdpdk_slow_segment MODULE ${control_test_folder}/linux/slow_segment.c)
    wdpdk_test(late_segment_test SOURCES ${control_test_folder}/linux/late_segment_test.c LIBS wdpdk_test_peer
        ARGS $<TARGET_FILE:wdpdk-dataplane> $<TARGET_FILE:wdpdk_slow_segment>)
    add_dependencies(late_segment_test wdpdk_slow_segment)
    set_tests_properties(late_segment_test PROPERTIES LABELS "unit;control" TIMEOUT 60 RUN_SERIAL ON)
endif()
