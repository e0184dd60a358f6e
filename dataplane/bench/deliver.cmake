# What deliveries cost: the dataplane's own objects, with a doorbell and consumers of the benchmark's.
set(app "${PROJECT_SOURCE_DIR}/dataplane/app")
foreach(program IN ITEMS copy clients)
    add_executable(bench_deliver_${program} linux/deliver_${program}.c linux/deliver.c ${app}/clients/client_deliver.c
        ${app}/clients/client_drain.c ${app}/clients/client_queue.c ${app}/clients/client_wakes.c ${app}/clients/frame_checksums.c)
    target_link_libraries(bench_deliver_${program} PRIVATE app_engine app_values wdpdk_shm dpdk)
    target_include_directories(bench_deliver_${program} PRIVATE ${app}/clients)
    set_target_properties(bench_deliver_${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
endforeach()
add_executable(bench_classify linux/classify.c)
target_link_libraries(bench_classify PRIVATE app_values dpdk)
set_target_properties(bench_classify PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
