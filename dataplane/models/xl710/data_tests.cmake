# Tests of the data path alone, on a bed of their own: no control side is linked.
add_library(xl710_data OBJECT ${xl710_data_sources})
target_link_libraries(xl710_data PUBLIC dpdk)
foreach(part IN ITEMS classify tx rx wire)
    wdpdk_test(xl710_${part} SOURCES ${part}_test.c test_bed.c LIBS xl710_data)
endforeach()
wdpdk_fuzz(fuzz_xl710_descriptors SOURCES fuzz_xl710_descriptors.c test_bed.c LIBS xl710_data)
