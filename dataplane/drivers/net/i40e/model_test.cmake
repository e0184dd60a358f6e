# Runs the device model and a test beside it: the test's standard output is the model's standard input, so the model gets
# its commands and ends with the test. cmake -DMODEL=... -DTEST=... -DFOLDER=... [-DRUN=wine] [-DWIRE=loop]
# [-DSAYS=<what its counters match>] [-DMORE=<argument of the test>] -P model_test.cmake
file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}/dma")
if(NOT WIRE)
    set(WIRE loop)
endif()
execute_process(
    COMMAND ${RUN} "${TEST}" "${FOLDER}/bar" "${FOLDER}/dma" ${MORE}
    COMMAND ${RUN} "${MODEL}" --bar "${FOLDER}/bar" --dma "${FOLDER}/dma" --wire ${WIRE} --seconds 110 --json
    OUTPUT_VARIABLE said
    RESULTS_VARIABLE results)
file(REMOVE_RECURSE "${FOLDER}")
# A model that a sanitizer finds fault with ends with an error, too.
if(NOT results STREQUAL "0;0")
    message(FATAL_ERROR "the test and the model ended with ${results}: ${said}")
endif()
# Nothing that the driver did was impossible, and the memory it named was there.
if(NOT said MATCHES "\"event\":\"end\"" OR NOT said MATCHES "\"maliciousRx\":0,\"maliciousTx\":0,\"dmaMisses\":0,")
    message(FATAL_ERROR "the model does not end in good order: ${said}")
endif()
if(SAYS AND NOT said MATCHES "${SAYS}")
    message(FATAL_ERROR "the model does not say ${SAYS}: ${said}")
endif()
