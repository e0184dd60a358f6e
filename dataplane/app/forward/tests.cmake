# An engine by itself, with the test's own lcore_send and lcore_drop.
set(forward_alone ${wdpdk_forward_sources} engine/${WDPDK_OS}/engine_os.c engine/utc_clock.c)
wdpdk_test(l3fwd_test SOURCES forward/l3fwd_test.c ${forward_alone} engine/snapshot.c engine/client_plan.c LIBS app_values)
foreach(test pktgen sink)
    wdpdk_test(${test}_test SOURCES forward/${test}_test.c forward/pktgen_bed.c ${forward_alone} LIBS app_values)
endforeach()
# Numbers and times by themselves.
wdpdk_test(sequence_test SOURCES forward/sequence_test.c LIBS app_values)
# Counters by themselves.
wdpdk_test(counters_test SOURCES engine/counters_test.c engine/counters.c LIBS app_values LABELS threads)
