/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/forms.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "pack/inner.h"

enum {
  PERSON_LEAST = 2 + PACK_HASH + 1, /* bytes of one in a block */
  PEOPLE_MOST = INDEX_BLOCK / PERSON_LEAST,
  ALIGNED = _Alignof(struct form),
  ROOM = INDEX_BLOCK + PEOPLE_MOST * (sizeof(struct form) + MATCH_TEXTS + ALIGNED) /* a block's forms: no text is longer */
};

static bool copy_text(const struct pack_field *f, char *out, size_t size) {
  if (f->len >= size || memchr(f->at, 0, f->len) || !utf8_valid(f->at, f->len)) return false;
  memcpy(out, f->at, f->len);
  out[f->len] = 0;
  return true;
}

bool forms_person(const struct pack *p, const struct index_person *person, struct pack_found *out) {
  struct pack_field f;
  size_t at = 0;
  memset(out, 0, sizeof *out);
  if (!pack_row_decode(person->row, person->row_len, &out->attendee)) return false;
  while (pack_row_next(person->row, person->row_len, &at, &f)) {
    if (f.tag == ROW_PHONE && !copy_text(&f, out->phone, sizeof out->phone)) return false;
    if (f.tag == ROW_EMAIL && !copy_text(&f, out->email, sizeof out->email)) return false;
    if (f.tag == ROW_EVENT) out->attendee.event = f.len == 1 ? (int16_t)f.at[0] : INT16_C(-1);
  }
  sodium_bin2hex(out->code, sizeof out->code, person->hash, PACK_HASH);
  return out->attendee.event >= 0 && out->attendee.event < p->catalog.events && out->attendee.type < p->catalog.types;
}

const struct form *forms_next(const struct forms *forms, uint32_t *at) {
  if (*at >= forms->len) return NULL;
  const struct form *form = (const struct form *)(const void *)(forms->bytes + *at);
  *at += form->size;
  return form;
}

/* One more behind `used`; the bytes that it takes. */
static size_t put_form(const struct index_person *person, size_t place, uint32_t hosts, uint8_t *out) {
  struct form *form = (struct form *)(void *)out;
  char text[MATCH_FORM_MAX];
  if (!match_form(person->row, person->row_len, &form->match, text)) return 0;
  const size_t len = form->match.at[MATCH_TEXTS];
  form->hosts = hosts;
  form->at = (uint16_t)place;
  form->size = (uint16_t)((sizeof *form + len + ALIGNED - 1) / ALIGNED * ALIGNED);
  memcpy(form + 1, text, len);
  sodium_memzero(text, len);
  return form->size;
}

bool forms_make(const struct pack *pack, const uint8_t plain[INDEX_BLOCK], struct forms *forms) {
  struct index_person person;
  struct pack_found found;
  size_t used = 0;
  bool damaged = false;
  uint8_t *room = malloc(ROOM);
  *forms = (struct forms){.len = 0};
  if (!room) return false;
  for (size_t at = 0, place = 0; index_next(plain, &at, &person, &damaged); place = at) {
    const size_t n = forms_person(pack, &person, &found) ? put_form(&person, place, found.attendee.hosts, room + used) : 0;
    forms->broken = forms->broken || n == 0;
    used += n;
  }
  forms->broken = forms->broken || damaged;
  forms->len = (uint32_t)used;
  forms->bytes = malloc(used + 1);
  if (forms->bytes) memcpy(forms->bytes, room, used);
  sodium_memzero(&found, sizeof found);
  sodium_memzero(room, used);
  free(room);
  return forms->bytes != NULL;
}

void forms_wipe(struct forms *forms) {
  if (forms->bytes) sodium_memzero(forms->bytes, forms->len);
  free(forms->bytes);
  *forms = (struct forms){.len = 0};
}
