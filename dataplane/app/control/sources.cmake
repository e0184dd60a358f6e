# Clients, control channel and their OS shims, for the target wdpdk-dataplane and for the tests of this folder.
set(app_folder "${CMAKE_CURRENT_LIST_DIR}/..")
set(wdpdk_control_sources
    ${wdpdk_client_queue_sources}
    ${app_folder}/clients/doorbell.c
    ${app_folder}/control/answer.c
    ${app_folder}/control/clients.c
    ${app_folder}/control/control.c
    ${app_folder}/control/events.c
    ${app_folder}/control/jobs.c
    ${app_folder}/control/method_change.c
    ${app_folder}/control/method_forwarding.c
    ${app_folder}/control/method_hold.c
    ${app_folder}/control/method_observe.c
    ${app_folder}/control/method_queue.c
    ${app_folder}/control/methods.c
    ${app_folder}/control/os_error.c
    ${app_folder}/control/out_queue.c
    ${app_folder}/control/params.c
    ${app_folder}/control/peers.c
    ${app_folder}/control/queue_params.c
    ${app_folder}/control/queues.c
    ${app_folder}/control/report_clients.c
    ${app_folder}/control/stalls.c
    ${app_folder}/control/uploads.c
    ${app_folder}/${WDPDK_OS}/os_segment.c
    ${app_folder}/${WDPDK_OS}/os_system.c
    ${app_folder}/${WDPDK_OS}/os_transport.c
)
if(WDPDK_OS STREQUAL linux)
    list(APPEND wdpdk_control_sources ${app_folder}/linux/endpoint_linux.c)
else()
    list(APPEND wdpdk_control_sources ${app_folder}/windows/endpoint_windows.c ${app_folder}/windows/security_windows.c)
endif()
set(wdpdk_control_includes ${app_folder}/clients ${app_folder}/control)
