/* SPDX-License-Identifier: BSD-3-Clause */
#include "fdir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
fdir_create(struct fdir *fdir)
{
	memset(fdir, 0, sizeof(*fdir));
	fdir->entries = calloc(FDIR_ENTRIES, sizeof(*fdir->entries));
	fdir->buckets = malloc(FDIR_BUCKETS * sizeof(*fdir->buckets));
	if (fdir->entries == NULL || fdir->buckets == NULL) {
		fdir_destroy(fdir);
		return -ENOMEM;
	}
	fdir_flush(fdir);
	return 0;
}

void
fdir_destroy(struct fdir *fdir)
{
	free(fdir->entries);
	free(fdir->buckets);
	fdir->entries = NULL;
	fdir->buckets = NULL;
}

void
fdir_flush(struct fdir *fdir)
{
	for (unsigned i = 0; i < FDIR_BUCKETS; i++)
		fdir->buckets[i] = FDIR_NONE;
	for (unsigned i = 0; i < FDIR_ENTRIES; i++)
		fdir->entries[i].next = i + 1 < FDIR_ENTRIES ? (uint16_t)(i + 1) : FDIR_NONE;
	fdir->free = 0;
	fdir->count = 0;
	memset(fdir->by_type, 0, sizeof(fdir->by_type));
}

static uint32_t
hash_of(const struct field_words *fields, unsigned pctype)
{
	uint64_t hash = pctype;

	for (unsigned i = 0; i < fields->count; i++)
		hash = (hash ^ fields->word[i]) * UINT64_C(0x9E3779B97F4A7C15) ^ hash >> 29;
	return (uint32_t)(hash >> 32);
}

/* The link that leads to the entry, or to nothing. */
static uint16_t *
find(const struct fdir *fdir, const struct field_words *fields, unsigned pctype, uint32_t hash)
{
	uint16_t *link = &fdir->buckets[hash % FDIR_BUCKETS];

	while (*link != FDIR_NONE) {
		struct fdir_entry *entry = &fdir->entries[*link];

		if (entry->hash == hash && entry->pctype == pctype && entry->words == fields->count &&
		    memcmp(entry->word, fields->word, fields->count * sizeof(entry->word[0])) == 0)
			break;
		link = &entry->next;
	}
	return link;
}

int
fdir_program(struct fdir *fdir, const uint8_t *bar, const struct packet *packet, unsigned pctype, bool add,
	     const struct fdir_action *action)
{
	struct field_words fields;
	struct fdir_entry *entry;
	uint32_t hash;
	uint16_t *link, at;

	classify_flow_fields(bar, packet, pctype, true, &fields);
	if (fields.count > FDIR_WORDS)
		fields.count = FDIR_WORDS;
	hash = hash_of(&fields, pctype);
	link = find(fdir, &fields, pctype, hash);
	at = *link;
	if (!add) {
		if (at == FDIR_NONE)
			return FDIR_NO_ENTRY;
		entry = &fdir->entries[at];
		*link = entry->next;
		entry->next = fdir->free;
		fdir->free = at;
		fdir->count--;
		fdir->by_type[pctype]--;
		return FDIR_DONE;
	}
	if (at == FDIR_NONE) {
		if (fdir->free == FDIR_NONE)
			return FDIR_FULL;
		at = fdir->free;
		entry = &fdir->entries[at];
		fdir->free = entry->next;
		entry->next = FDIR_NONE;
		entry->hash = hash;
		entry->pctype = (uint8_t)pctype;
		entry->words = fields.count;
		memcpy(entry->word, fields.word, fields.count * sizeof(entry->word[0]));
		*link = at;
		fdir->count++;
		fdir->by_type[pctype]++;
	}
	fdir->entries[at].action = *action;
	return FDIR_DONE;
}

const struct fdir_action *
fdir_match(const struct fdir *fdir, const uint8_t *bar, const struct packet *packet)
{
	struct field_words fields;
	uint16_t at;

	if (fdir->by_type[packet->pctype] == 0)
		return NULL;
	classify_flow_fields(bar, packet, packet->pctype, false, &fields);
	if (fields.count > FDIR_WORDS)
		fields.count = FDIR_WORDS;
	at = *find(fdir, &fields, packet->pctype, hash_of(&fields, packet->pctype));
	return at == FDIR_NONE ? NULL : &fdir->entries[at].action;
}

void
fdir_publish(const struct fdir *fdir, struct xl710_port *port)
{
	/* In units of 32: what is ours for certain, what is shared. */
	uint32_t guaranteed = (reg_get(port, XR_PFQF_FDALLOC) & 0xFF) * 32, first, rest;

	first = fdir->count < guaranteed ? fdir->count : guaranteed;
	rest = fdir->count - first;
	reg_set(port, XR_PFQF_FDSTAT, (first & 0x1FFF) | (rest & 0x1FFF) << 16);
	reg_set(port, XR_GLQF_FDCNT_0, (first & 0x1FFF) | (rest & 0x1FFF) << 13);
}
