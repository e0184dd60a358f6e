# The data path's half of the model: queues, descriptors, classifier, wires. CMakeLists.txt includes it.
set(xl710_data_sources
    packet.c toeplitz.c classify.c checksum.c fcs.c fdir.c lookup.c frame_queue.c
    datapath.c tx.c tx_frame.c tso.c rx.c rx_path.c
    wire.c wire_generator.c wire_sink.c wire_pcap.c probe.c capture.c ${WDPDK_OS}/wire_tap.c)
