# The forwarding engines.
set(wdpdk_forward_sources forward/forward.c forward/l3fwd.c)
