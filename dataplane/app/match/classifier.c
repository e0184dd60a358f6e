/* SPDX-License-Identifier: BSD-3-Clause */
#include "classifier.h"

#include <stdlib.h>
#include <string.h>

#include "interval_map.h"
#include "match_values.h"

/* Row of the sets by protocol: frames that are not IP, then 256 protocols of each family. */
#define PROTOCOL_ROWS (1 + 2 * 256)
#define PROTOCOL_ROW(family, proto) ((family) == FRAME_NOT_IP ? 0 : 1 + ((family) - FRAME_IPV4) * 256u + (proto))

enum field { FIELD_VLAN, FIELD_SRC4, FIELD_DST4, FIELD_SRC6, FIELD_DST6, FIELD_SRC_PORT, FIELD_DST_PORT, FIELDS };

/* What numbers a field has. `family` is one whose frames have it. */
static const struct field_info {
	enum match_field field;
	enum frame_family family;
	struct address128 most;
} infos[FIELDS] = {
	[FIELD_VLAN] = { MATCH_VLAN, FRAME_NOT_IP, { 0, FRAME_KEY_NO_VLAN } },
	[FIELD_SRC4] = { MATCH_SRC, FRAME_IPV4, { 0, UINT32_MAX } },
	[FIELD_DST4] = { MATCH_DST, FRAME_IPV4, { 0, UINT32_MAX } },
	[FIELD_SRC6] = { MATCH_SRC, FRAME_IPV6, { UINT64_MAX, UINT64_MAX } },
	[FIELD_DST6] = { MATCH_DST, FRAME_IPV6, { UINT64_MAX, UINT64_MAX } },
	[FIELD_SRC_PORT] = { MATCH_SRC_PORT, FRAME_IPV4, { 0, FRAME_KEY_NO_PORT } },
	[FIELD_DST_PORT] = { MATCH_DST_PORT, FRAME_IPV4, { 0, FRAME_KEY_NO_PORT } },
};

struct field_sets {
	struct interval_map map;
	uint64_t *rows;		/* a set of terms for each interval */
};

struct classifier {
	unsigned int terms, words;	/* words of a set of terms */
	unsigned int rule_words;
	bool plain;			/* each rule is one term: their numbers are the same */
	uint8_t *rule_of;		/* of a term */
	uint64_t *protocols;		/* PROTOCOL_ROWS sets of terms */
	struct field_sets fields[FIELDS];
};

struct compiled_term { const struct match_condition *conditions; unsigned int count; };

struct compiler {
	struct classifier *classifier;
	struct compiled_term *terms;
	struct address128 *starts;	/* room for those of any one field */
	struct value_ranges ranges;
	size_t bytes;
};

static void
set_add(uint64_t *row, unsigned int term)
{
	row[term / 64] |= UINT64_C(1) << term % 64;
}

static bool
looks_at(const struct compiled_term *term, enum match_field field)
{
	for (unsigned int i = 0; i < term->count; i++)
		if (term->conditions[i].field == field)
			return true;
	return false;
}

static int
compare_starts(const void *a, const void *b)
{
	struct address128 left, right;

	memcpy(&left, a, sizeof(left));
	memcpy(&right, b, sizeof(right));
	return address128_less(left, right) ? -1 : address128_less(right, left);
}

/* Where intervals start so that no condition holds for part of one. Returns how many; 1 where nothing is asked of the field. */
static uint32_t
collect_starts(struct compiler *compiler, const struct field_info *info)
{
	struct address128 *starts = compiler->starts;
	uint32_t count = 1, kept = 0;

	starts[0] = (struct address128){ 0, 0 };
	for (unsigned int i = 0; i < compiler->classifier->terms; i++)
		for (unsigned int k = 0; k < compiler->terms[i].count; k++) {
			const struct match_condition *condition = &compiler->terms[i].conditions[k];
			struct value_range range;

			if (condition->field != info->field || !condition_range(condition, info->family, &range))
				continue;
			starts[count++] = range.low;
			/* Behind the greatest number there is nothing. */
			if (address128_less(range.high, info->most))
				starts[count++] = (struct address128){ range.high.high + (range.high.low == UINT64_MAX), range.high.low + 1 };
		}
	qsort(starts, count, sizeof(starts[0]), compare_starts);
	for (uint32_t i = 0; i < count; i++)
		if (i == 0 || compare_starts(&starts[i], &starts[i - 1]) != 0)
			starts[kept++] = starts[i];
	return kept;
}

static uint32_t
interval_of(const struct field_sets *sets, struct address128 number)
{
	return sets->map.starts128 != NULL ? interval_map_find128(&sets->map, number) :
		interval_map_find32(&sets->map, (uint32_t)number.low);
}

static uint64_t *
alloc_rows(struct compiler *compiler, uint32_t count)
{
	size_t bytes = (size_t)count * compiler->classifier->words * sizeof(uint64_t);

	compiler->bytes += bytes;
	return compiler->bytes > CLASSIFIER_MOST_BYTES ? NULL : calloc(1, bytes);
}

static bool
compile_field(struct compiler *compiler, enum field field)
{
	const struct field_info *info = &infos[field];
	struct classifier *classifier = compiler->classifier;
	struct field_sets *sets = &classifier->fields[field];
	unsigned int words = classifier->words, looking = 0;
	uint32_t count;

	for (unsigned int i = 0; i < classifier->terms; i++)
		looking += looks_at(&compiler->terms[i], info->field);
	if (looking == 0)
		return true;
	count = collect_starts(compiler, info);
	if (interval_map_make(&sets->map, compiler->starts, count, info->family == FRAME_IPV6) != 0)
		return false;
	sets->rows = alloc_rows(compiler, count);
	if (sets->rows == NULL)
		return false;
	for (unsigned int i = 0; i < classifier->terms; i++)
		if (!looks_at(&compiler->terms[i], info->field))
			set_add(sets->rows, i);
	for (uint32_t k = 1; k < count; k++)
		memcpy(&sets->rows[(size_t)k * words], sets->rows, words * sizeof(uint64_t));
	for (unsigned int i = 0; i < classifier->terms; i++) {
		struct value_ranges *ranges = &compiler->ranges;

		if (!looks_at(&compiler->terms[i], info->field))
			continue;
		ranges->count = 1;
		ranges->list[0] = (struct value_range){ .high = info->most };
		ranges_keep(ranges, compiler->terms[i].conditions, compiler->terms[i].count, info->field, info->family);
		for (uint32_t r = 0; r < ranges->count; r++) {
			uint32_t last = interval_of(sets, ranges->list[r].high);

			for (uint32_t k = interval_of(sets, ranges->list[r].low); k <= last; k++)
				set_add(&sets->rows[(size_t)k * words], i);
		}
	}
	return true;
}

static bool
takes_other_than_ip(const struct compiled_term *term)
{
	for (unsigned int i = 0; i < term->count; i++)
		if (term->conditions[i].field != MATCH_VLAN && !term->conditions[i].negated)
			return false;
	return true;
}

static bool
compile_protocols(struct compiler *compiler)
{
	struct classifier *classifier = compiler->classifier;

	classifier->protocols = alloc_rows(compiler, PROTOCOL_ROWS);
	if (classifier->protocols == NULL)
		return false;
	for (unsigned int i = 0; i < classifier->terms; i++) {
		struct value_ranges *ranges = &compiler->ranges;

		if (takes_other_than_ip(&compiler->terms[i]))
			set_add(classifier->protocols, i);
		for (enum frame_family family = FRAME_IPV4; family <= FRAME_IPV6; family++) {
			ranges->count = 1;
			ranges->list[0] = value_range32(0, UINT8_MAX);
			ranges_keep(ranges, compiler->terms[i].conditions, compiler->terms[i].count, MATCH_PROTO, family);
			for (uint32_t r = 0; r < ranges->count; r++)
				for (uint64_t proto = ranges->list[r].low.low; proto <= ranges->list[r].high.low; proto++)
					set_add(&classifier->protocols[PROTOCOL_ROW(family, proto) * classifier->words], i);
		}
	}
	return true;
}

/* The terms of all rules, in their order. */
static bool
gather_terms(struct compiler *compiler, const struct match *const *matches, unsigned int count)
{
	struct classifier *classifier = compiler->classifier;
	unsigned int terms = 0, conditions = 0;

	for (unsigned int rule = 0; rule < count; rule++) {
		terms += matches[rule]->term_count == 0 ? 1 : matches[rule]->term_count;
		conditions += matches[rule]->term_count == 0 ? 0 : matches[rule]->ends[matches[rule]->term_count - 1];
	}
	classifier->terms = terms;
	classifier->words = terms == 0 ? 1 : (terms + 63) / 64;
	classifier->rule_words = count == 0 ? 1 : (count + 63) / 64;
	classifier->plain = terms == count;
	classifier->rule_of = calloc(terms + 1, sizeof(classifier->rule_of[0]));
	compiler->terms = calloc(terms + 1, sizeof(compiler->terms[0]));
	compiler->starts = calloc(2 * (size_t)conditions + 1, sizeof(compiler->starts[0]));
	if (classifier->rule_of == NULL || compiler->terms == NULL || compiler->starts == NULL)
		return false;
	terms = 0;
	for (unsigned int rule = 0; rule < count; rule++)
		for (unsigned int i = 0; i == 0 || i < matches[rule]->term_count; i++) {
			classifier->rule_of[terms] = (uint8_t)rule;
			if (matches[rule]->term_count > 0)
				compiler->terms[terms].conditions = match_term(matches[rule], i, &compiler->terms[terms].count);
			terms++;
		}
	return true;
}

struct classifier *
classifier_compile(const struct match *const *matches, unsigned int count)
{
	struct compiler *compiler = count > WDPDK_LIMIT_QUEUES ? NULL : calloc(1, sizeof(*compiler));
	struct classifier *classifier;
	bool done;

	if (compiler == NULL)
		return NULL;
	classifier = compiler->classifier = calloc(1, sizeof(*classifier));
	done = classifier != NULL && gather_terms(compiler, matches, count) && compile_protocols(compiler);
	for (enum field field = 0; done && field < FIELDS; field++)
		done = compile_field(compiler, field);
	free(compiler->terms);
	free(compiler->starts);
	free(compiler);
	if (!done) {
		classifier_free(classifier);
		return NULL;
	}
	return classifier;
}

void
classifier_free(struct classifier *classifier)
{
	if (classifier == NULL)
		return;
	for (enum field field = 0; field < FIELDS; field++) {
		interval_map_free(&classifier->fields[field].map);
		free(classifier->fields[field].rows);
	}
	free(classifier->protocols);
	free(classifier->rule_of);
	free(classifier);
}

/* One set for each field that is looked at and that the frame has. Returns how many. */
static inline unsigned int
find_rows(const struct classifier *classifier, const struct frame_key *key, unsigned int words, const uint64_t **rows)
{
	unsigned int n = 0;

#define FIND32(field, number) do { \
	const struct field_sets *sets = &classifier->fields[field]; \
	if (sets->map.count != 0) \
		rows[n++] = &sets->rows[(size_t)interval_map_find32(&sets->map, number) * words]; \
} while (0)
#define FIND128(field, number) do { \
	const struct field_sets *sets = &classifier->fields[field]; \
	if (sets->map.count != 0) \
		rows[n++] = &sets->rows[(size_t)interval_map_find128(&sets->map, number) * words]; \
} while (0)

	rows[n++] = &classifier->protocols[(size_t)PROTOCOL_ROW(key->family, key->proto) * words];
	FIND32(FIELD_VLAN, key->vlan);
	if (key->family == FRAME_NOT_IP)
		return n;
	if (key->family == FRAME_IPV4) {
		FIND32(FIELD_SRC4, key->src4);
		FIND32(FIELD_DST4, key->dst4);
	} else {
		FIND128(FIELD_SRC6, key->src6);
		FIND128(FIELD_DST6, key->dst6);
	}
	FIND32(FIELD_SRC_PORT, key->src_port);
	FIND32(FIELD_DST_PORT, key->dst_port);
	return n;
}

static inline uint64_t
meet(const uint64_t *const *rows, unsigned int n, unsigned int word)
{
	uint64_t terms = rows[0][word];

	for (unsigned int i = 1; i < n; i++)
		terms &= rows[i][word];
	return terms;
}

/* Several terms a rule, or many: words of terms that nothing is left of cost little. */
static void
lookup_terms(const struct classifier *classifier, const struct frame_key *key, struct rule_set *out)
{
	const uint64_t *rows[MATCH_FIELDS];
	unsigned int n = find_rows(classifier, key, classifier->words, rows);

	for (unsigned int word = 0; word < classifier->rule_words; word++)
		out->words[word] = 0;
	for (unsigned int word = 0; word < classifier->words; word++)
		for (uint64_t terms = meet(rows, n, word); terms != 0; terms &= terms - 1)
			set_add(out->words, classifier->rule_of[word * 64 + (unsigned int)__builtin_ctzll(terms)]);
}

void
classifier_lookup(const struct classifier *classifier, const struct frame_key *key, struct rule_set *out)
{
	const uint64_t *rows[MATCH_FIELDS];
	unsigned int n;

	if (!classifier->plain) {
		lookup_terms(classifier, key, out);
		return;
	}
	if (classifier->words == 1) {
		n = find_rows(classifier, key, 1, rows);
		out->words[0] = meet(rows, n, 0);
		return;
	}
	n = find_rows(classifier, key, classifier->words, rows);
	for (unsigned int word = 0; word < classifier->words; word++)
		out->words[word] = meet(rows, n, word);
}

bool
match_overlaps(const struct match *a, const struct match *b)
{
	unsigned int a_terms = a->term_count == 0 ? 1 : a->term_count, b_terms = b->term_count == 0 ? 1 : b->term_count;

	for (unsigned int i = 0; i < a_terms; i++)
		for (unsigned int k = 0; k < b_terms; k++) {
			const struct match_condition *of_a = NULL, *of_b = NULL;
			unsigned int a_count = 0, b_count = 0;

			if (a->term_count > 0)
				of_a = match_term(a, i, &a_count);
			if (b->term_count > 0)
				of_b = match_term(b, k, &b_count);
			if (conditions_meet(of_a, a_count, of_b, b_count))
				return true;
		}
	return false;
}
