# Included by app/CMakeLists.txt.
wdpdk_test(frame_checksums_test SOURCES clients/frame_checksums_test.c clients/frame_checksums.c match/frame_key.c)
target_include_directories(frame_checksums_test PRIVATE ${app_includes})
# Client queues by themselves, with the test's own doorbell.
wdpdk_test(client_queue_test SOURCES clients/client_queue_test.c ${wdpdk_client_queue_sources} match/frame_hash.c match/frame_key.c
    LIBS wdpdk_shm)
target_include_directories(client_queue_test PRIVATE ${app_includes})
