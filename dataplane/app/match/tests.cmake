# Included by app/CMakeLists.txt.
wdpdk_test(frame_key_test SOURCES match/frame_key_test.c LIBS app_values)
wdpdk_test(match_test SOURCES match/match_test.c LIBS app_values)
wdpdk_test(match_property_test SOURCES match/match_property_test.c LIBS app_values)
