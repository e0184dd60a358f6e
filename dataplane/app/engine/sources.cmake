# Builder, lcores, ports and what they report.
set(wdpdk_engine_sources
    engine/builder.c engine/builder_clients.c engine/builder_forwarding.c engine/client_plan.c engine/counters.c engine/fanout.c
    engine/lcore.c engine/lcore_assign.c engine/lcore_clients.c engine/lcore_send.c engine/port.c engine/report.c
    engine/snapshot.c engine/spread.c engine/summary.c engine/utc_clock.c
    engine/${WDPDK_OS}/engine_os.c)
