/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Lists of terms (conjunctions of conditions) and what can be done with them, kept small on the way: terms that can hold for no frame are
 * dropped, and terms that another one covers. Work is bounded: whoever nests `any` and `not` cleverly is refused, not served
 * for minutes.
 */
#ifndef APP_MATCH_TERMS_H
#define APP_MATCH_TERMS_H

#include "match.h"

/* Terms on the way: combining may need more than remain at the end. */
#define TERMS_MOST (4 * WDPDK_LIMIT_MATCH_TERMS)

struct term { uint32_t count; const struct match_condition *conditions; };
struct term_list { uint32_t count; struct term terms[TERMS_MOST]; };

enum terms_wrong { TERMS_RIGHT, TERMS_TOO_MANY, TERMS_TOO_LONG, TERMS_TOO_INVOLVED };

struct terms_work {
	struct arena *arena;		/* holds lists and conditions */
	uint32_t left;			/* comparisons that may still be made */
	enum terms_wrong wrong;		/* once it is set, lists that come back are NULL, and NULL is taken */
};

/* False, and everything that follows fails: the work has grown beyond `left`. */
bool terms_spend(struct terms_work *work, uint32_t comparisons);
/* A list without a term: holds for no frame. */
struct term_list *terms_none(struct terms_work *work);
/* One term without conditions: holds for every frame. */
struct term_list *terms_all(struct terms_work *work);
/* One term of one condition. */
struct term_list *terms_one(struct terms_work *work, const struct match_condition *condition);
/* What holds for either; takes over `to`. */
struct term_list *terms_or(struct terms_work *work, struct term_list *to, const struct term_list *more);
/* What holds for both. */
struct term_list *terms_and(struct terms_work *work, const struct term_list *a, const struct term_list *b);

#endif
