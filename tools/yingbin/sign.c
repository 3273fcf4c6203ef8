/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/yingbin/sign.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/day.h"
#include "core/ticket.h"
#include "pack/format.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/password.h"
#include "tools/yingbin/secrets.h"

static const uint8_t what[] = "yingbin ticket v1"; /* with its NUL: what the signature is over, before the body */

static bool key_listed(const struct folder *f, const char *file, const struct minisign_key *key, struct problem *problem) {
  for (int i = 0; i < f->ticket_keys; i++)
    if (!memcmp(f->ticket_key[i].key, key->key + 32, 32)) return true;
  return problem_set(problem,
                     "pack.ini 的 ticket_keys 里没有 %s 的公钥，签到机不会认它签的票。请用 yingbin key new NAME --for tickets "
                     "生成，把 NAME.pub 写进 ticket_keys，重新制作活动包",
                     "the public key of %s is not among ticket_keys of pack.ini, so no kiosk would take its tickets. Make one "
                     "with yingbin key new NAME --for tickets, put NAME.pub into ticket_keys, and build the pack again",
                     file);
}

static bool not_after_of(const struct event *e, const char *text, uint32_t *out, struct problem *problem) {
  struct civil c;
  int64_t at = e->ends_ms / 1000 + 86400;
  if (text && form_date(text, &c))
    at = (c.hour = 24, civil_to_ms(&e->zone, &c)) / 1000 - 1;
  else if (text && form_time(text, &c))
    at = civil_to_ms(&e->zone, &c) / 1000;
  else if (text)
    return problem_set(problem, "--not-after 应当是日期（如 2023-10-29）或日期和时间：%s",
                       "--not-after takes a date such as 2023-10-29, or a date and time, not %s", text);
  *out = at < 0 ? 0 : at > UINT32_MAX ? UINT32_MAX : (uint32_t)at;
  return true;
}

/* At most what a ticket holds, ending in "…" where that isn't all. */
static void name_of(const struct person *p, char out[TICKET_NAME_MAX + 1]) {
  size_t len = strlen(p->name);
  bool cut = len > TICKET_NAME_MAX;
  if (cut) len = utf8_cut(p->name, len, TICKET_NAME_MAX - 3);
  memcpy(out, p->name, len);
  strcpy(out + len, cut ? "…" : "");
  for (char *at = out; *at; at++)
    if ((unsigned char)*at < 0x20 || *at == 0x7F) *at = ' ';
}

static bool sign(struct folder *f, struct person *p, const struct minisign_key *key, const char *not_after,
                 struct problem *problem) {
  const struct event *e = &f->catalog.event[p->event];
  struct signed_ticket s = {.key_id = pack_key_id(key->key + 32), .event_tag = e->tag, .number = strtoull(p->number, NULL, 10)};
  uint8_t message[sizeof what + TICKET_BODY_MAX], signature[64];
  char text[TICKET_TEXT_MAX];
  if (p->type >= 0) s.type = (uint8_t)f->catalog.type[p->type].id;
  name_of(p, s.name);
  if (!not_after_of(e, not_after, &s.not_after_s, problem)) return false;
  if (!ticket_body(&s)) return problem_set(problem, "姓名不是 UTF-8：%s", "a name that isn't UTF-8: %s", p->number);
  memcpy(message, what, sizeof what);
  memcpy(message + sizeof what, s.body, s.signed_len);
  crypto_sign_detached(signature, NULL, message, sizeof what + s.signed_len, key->key);
  ticket_encode(&s, signature, text);
  p->own = p->code;
  p->code = pool_add(&f->texts, text, strlen(text));
  p->foreign = true; /* not a roster code */
  if (p->party > 1)
    remarks_say(&f->warnings, "%1$s（编号 %2$s）一行 %3$d 人：签名票只能放行一人，请给其余的人各加一行",
                "%1$s (number %2$s) is a party of %3$d: a signed ticket admits one; give the others lines of their own",
                p->name, p->number, (int)p->party);
  return true;
}

static bool is_wanted(const struct folder *f, const struct person *p, const struct sign_options *o) {
  for (int i = 0; i < o->numbers; i++)
    if (!strcmp(o->number[i], p->number)) return true;
  return !o->numbers && (o->all || strtoull(p->number, NULL, 10) > f->secrets->last_number);
}

bool sign_people(struct folder *f, const struct sign_options *o, struct problem *problem) {
  struct minisign_key key;
  int kept = 0;
  if (!password_read_key(o->key, &key, problem)) return false;
  bool good = key_listed(f, o->key, &key, problem);
  if (good && !f->secrets->build)
    good = problem_set(problem, "还没有制作过活动包：先 yingbin pack build，之后再报名的人才需要签名票",
                       "no pack was built yet: first yingbin pack build; signed tickets are for people who come later");
  for (int i = 0; good && i < f->people_count; i++) {
    struct person *p = &f->people[i];
    if (f->roster[p->roster].elsewhere_only || f->roster[p->roster].practice || !is_wanted(f, p, o)) continue;
    if (!p->confirmed) {
      remarks_say(&f->warnings, "%1$s（编号 %2$s）报名未确认，没有签名票",
                  "%1$s (number %2$s) is not confirmed and gets no ticket", p->name, p->number);
      continue;
    }
    good = sign(f, p, &key, o->not_after, problem);
    f->people[kept++] = *p;
  }
  sodium_memzero(&key, sizeof key);
  if (!good) return false;
  f->people_count = kept;
  if (kept || o->numbers || o->all) return true;
  return problem_set(problem, "第 %u 版活动包做好以后，没有新加的人。已在包里的人用 --number 指定",
                     "nobody was added since the pack of build %u. For people it has, give --number",
                     (unsigned)f->secrets->build);
}
