# What an operator asks for. Included by app/CMakeLists.txt.
set(wdpdk_config_sources config/address_text.c config/forwarding_config.c config/forwarding_decode.c config/forwarding_diff.c
    config/forwarding_pktgen.c config/forwarding_routes.c config/forwarding_schema.c config/forwarding_show.c
    config/schema_check.c)
