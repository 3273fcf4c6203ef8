/* SPDX-License-Identifier: Apache-2.0
 * The people of one block of the search index in the form in which they are compared, so that a search reads neither rows nor
 * folds texts: made once from the unsealed block, and kept for all sessions while one that opens it lasts and there is room.
 * Private to search.c.
 */
#ifndef YINGBIN_PACK_FORMS_H
#define YINGBIN_PACK_FORMS_H

#include "pack/index.h"
#include "pack/search.h"

enum { FORMS_MOST = 48 << 20 /* bytes that a pack's sessions keep: some 400,000 people */ };

struct form { /* its text lies behind it */
  struct match_form match;
  uint32_t hosts; /* the person's, as in their row */
  uint16_t at;    /* of the person in the block */
  uint16_t size;  /* of all this, to the next one */
};

struct forms {
  uint8_t *bytes; /* owned; NULL: not made yet */
  uint32_t len;
  bool broken; /* somebody of it can't be read */
};

/* The next one behind *at (0: the first); NULL: that was the last. Borrowed. */
const struct form *forms_next(const struct forms *forms, uint32_t *at);
static inline const char *form_text(const struct form *form) { return (const char *)(form + 1); }

/* Of an unsealed block; new. False: out of memory. */
bool forms_make(const struct pack *pack, const uint8_t plain[INDEX_BLOCK], struct forms *forms);
void forms_wipe(struct forms *forms);

void forms_room(struct pack_session *session, size_t bytes); /* instead of FORMS_MOST, before the first search */
size_t forms_kept(const struct pack_session *session);       /* so many are */

/* A person of the index, whole. False: damaged. */
bool forms_person(const struct pack *pack, const struct index_person *person, struct pack_found *out);

#endif
