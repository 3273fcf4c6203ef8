/* SPDX-License-Identifier: Apache-2.0
 * GET / and GET /NAME: the files of assets/web, read at the start; nothing else has an address. They say nothing about
 * anybody, so they ask for nothing.
 */
#include <dirent.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "tools/hub/web.h"

enum { FILE_MOST = 1 << 20, ETAG = 16 };

static const struct kind {
  const char *ending, *type;
} kinds[] = {{".html", "text/html; charset=utf-8"},
             {".css", "text/css; charset=utf-8"},
             {".js", "text/javascript; charset=utf-8"},
             {".svg", "image/svg+xml"}};

static const char *type_of(const char *name) {
  const char *dot = strrchr(name, '.');
  for (size_t i = 0; dot && dot > name && i < sizeof kinds / sizeof *kinds; i++)
    if (!strcmp(dot, kinds[i].ending)) return kinds[i].type;
  return NULL;
}

static bool read_one(struct web *w, const char *folder, const char *name, struct problem *problem) {
  struct web_file *f = &w->file[w->files];
  char path[PATH_MAX];
  uint8_t hash[ETAG];
  char hex[2 * ETAG + 1];
  f->type = strncmp(name, "kiosk", 5) != 0 ? type_of(name) : NULL; /* a kiosk's own page has the same folder */
  if (!f->type || strlen(name) >= sizeof f->name || w->files == WEB_FILES_MOST) return true;
  if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path) return true;
  if (!file_read(path, FILE_MOST, &f->bytes, &f->len, problem)) return false;
  snprintf(f->name, sizeof f->name, "%s", strcmp(name, "index.html") != 0 ? name : "");
  crypto_generichash(hash, sizeof hash, (const uint8_t *)f->bytes, f->len, NULL, 0);
  snprintf(f->etag, sizeof f->etag, "\"%s\"", sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
  w->files++;
  return true;
}

bool web_files_read(struct web *w, const char *folder, struct problem *problem) {
  const struct dirent *entry;
  DIR *dir = opendir(folder);
  bool good = true;
  if (!dir) {
    log_warn("no dashboard: there is no %s (set assets =)", folder);
    return true;
  }
  while (good && (entry = readdir(dir))) good = read_one(w, folder, entry->d_name, problem);
  closedir(dir);
  return good;
}

static void give(const struct web *w, const struct request *request, const char *name, struct reply *reply) {
  for (int i = 0; i < w->files; i++) {
    const struct web_file *f = &w->file[i];
    if (strcmp(f->name, name) != 0) continue;
    reply->page = true;
    snprintf(reply->etag, sizeof reply->etag, "%s", f->etag);
    if (request->etag && !strcmp(request->etag, f->etag)) {
      reply->status = 304;
      return;
    }
    reply->body = malloc(f->len + 1);
    if (!reply->body) break;
    memcpy(reply->body, f->bytes, f->len);
    reply->len = f->len;
    reply->type = f->type;
    reply->status = 200;
    return;
  }
  web_refuse(reply, 404, "没有这个地址", "there is no such address");
}

void give_page(struct hub *hub, const struct request *request, struct reply *reply) { give(hub->web, request, "", reply); }

void give_file(struct hub *hub, const struct request *request, struct reply *reply) {
  give(hub->web, request, request->segment[0], reply);
}
