# msgpuck (MessagePack) is a header-only Debian package. It is copied by itself into the build tree, so that the Windows build sees
# this one file and nothing else of /usr/include.
set(third_party_include "${CMAKE_BINARY_DIR}/third-party-include")
find_file(msgpuck_header msgpuck.h PATHS "$ENV{WDPDK_THIRD_PARTY_INCLUDE}" /usr/include /usr/local/include
    NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH NO_CACHE)
if(NOT msgpuck_header)
    message(FATAL_ERROR "msgpuck.h is missing. Install it with: apt-get install libmsgpuck-dev")
endif()
file(COPY "${msgpuck_header}" DESTINATION "${third_party_include}")
add_library(third_party_headers INTERFACE)
target_include_directories(third_party_headers SYSTEM INTERFACE "${third_party_include}")
