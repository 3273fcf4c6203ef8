/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/packs/{name}: the newest pack of that name in the hub's folder, NAME.ybp; with .minisig behind the name its
 * signature. The ETag of both is the signature's hash: a kiosk that has a pack asks for the next one with If-None-Match, and
 * for one that is large slice by slice (RFC 9110, 14.2), with If-Range.
 */
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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

/* "0042": what the number says, up to `most`; NULL: there is none. */
static const char *number(const char *text, int64_t most, int64_t *n) {
  const size_t len = strspn(text, "0123456789");
  *n = 0;
  for (size_t i = 0; i < len; i++) *n = *n > most / 10 ? most : *n * 10 + (text[i] - '0');
  if (*n > most) *n = most;
  return len ? text + len : NULL;
}

enum range { RANGE_NONE, RANGE_SLICE, RANGE_BEHIND };

/* "bytes=FIRST-LAST", "bytes=FIRST-", "bytes=-LENGTH"; what is anything else, or several, doesn't count. */
static enum range read_range(const char *text, int64_t size, int64_t *first, int64_t *last) {
  static const char unit[] = "bytes=";
  if (!text || strncasecmp(text, unit, sizeof unit - 1) != 0) return RANGE_NONE;
  text += sizeof unit - 1;
  *last = size - 1;
  if (*text == '-') {
    int64_t length;
    const char *end = number(text + 1, size, &length);
    *first = size - length;
    return !end || *end ? RANGE_NONE : length ? RANGE_SLICE : RANGE_BEHIND;
  }
  const char *dash = number(text, size, first), *end;
  if (!dash || *dash != '-') return RANGE_NONE;
  if (dash[1] && (!(end = number(dash + 1, size, last)) || *end)) return RANGE_NONE;
  if (*last >= size) *last = size - 1;
  if (*first >= size) return RANGE_BEHIND;
  return *first <= *last ? RANGE_SLICE : RANGE_NONE;
}

/* The file that is open in the reply, or what was asked for of it. */
static void give_open(const struct request *request, int64_t size, struct reply *reply) {
  struct problem problem;
  int64_t first, last;
  const bool same = !request->if_range || !strcmp(request->if_range, reply->etag);
  reply->slices = true;
  reply->status = 200;
  reply->type = "application/octet-stream";
  reply->len = (size_t)size;
  switch (same ? read_range(request->range, size, &first, &last) : RANGE_NONE) {
  case RANGE_NONE: break;
  case RANGE_SLICE:
    reply->status = 206;
    reply->from = first;
    reply->len = (size_t)(last - first + 1);
    snprintf(reply->range, sizeof reply->range, "bytes %lld-%lld/%lld", (long long)first, (long long)last, (long long)size);
    break;
  case RANGE_BEHIND:
    close(reply->fd);
    reply->fd = -1;
    problem_set(&problem, "这个文件只有 %lld 字节：Range 要从它之内开始",
                "the file has %lld bytes: Range must begin within them", (long long)size);
    reply_problem(reply, 416, &problem, NULL);
    snprintf(reply->range, sizeof reply->range, "bytes */%lld", (long long)size);
  }
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
    problem_set(&problem, "汇总站没有这个活动包：请把它和它的 .minisig 放进 packs 的文件夹",
                "the hub has no such pack: put it and its .minisig into the folder of `packs`");
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
  give_open(request, st.st_size, reply);
}
