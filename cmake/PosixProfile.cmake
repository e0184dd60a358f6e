# The Windows library's second set of headers, for programs that switch parts of themselves off when they see Windows:
# include/wdpdk/posix comes first in their include path (libdpdk-posix.pc), and its few functions are in the archive.
set(posix "${PROJECT_SOURCE_DIR}/dataplane/lib/eal/windows/posix")
target_sources(dpdk PRIVATE "${posix}/posix_memory.c" "${posix}/posix_process.c")
set_source_files_properties("${posix}/posix_memory.c" "${posix}/posix_process.c" TARGET_DIRECTORY dpdk
    PROPERTIES INCLUDE_DIRECTORIES "${posix}")
install(DIRECTORY "${posix}/" DESTINATION include/wdpdk/posix COMPONENT development FILES_MATCHING PATTERN "*.h")
