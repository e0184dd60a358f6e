# wdpdk_test_sign(TARGET): the driver is signed with a certificate that the build makes for itself and throws away with its folder. Windows
# loads it with test signing on (bcdedit /set testsigning on) and the certificate among the trusted ones. What ships is signed by Microsoft.
set(WDPDK_SIGN_DIR "${PROJECT_BINARY_DIR}/uio-driver/sign")
find_program(WDPDK_OSSLSIGNCODE osslsigncode)
find_program(WDPDK_OPENSSL openssl)
mark_as_advanced(WDPDK_OSSLSIGNCODE WDPDK_OPENSSL)

if(WDPDK_OSSLSIGNCODE AND WDPDK_OPENSSL)
    add_custom_command(OUTPUT "${WDPDK_SIGN_DIR}/test.pem" "${WDPDK_SIGN_DIR}/test.key"
        COMMAND "${CMAKE_COMMAND}" -E make_directory "${WDPDK_SIGN_DIR}"
        COMMAND "${WDPDK_OPENSSL}" req -x509 -newkey rsa:3072 -sha256 -nodes -days 90 -subj "/CN=wdpdk test signing of one build folder"
            -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature
            -addext extendedKeyUsage=critical,codeSigning -keyout "${WDPDK_SIGN_DIR}/test.key" -out "${WDPDK_SIGN_DIR}/test.pem" -batch
        COMMENT "Making a certificate for test signing" VERBATIM)
    add_custom_target(wdpdk_test_certificate DEPENDS "${WDPDK_SIGN_DIR}/test.pem")
elseif(WDPDK_KERNEL_DRIVERS)
    message(STATUS "uio-driver: the drivers stay unsigned: osslsigncode or openssl is not there (Debian: apt install osslsigncode openssl)")
endif()

function(wdpdk_test_sign name)
    if(NOT TARGET wdpdk_test_certificate)
        return()
    endif()
    add_dependencies(${name} wdpdk_test_certificate)
    # What a build that was interrupted left there would be refused as an output.
    add_custom_command(TARGET ${name} POST_BUILD
        COMMAND "${CMAKE_COMMAND}" -E rm -f "${WDPDK_SIGN_DIR}/${name}.signed"
        COMMAND "${WDPDK_OSSLSIGNCODE}" sign -certs "${WDPDK_SIGN_DIR}/test.pem" -key "${WDPDK_SIGN_DIR}/test.key" -h sha256 -n "${name} (test)"
            -in "$<TARGET_FILE:${name}>" -out "${WDPDK_SIGN_DIR}/${name}.signed"
        COMMAND "${CMAKE_COMMAND}" -E rename "${WDPDK_SIGN_DIR}/${name}.signed" "$<TARGET_FILE:${name}>"
        VERBATIM)
endfunction()
