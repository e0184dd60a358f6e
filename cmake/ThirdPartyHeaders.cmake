# msgpuck (MessagePack) and jsmn (JSON) are header-only Debian packages. They are copied by themselves into the build tree, so
# that the Windows build sees these two files and nothing else of /usr/include.
set(third_party_include "${CMAKE_BINARY_DIR}/third-party-include")
foreach(header IN ITEMS msgpuck.h jsmn.h)
    find_file(path_of_${header} ${header} PATHS "$ENV{WDPDK_THIRD_PARTY_INCLUDE}" /usr/include /usr/local/include NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
    if(NOT path_of_${header})
        message(FATAL_ERROR "${header} is missing. Install it with: apt-get install libmsgpuck-dev libjsmn-dev")
    endif()
    file(COPY "${path_of_${header}}" DESTINATION "${third_party_include}")
endforeach()
add_library(third_party_headers INTERFACE)
target_include_directories(third_party_headers SYSTEM INTERFACE "${third_party_include}")
