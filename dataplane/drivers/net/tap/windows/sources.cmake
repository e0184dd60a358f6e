wdpdk_test(tap_windows_test SOURCES windows/tap_windows_test.c)
