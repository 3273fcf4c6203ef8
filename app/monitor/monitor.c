/* SPDX-License-Identifier: Apache-2.0 */
#include "monitor/monitor.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "httpd/httpd.h"
#include "monitor/inner.h"

enum { FILE_MOST = 256 * 1024, AGAIN_MS = 5000, ADDRESS_MS = 5000 };

static const char html[] = "text/html; charset=utf-8", css[] = "text/css; charset=utf-8",
                  js[] = "text/javascript; charset=utf-8";
const struct page pages[FILES] = {{"/", "kiosk.html", html},
                                  {"/kiosk.css", "kiosk.css", css},
                                  {"/kiosk.js", "kiosk.js", js},
                                  {"/kiosk_words.js", "kiosk_words.js", js},
                                  {"/common.css", "common.css", css},
                                  {"/common.js", "common.js", js},
                                  {"/mark.svg", "mark.svg", "image/svg+xml"}};

bool monitor_check(const char *listen, struct problem *problem) {
  struct sockaddr_storage address;
  return httpd_address("monitor", listen, &address, problem);
}

static bool read_files(struct monitor *m, struct problem *problem) {
  uint8_t hash[16];
  for (int i = 0; i < FILES; i++) {
    char path[PATH_MAX];
    struct file *f = &m->state->file[i];
    snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 32, m->web, pages[i].name);
    if (!file_read(path, FILE_MOST, &f->bytes, &f->len, problem)) return false;
    crypto_generichash(hash, sizeof hash, (const uint8_t *)f->bytes, f->len, NULL, 0);
    f->etag[0] = '"';
    sodium_bin2hex(f->etag + 1, sizeof f->etag - 2, hash, sizeof hash);
    strcat(f->etag, "\"");
  }
  return true;
}

static void tell_health(struct monitor *m, const struct monitor_health *h) {
  if (!memcmp(h, &m->state->health, sizeof *h)) return;
  m->state->health = *h;
  latest_set(m->health, h);
}

/* The port may be another one's still, the network not there yet. */
static void try_open(struct monitor *m) {
  struct monitor_inner *s = m->state;
  struct problem problem;
  struct monitor_health h = {.state = MONITOR_FAILED};
  if (s->daemon || s->now.mono_ms < s->open_due_ms) return;
  s->open_due_ms = s->now.mono_ms + AGAIN_MS;
  if (serve_open(m, &problem)) {
    s->address_due_ms = 0;
    address_url(m, monitor_port(m), h.url, sizeof h.url);
    log_info("volunteers' phones: %s (%s)", h.url[0] ? h.url : "no network yet",
             m->tls ? "encrypted" : "health and counts only");
    return;
  }
  snprintf(h.why, sizeof h.why, "%.*s", (int)sizeof h.why - 1, problem.en);
  if (strcmp(h.why, s->health.why) != 0) log_error("%s / %s", problem.zh, problem.en);
  tell_health(m, &h);
}

static void tell_address(struct monitor *m) {
  struct monitor_inner *s = m->state;
  struct monitor_health h = {.state = m->tls ? MONITOR_GOOD : MONITOR_COUNTS};
  if (!s->daemon || s->now.mono_ms < s->address_due_ms) return;
  s->address_due_ms = s->now.mono_ms + ADDRESS_MS;
  address_url(m, monitor_port(m), h.url, sizeof h.url);
  memcpy(h.fingerprint, s->cert.fingerprint, sizeof h.fingerprint);
  tell_health(m, &h);
}

bool monitor_init(struct monitor *m, struct moment now, struct problem *problem) {
  struct monitor_inner *s = m->state = calloc(1, sizeof *s);
  if (!s) return problem_set(problem, "内存不足", "out of memory");
  s->now = now;
  if (read_files(m, problem)) return true;
  monitor_fini(m);
  return false;
}

void monitor_switch(struct monitor *m, const struct catalog *catalog) {
  struct monitor_inner *s = m->state;
  m->catalog = catalog;
  s->serial = 0; /* what desk had is lost */
  memset(&s->board, 0, sizeof s->board);
}

void monitor_fini(struct monitor *m) {
  struct monitor_inner *s = m->state;
  if (!s) return;
  serve_close(m);
  cert_close(&s->cert);
  for (int i = 0; i < FILES; i++) free(s->file[i].bytes);
  sodium_memzero(s, sizeof *s);
  free(s);
  m->state = NULL;
}

static void look(struct monitor *m) {
  struct monitor_inner *s = m->state;
  latest_get(m->board, &s->board, &s->board_seen);
  latest_get(m->watch_health, &s->watch, &s->watch_seen);
  if (m->sync_health) latest_get(m->sync_health, &s->sync, &s->sync_seen);
}

int64_t monitor_step(void *monitor, struct moment now) {
  struct monitor *m = monitor;
  struct monitor_inner *s = m->state;
  s->now = now;
  try_open(m);
  if (!s->daemon) return s->open_due_ms;
  tell_address(m);
  look(m);
  desk_turn(m);
  serve_run(m);
  desk_turn(m); /* what has just been asked */
  int64_t due = serve_due(m), waits = desk_due(m);
  if (waits < due) due = waits;
  return due < s->address_due_ms ? due : s->address_due_ms;
}
