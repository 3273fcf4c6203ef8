/* SPDX-License-Identifier: Apache-2.0
 * Newer packs: the signature is asked for three times a minute, by its ETag; where it is another one, the pack is fetched
 * beside, checked wholly, installed, and left open for the kiosk to take between two scans. One that is no good stays out and
 * is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "sync/sync_inner.h"

enum { SIGNATURE_MS = 15 * 1000, SIGNATURE_MOST = 8192, EVERY_MS = 20 * 1000 };
static const int64_t pack_ms = 5 * 60 * 1000, pack_most = INT64_C(4) << 30;

/* A portal's page is no file. */
static bool is_file(const struct uplink_answer *a) { return a->status == 200 && !strcmp(a->type, "application/octet-stream"); }

static void again_later(struct sync *s, const struct uplink_answer *a) { s->own->pack_due_ms = a->ended.mono_ms + EVERY_MS; }

/* True: `file` is the hub's pack, whole. */
static bool download(struct sync *s, const char *name, const char *file, struct uplink_answer *a) {
  static const int statuses[] = {200, 404, 0};
  char path[ID_MAX + 32];
  const int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  struct uplink_request r = {
      .method = "GET", .token = s->own->enrolment.token, .fd = fd, .most = pack_most, .limit_ms = pack_ms};
  snprintf(path, sizeof path, "/v1/packs/%s", name);
  if (fd < 0) {
    log_warn("a new pack can't be kept in %s: %s", file, strerror(errno));
    return false;
  }
  const bool good = sync_ask(s, &r, path, statuses, a) && is_file(a);
  return (close(fd) == 0) & good;
}

static bool has_station(const struct pack *pack, const char *station, struct problem *problem) {
  const struct catalog *c = pack_catalog(pack);
  for (int i = 0; i < c->stations; i++)
    if (!strcmp(c->station[i].id, station)) return true;
  return problem_set(problem, "新活动包里没有本机的签到点 %s", "the new pack doesn't have this kiosk's station %s", station);
}

/* Looked at before anything of the old one is given up. */
static bool is_good(struct sync *s, const char *file, struct problem *problem) {
  char comment[256];
  struct pack *pack = NULL;
  bool good = minisign_verify(s->pub, file, comment, sizeof comment, problem) && pack_open(file, &pack, problem) &&
              has_station(pack, s->own->work.station, problem);
  if (good && strcmp(pack_catalog(pack)->name, s->pack) != 0)
    good = problem_set(problem, "汇总站给的是另一个活动包 %s", "the hub gives another pack, %s", pack_catalog(pack)->name);
  pack_close(pack);
  return good;
}

static void hand_over(struct sync *s, const char *file) {
  struct pack *pack;
  struct problem problem;
  if (is_good(s, file, &problem) && pack_receive(file, s->data, s->pub, s->identity->stamp_key, &pack, &problem)) {
    log_info("a new pack has come: %s build %u", pack_catalog(pack)->name, (unsigned)pack_catalog(pack)->build);
    s->own->health.pack_why[0] = '\0';
    atomic_store(&s->new_pack, pack);
    bell_ring(s->main_bell);
  } else {
    log_warn("the hub's pack stays out: %s", problem.en);
    snprintf(s->own->health.pack_why, sizeof s->own->health.pack_why, "%.*s", TEXT_MAX - 1, problem.en);
  }
  sync_publish(s);
}

void sync_fetch_pack(struct sync *s, struct moment now) {
  static const int statuses[] = {200, 304, 404, 0};
  struct sync_state_own *own = s->own;
  char path[ID_MAX + 32], file[PATH_MAX], signature[PATH_MAX + 16], etag[UPLINK_ETAG];
  struct uplink_request r = {
      .method = "GET", .token = own->enrolment.token, .etag = own->pack_etag, .fd = -1, .limit_ms = SIGNATURE_MS};
  struct uplink_answer a;
  struct problem problem;
  (void)now;
  snprintf(path, sizeof path, "/v1/packs/%s.minisig", s->pack);
  if (!sync_ask(s, &r, path, statuses, &a)) return;
  again_later(s, &a);
  if (!is_file(&a) || a.len > SIGNATURE_MOST) return;
  snprintf(etag, sizeof etag, "%s", a.etag);
  snprintf(file, sizeof file, "%s/hub-pack.part", s->data);
  snprintf(signature, sizeof signature, "%s.minisig", file);
  if (pack_has_signature(s->data, s->identity->stamp_key, own->body, a.len)) {
    snprintf(own->pack_etag, sizeof own->pack_etag, "%s", etag);
  } else if (file_write(signature, own->body, a.len, 0600, &problem) && download(s, s->pack, file, &a)) {
    snprintf(own->pack_etag, sizeof own->pack_etag, "%s", etag); /* a bad one isn't fetched again, either */
    hand_over(s, file);
  }
  again_later(s, &a);
  unlink(file);
  unlink(signature);
}
