# What of a frame is looked at, and by which rules: part of app_values.
set(wdpdk_match_sources match/classifier.c match/frame_hash.c match/frame_key.c match/interval_map.c match/match_decode.c
    match/match_terms.c match/match_values.c)
