wdpdk_room(OS_SOURCES tap_netdev.c)
# On a kernel interface in a network namespace of its own; where it may not make one it is skipped (and listed).
wdpdk_test(tap_linux_test SOURCES linux/tap_linux_test.c)
set_tests_properties(tap_linux_test PROPERTIES SKIP_RETURN_CODE 77)
