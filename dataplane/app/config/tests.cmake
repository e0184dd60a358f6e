# Tests of this folder. Included by app/CMakeLists.txt.
wdpdk_test(config_test SOURCES config/config_test.c LIBS app_values)
wdpdk_test(forwarding_routes_test SOURCES config/forwarding_routes_test.c LIBS app_values)
wdpdk_test(forwarding_diff_test SOURCES config/forwarding_diff_test.c LIBS app_values)
wdpdk_test(schema_vectors_test SOURCES config/schema_vectors_test.c LIBS app_values)
target_compile_definitions(schema_vectors_test PRIVATE
    WDPDK_VECTORS="${PROJECT_SOURCE_DIR}/shm-protocol/vectors/forwarding")
wdpdk_fuzz(fuzz_forwarding SOURCES config/fuzz_forwarding.c LIBS app_values)
