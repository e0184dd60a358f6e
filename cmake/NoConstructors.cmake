# cmake -DOBJDUMP=... -DARCHIVE=libdpdk.a -P NoConstructors.cmake: fails when an object of the archive brings constructors. A
# static link keeps only objects that something refers to, so what they register would be there by luck.
execute_process(COMMAND "${OBJDUMP}" -h "${ARCHIVE}" OUTPUT_VARIABLE sections RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "${OBJDUMP} cannot read ${ARCHIVE}")
endif()
string(REGEX MATCH "\\.text" text "${sections}")
if(NOT text)
    message(FATAL_ERROR "${ARCHIVE} has no code: nothing was checked")
endif()
string(REGEX MATCHALL "[^\n]*[ \t]\\.(init_array|ctors|preinit_array)[^\n]*" found "${sections}")
if(found)
    message(FATAL_ERROR "${ARCHIVE} has constructors; register in drivers/registry.c instead:\n${found}")
endif()
