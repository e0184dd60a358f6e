# Client queues and their doorbell: part of app_control.
set(wdpdk_client_queue_sources clients/client_deliver.c clients/client_drain.c clients/client_queue.c
    clients/client_wakes.c clients/frame_checksums.c)
