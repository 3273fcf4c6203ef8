/* SPDX-License-Identifier: Apache-2.0 */
#include "kiosk_store.h"

#include <limits.h>
#include <sodium.h>
#include <string.h>

#include "base/file.h"
#include "kiosk_inner.h"
#include "kiosk_machine.h"
#include "kiosk_meetup.h"
#include "kiosk_retain.h"

/* Without any pack, the meetup that staff asked for, or went on with before a restart. */
static bool open_meetup(struct kiosk_store *s, struct problem *problem) {
  s->no_pack = !s->o->pack[0];
  if (!s->no_pack) return false;
  if (!s->holds_meetup) s->holds_meetup = kiosk_meetup_resume(s->journal, tick_now(s->o->clock), &s->meetup);
  if (!s->holds_meetup) return false;
  meetup_note(&s->meetup, s->meetup_note);
  s->station = 0;
  return pack_of_meetup(&s->meetup, &s->pack, problem);
}

static bool has_pack(const struct kiosk_store *s) {
  char path[PATH_MAX];
  return pack_in_use(s->o->data, s->identity.stamp_key, path);
}

/* The pack at `file` was removed when its time was over, and isn't brought in again. What it says needs no proof for that. */
static bool is_over(struct kiosk_store *s, const char *file) {
  struct pack *pack;
  struct problem none;
  if (!*file || has_pack(s) || !kiosk_retain_told(s->journal, file, &none) || !pack_open(file, &pack, NULL)) return false;
  const bool over = kiosk_retain_pack_due(pack_catalog(pack), s->journal, tick_now(s->o->clock));
  pack_close(pack);
  return over;
}

/* The settings go before the setup card. */
static bool read_pub(struct kiosk_store *s, struct problem *problem) {
  if (s->o->pub[0]) return s->has_pub = kiosk_read_pub(s->o->pub, &s->pub, problem);
  s->has_pub = minisign_parse_pub(s->card.pub, &s->pub);
  return true;
}

static bool open_pack(struct kiosk_store *s, struct problem *problem) {
  const struct kiosk_options *o = s->o;
  const char *file = o->pack[0] ? o->pack : NULL;
  if (!read_pub(s, problem)) return false;
  if (is_over(s, o->pack)) return kiosk_retain_told(s->journal, o->pack, problem), false;
  if (s->has_pub && (file || has_pack(s))) {
    if (pack_install(file, o->data, &s->pub, s->identity.stamp_key, o->allow_build, &s->pack, problem))
      return kiosk_own_station(s->o->station, &s->card, pack_catalog(s->pack), &s->station, problem);
  } else {
    problem_set(
        problem, "还没有活动包：请把设置卡对准摄像头，或用 pack = 文件.ybp 和 pub = 公钥 指定，或在这里开一场现场聚会",
        "there is no pack yet: show the setup card to the camera, or name one by pack = FILE.ybp and pub = KEY, or hold a "
        "meetup on the spot");
    kiosk_retain_told(s->journal, o->pack, problem);
  }
  return open_meetup(s, problem);
}

/* Nobody is served yet, and the journal isn't in use. */
static bool retire_people(struct kiosk_store *s, const char *boot, struct problem *problem) {
  struct receipt receipt;
  if (!kiosk_retain_unnoted(s->o->data, s->journal, s->retire_note)) s->retire_note[0] = '\0';
  if (s->no_pack || !kiosk_retain_due(s->o->data, s->journal, pack_catalog(s->pack), tick_now(s->o->clock), &receipt))
    return true;
  journal_close(s->journal);
  s->journal = NULL;
  if (!kiosk_retain(s->o->data, &receipt, s->retire_note)) s->retire_note[0] = '\0';
  return journal_open(s->o->data, &s->identity, boot, &s->journal, problem);
}

/* False, too: the pack had to go. */
static bool retire(struct kiosk_store *s, const char *boot, struct problem *problem) {
  const struct moment now = tick_now(s->o->clock);
  if (!retire_people(s, boot, problem)) return false;
  if (s->no_pack || !kiosk_retain_pack_due(pack_catalog(s->pack), s->journal, now)) return true;
  if (s->retire_note[0] && !kiosk_retain_note(s->journal, s->retire_note, now, problem)) return false;
  if (kiosk_retain_pack(s->o->data, s->identity.stamp_key, pack_catalog(s->pack), s->journal, now, problem))
    kiosk_retain_told(s->journal, s->o->pack, problem);
  return false;
}

/* The journal first: it locks the folder, so that a second kiosk touches nothing of it. */
bool kiosk_store_open(struct kiosk_store *s, struct problem *problem) {
  const struct kiosk_options *o = s->o;
  char boot[ID_MAX];
  s->no_pack = false;
  return kiosk_machine_boot(boot, problem) && folder_make(o->data, 0700, problem) &&
         kiosk_sync_card(o->data, &s->card, problem) &&
         journal_identity(o->data, s->card.kiosk[0] ? s->card.kiosk : o->name, &s->identity, problem) &&
         journal_open(o->data, &s->identity, boot, &s->journal, problem) && open_pack(s, problem) && retire(s, boot, problem);
}

bool kiosk_store_lacks_pack(const struct kiosk_store *s) { return s->no_pack && s->journal && !s->pack && !has_pack(s); }

void kiosk_store_close(struct kiosk_store *s) {
  pack_close(s->pack);
  s->pack = NULL;
  journal_close(s->journal);
  s->journal = NULL;
  sodium_memzero(&s->identity, sizeof s->identity);
}
