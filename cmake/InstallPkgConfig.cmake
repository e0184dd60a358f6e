# libdpdk.pc, as programs written for DPDK look for it. Only the archive is installed, so what it needs of the system is in
# Libs, not in Libs.private: the file serves with and without --static. Its paths are relative: the folder can be moved.
set(WDPDK_SYSTEM_LIBS "")
get_target_property(system_libs wdpdk_flags INTERFACE_LINK_LIBRARIES)
foreach(lib IN LISTS system_libs)
    string(APPEND WDPDK_SYSTEM_LIBS " -l${lib}")
endforeach()
string(STRIP "${WDPDK_SYSTEM_LIBS}" WDPDK_SYSTEM_LIBS)

function(wdpdk_install_package name description first_folder)
    cmake_parse_arguments(P "" "" "DEFINITIONS" ${ARGN})
    set(WDPDK_PACKAGE_NAME "${name}")
    set(WDPDK_PACKAGE_DESCRIPTION "${description}")
    set(WDPDK_PACKAGE_CFLAGS "")
    if(first_folder)
        set(WDPDK_PACKAGE_CFLAGS "-I\${includedir}/${first_folder} ")
    endif()
    foreach(definition IN LISTS P_DEFINITIONS)
        string(APPEND WDPDK_PACKAGE_CFLAGS "-D${definition} ")
    endforeach()
    configure_file("${PROJECT_SOURCE_DIR}/cmake/libdpdk.pc.in" "${CMAKE_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${CMAKE_BINARY_DIR}/${name}.pc" DESTINATION lib/pkgconfig COMPONENT development)
endfunction()

if(WDPDK_OS STREQUAL windows)
    # Windows 10, and printf with C99's formats: what upstream's own build defines there.
    set(windows_definitions _WIN32_WINNT=0x0A00 WIN32_LEAN_AND_MEAN __USE_MINGW_ANSI_STDIO=1)
    wdpdk_install_package(libdpdk "wdpdk ${WDPDK_VERSION}, source-compatible with DPDK 22.11" ""
        DEFINITIONS ${windows_definitions})
    wdpdk_install_package(libdpdk-posix "wdpdk ${WDPDK_VERSION} for programs written for POSIX systems" posix
        DEFINITIONS WDPDK_POSIX_PROFILE ${windows_definitions})
    include(PosixProfile)
else()
    wdpdk_install_package(libdpdk "wdpdk ${WDPDK_VERSION}, source-compatible with DPDK 22.11" "")
endif()
