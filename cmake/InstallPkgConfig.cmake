# libdpdk.pc, as programs written for DPDK look for it. Only the archive is installed, so what it needs of the system is in
# Libs, not in Libs.private: the file serves with and without --static. Its paths are relative: the folder can be moved.
set(WDPDK_SYSTEM_LIBS "")
get_target_property(system_libs wdpdk_flags INTERFACE_LINK_LIBRARIES)
foreach(lib IN LISTS system_libs)
    string(APPEND WDPDK_SYSTEM_LIBS " -l${lib}")
endforeach()
string(STRIP "${WDPDK_SYSTEM_LIBS}" WDPDK_SYSTEM_LIBS)
configure_file("${PROJECT_SOURCE_DIR}/cmake/libdpdk.pc.in" "${CMAKE_BINARY_DIR}/libdpdk.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/libdpdk.pc" DESTINATION lib/pkgconfig COMPONENT development)
