/* SPDX-License-Identifier: Apache-2.0
 * Newer packs: the signature is asked for three times a minute, by its ETag; where it is another one, the pack is fetched
 * beside, checked wholly, installed, and left open for the kiosk to take between two scans. One that is no good stays out and
 * is told. It comes slice by slice, each as large as a moment takes, so that whatever else there is to send or to ask goes in
 * between. What has come lies in DATA/hub-pack.part, and belongs to the signature beside it: while that one is the hub's, a
 * link that is cut or a kiosk that is killed goes on from there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "sync/sync_inner.h"

enum {
  SIGNATURE_MS = 15 * 1000,
  SIGNATURE_MOST = 8192,
  EVERY_MS = 20 * 1000,
  SLICE_MS = 5000, /* how long one may hold up the rest, at most; what came by then stays */
  QUICK_MS = 250,
  SLOW_MS = 1000,
  SLICE_FIRST = 64 << 10,
  SLICE_LEAST = 16 << 10,
  SLICE_MOST = 16 << 20,
  NO_ROOM_MS = 60 * 1000,
  ROOM_LEFT = 64 << 20 /* of the disk, for the journal */
};
static const int64_t whole_ms = 5 * 60 * 1000, pack_most = INT64_C(4) << 30;

static bool is_octets(const struct uplink_answer *a) { return !strcmp(a->type, "application/octet-stream"); }

static void again_in(struct sync *s, const struct uplink_answer *a, int64_t ms) { s->own->pack_due_ms = a->ended.mono_ms + ms; }

struct part { /* where it lies */
  char file[PATH_MAX], signature[PATH_MAX + 16];
};

static void part_of(const struct sync *s, struct part *part) {
  snprintf(part->file, sizeof part->file, "%s/hub-pack.part", s->data);
  snprintf(part->signature, sizeof part->signature, "%s.minisig", part->file);
}

static void drop(struct sync *s) {
  struct part part;
  part_of(s, &part);
  unlink(part.file);
  unlink(part.signature);
  s->own->fetch.on = false;
  s->own->health.pack_have = s->own->health.pack_total = 0;
}

static bool has_station(const struct pack *pack, const char *station, struct problem *problem) {
  const struct catalog *c = pack_catalog(pack);
  for (int i = 0; i < c->stations; i++)
    if (!strcmp(c->station[i].id, station)) return true;
  return problem_set(problem, "新活动包里没有本机的签到点 %s", "the new pack doesn't have this kiosk's station %s", station);
}

/* What a start would find it to be, and whether its time isn't over already. */
static bool suits_first(const struct sync *s, const struct pack *pack, struct moment now, struct problem *problem) {
  const struct catalog *c = pack_catalog(pack);
  char station[ID_MAX * 2];
  if (c->retain_until_ms && now.wall_ok && now.wall_ms >= c->retain_until_ms)
    return problem_set(problem, "这个活动的数据保留期已过", "the time to keep this event's data is over");
  if (s->station && *s->station) return has_station(pack, s->station, problem);
  enrolment_station(&s->own->enrolment.card, c, station);
  return *station || c->stations == 1 ||
         problem_set(problem, "设置卡没有写明活动包里的哪个签到点",
                     "the setup card names none of the pack's stations: make it with yingbin card setup --stations");
}

/* Looked at before anything of the old one is given up. */
static bool is_good(struct sync *s, const char *file, struct moment now, struct problem *problem) {
  char comment[256];
  struct pack *pack = NULL;
  bool good = minisign_verify(sync_pub(s), file, comment, sizeof comment, problem) && pack_open(file, &pack, problem) &&
              (s->first ? suits_first(s, pack, now, problem) : has_station(pack, s->own->work.station, problem));
  if (good && strcmp(pack_catalog(pack)->name, sync_pack(s)) != 0)
    good = problem_set(problem, "汇总站给的是另一个活动包 %s", "the hub gives another pack, %s", pack_catalog(pack)->name);
  pack_close(pack);
  return good;
}

/* The staff console says so, too. */
static void stays_out(struct sync *s, const struct problem *why) {
  struct sync_health *h = &s->own->health;
  log_warn("the hub's pack stays out: %s", why->en);
  utf8_copy(h->pack_why, sizeof h->pack_why, why->en);
  utf8_copy(h->pack_why_zh, sizeof h->pack_why_zh, why->zh);
  sync_publish(s);
}

/* All of it is there. What a power cut left of an earlier start may be holes: then once more, from its beginning. */
static void hand_over(struct sync *s, struct moment now) {
  struct sync_state_own *own = s->own;
  struct part part;
  struct pack *pack;
  struct problem problem;
  part_of(s, &part);
  if (is_good(s, part.file, now, &problem) &&
      pack_receive(part.file, s->data, sync_pub(s), s->identity->stamp_key, &pack, &problem)) {
    log_info("a new pack has come: %s build %u", pack_catalog(pack)->name, (unsigned)pack_catalog(pack)->build);
    own->health.pack_why[0] = '\0';
    sync_publish(s);
    atomic_store(&s->new_pack, pack);
    bell_ring(s->main_bell);
  } else {
    stays_out(s, &problem);
    if (own->fetch.resumed) own->fetch.etag[0] = '\0';
  }
  snprintf(own->pack_etag, sizeof own->pack_etag, "%s", own->fetch.etag); /* a bad one isn't fetched again, either */
  drop(s);
}

/* False: nothing of it is kept, so that the journal has its room. The pack is copied once more where it is installed. */
static bool has_room(struct sync *s, int64_t have, const struct uplink_answer *a) {
  struct statvfs fs;
  struct problem problem;
  if (a->outcome != UPLINK_NOT_KEPT &&
      (statvfs(s->data, &fs) != 0 || (int64_t)(fs.f_bavail * fs.f_frsize) >= 2 * a->total - have + ROOM_LEFT))
    return true;
  problem_set(&problem, "数据文件夹里放不下，请腾出空间", "there is no room for it in the data folder: make some");
  stays_out(s, &problem);
  drop(s);
  again_in(s, a, NO_ROOM_MS);
  return false;
}

static void suit_slice(struct fetch *f, const struct uplink_answer *a) {
  const int64_t took_ms = a->ended.mono_ms - a->began.mono_ms;
  if (a->outcome == UPLINK_ANSWERED && took_ms < QUICK_MS && f->slice < SLICE_MOST) f->slice *= 2;
  if (took_ms > SLOW_MS && f->slice > SLICE_LEAST) f->slice /= 2;
}

/* A 200 to a slice: the file is another one, or the hub gives no slices. */
static void take_slice(struct sync *s, int64_t from, int64_t have, const struct uplink_answer *a) {
  struct fetch *f = &s->own->fetch;
  const bool same = !strcmp(a->etag, f->etag);
  bool whole = false, goes_on = false;
  if (a->status == 206 && same && is_octets(a) && have > from && have <= a->total && a->total <= pack_most) {
    if (!has_room(s, have, a)) return;
    whole = a->total == have;
    goes_on = !whole;
    s->own->health.pack_have = have;
    s->own->health.pack_total = a->total;
    sync_publish(s);
  } else if (a->status == 416) { /* killed before it was handed over */
    whole = same && a->total == have;
  } else if (a->status == 200) {
    whole = f->whole && is_octets(a);
    goes_on = f->whole = !f->whole && same;
  }
  again_in(s, a, goes_on ? 0 : EVERY_MS);
  if (whole)
    hand_over(s, a->ended);
  else if (!goes_on)
    drop(s);
}

/* What a cut link or a slow one has brought stays: the next slice goes on behind it. */
static void fetch_slice(struct sync *s, struct moment now) {
  static const int statuses[] = {200, 206, 404, 416, 0};
  struct fetch *f = &s->own->fetch;
  struct part part;
  struct uplink_answer a;
  struct problem problem;
  char path[ID_MAX + 32];
  part_of(s, &part);
  const int fd = open(part.file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (f->whole ? O_TRUNC : 0), 0600);
  if (fd < 0) {
    problem_system(&problem, errno, "无法写入", "can't write", part.file);
    stays_out(s, &problem);
    s->own->pack_due_ms = now.mono_ms + NO_ROOM_MS;
    return;
  }
  const int64_t from = lseek(fd, 0, SEEK_END);
  struct uplink_request r = {.method = "GET",
                             .token = s->own->enrolment.token,
                             .etag = f->whole ? NULL : f->etag,
                             .fd = fd,
                             .most = f->whole ? pack_most : f->slice,
                             .slice = !f->whole,
                             .from = from,
                             .limit_ms = f->whole ? whole_ms : SLICE_MS};
  snprintf(path, sizeof path, "/v1/packs/%s", sync_pack(s));
  sync_exchange(s, &r, path, &a);
  const int64_t have = lseek(fd, 0, SEEK_END);
  close(fd);
  suit_slice(f, &a);
  if (a.outcome == UPLINK_NOT_KEPT)
    has_room(s, have, &a);
  else if (a.outcome == UPLINK_FAILED && have > from && !f->whole)
    again_in(s, &a, 0);
  else if (sync_judge(s, &a, statuses))
    take_slice(s, from, have, &a);
}

/* A part that lies there is this pack's if that one's signature lies beside it. */
static bool begin(struct sync *s, const struct uplink_answer *a, struct problem *problem) {
  struct sync_state_own *own = s->own;
  struct part part;
  char *text = NULL;
  size_t len;
  part_of(s, &part);
  own->fetch = (struct fetch){.on = true, .whole = !a->etag[0], .slice = SLICE_FIRST};
  snprintf(own->fetch.etag, sizeof own->fetch.etag, "%s", a->etag);
  own->fetch.resumed = file_read(part.signature, SIGNATURE_MOST, &text, &len, NULL) && len == a->len &&
                       !memcmp(text, own->body, len) && access(part.file, F_OK) == 0;
  free(text);
  if (own->fetch.resumed) return true;
  unlink(part.file);
  return file_write(part.signature, own->body, a->len, 0600, problem);
}

static void ask_signature(struct sync *s) {
  static const int statuses[] = {200, 304, 404, 0};
  struct sync_state_own *own = s->own;
  char path[ID_MAX + 32];
  struct uplink_request r = {
      .method = "GET", .token = own->enrolment.token, .etag = own->pack_etag, .fd = -1, .limit_ms = SIGNATURE_MS};
  struct uplink_answer a;
  struct problem problem;
  snprintf(path, sizeof path, "/v1/packs/%s.minisig", sync_pack(s));
  if (!sync_ask(s, &r, path, statuses, &a)) return;
  again_in(s, &a, EVERY_MS);
  own->health.pack_missing = a.status == 404;
  if (s->first) sync_succeeded(s, &a, 0);                                  /* there is no feed that would tell */
  if (a.status != 200 || !is_octets(&a) || a.len > SIGNATURE_MOST) return; /* a portal's page is no file */
  if (pack_has_signature(s->data, s->identity->stamp_key, own->body, a.len)) {
    snprintf(own->pack_etag, sizeof own->pack_etag, "%s", a.etag);
    drop(s);
  } else if (begin(s, &a, &problem)) {
    again_in(s, &a, 0);
  } else {
    stays_out(s, &problem);
    drop(s);
  }
}

void sync_fetch_pack(struct sync *s, struct moment now) {
  if (s->own->fetch.on)
    fetch_slice(s, now);
  else
    ask_signature(s);
}
