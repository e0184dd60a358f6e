# The forwarding engines.
set(wdpdk_forward_sources forward/forward.c forward/l3fwd.c forward/pktgen.c forward/pktgen_frame.c forward/sink.c forward/state.c)
