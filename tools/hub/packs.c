/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/packs/{name}: the newest pack of that name in the hub's folder, NAME.ybp; with .minisig behind the name its
 * signature. The ETag of both is the signature's hash: a kiosk that has a pack asks for the next one with If-None-Match.
 */
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/hub/hub.h"

enum { SIGNATURE_MOST = 8192 };

/* A name is one file's in one folder: no slash gets here, and none begins with a dot. */
static bool is_name(const char *name) {
  static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return name[0] != '\0' && name[0] != '.' && name[strspn(name, ok)] == '\0';
}

static bool etag_of(const char *signature, char etag[80]) {
  uint8_t hash[16];
  char *bytes, hex[sizeof hash * 2 + 1];
  size_t len;
  struct problem problem;
  if (!file_read(signature, SIGNATURE_MOST, &bytes, &len, &problem)) return false;
  crypto_generichash(hash, sizeof hash, (const uint8_t *)bytes, len, NULL, 0);
  free(bytes);
  snprintf(etag, 80, "\"%s\"", sodium_bin2hex(hex, sizeof hex, hash, sizeof hash));
  return true;
}

void give_pack(struct hub *hub, const struct request *request, struct reply *reply) {
  char path[PATH_MAX], signature[PATH_MAX + 16], name[SEGMENT_MAX];
  struct problem problem;
  struct stat st;
  snprintf(name, sizeof name, "%s", request->segment[0]);
  const size_t len = strlen(name), tail = sizeof ".minisig" - 1;
  const bool wants_signature = len > tail && !strcmp(name + len - tail, ".minisig");
  if (wants_signature) name[len - tail] = '\0';
  snprintf(path, sizeof path, "%s/%s.ybp", hub->packs, name);
  snprintf(signature, sizeof signature, "%s.minisig", path);
  if (!hub->packs[0] || !is_name(name) || !etag_of(signature, reply->etag)) {
    problem_set(&problem, "汇总站没有这个活动包", "the hub has no such pack");
    reply_problem(reply, 404, &problem, NULL);
    return;
  }
  if (request->etag && !strcmp(request->etag, reply->etag)) {
    reply->status = 304;
    return;
  }
  reply->fd = open(wants_signature ? signature : path, O_RDONLY | O_CLOEXEC);
  if (reply->fd < 0 || fstat(reply->fd, &st) != 0) {
    reply_failed(reply);
    return;
  }
  reply->status = 200;
  reply->type = "application/octet-stream";
  reply->len = (size_t)st.st_size;
}
