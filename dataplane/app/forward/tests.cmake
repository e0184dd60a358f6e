# An engine by itself, with the test's own lcore_send and lcore_drop.
wdpdk_test(l3fwd_test SOURCES forward/l3fwd_test.c ${wdpdk_forward_sources} engine/snapshot.c engine/client_plan.c LIBS app_values)
# Counters by themselves.
wdpdk_test(counters_test SOURCES engine/counters_test.c engine/counters.c LIBS app_values LABELS threads)
