# The clock of frames over a system's clock of the test's own.
wdpdk_test(utc_clock_test SOURCES engine/utc_clock_test.c engine/utc_clock.c)
# Builder and lcores, with the test's own client queues.
foreach(test engine transaction)
    wdpdk_test(${test}_test SOURCES engine/test/${test}_test.c engine/test/bed.c LIBS app_engine app_values LABELS threads)
    add_test(NAME ${test}_test_adaptive COMMAND ${test}_test adaptive)
    add_test(NAME ${test}_test_two_lcores COMMAND ${test}_test two)
    set_tests_properties(${test}_test_adaptive ${test}_test_two_lcores PROPERTIES TIMEOUT 120 LABELS "unit;threads")
endforeach()
wdpdk_test(lanes_test SOURCES engine/test/lanes_test.c engine/test/bed.c LIBS app_engine app_values LABELS threads)
wdpdk_test(fanout_test SOURCES engine/test/fanout_test.c engine/fanout.c LIBS app_values)
