/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "pack/inner.h"
#include "pack/stamp.h"

enum { SIGNATURE_MOST = 16384 };

struct install {
  const char *file, *data; /* borrowed */
  const struct minisign_pub *pub;
  const uint8_t *stamp_key;
  struct stamp stamp; /* of what is in use; empty: nothing */
  bool stamped, received;
};

static bool join(char out[PATH_MAX], const char *folder, const char *name, const char *ending, struct problem *problem) {
  return snprintf(out, PATH_MAX, "%s%s%s%s", folder ? folder : "", folder ? "/" : "", name, ending) < PATH_MAX ||
         problem_set(problem, "路径太长：“%s”", "the path is too long: “%s”", name);
}

static bool does_not_match(const char *file, struct problem *problem) {
  return problem_set(
      problem, "“%s”与它的签名不符：文件被改动或没有复制完整，请重新复制活动包和它的 .minisig",
      "“%s” does not match its signature: it was changed or not copied whole; copy the pack and its .minisig again", file);
}

static void hash_init(crypto_generichash_state *h) { crypto_generichash_init(h, NULL, 0, 64); }

/* Copies `from` to `to` (or only reads it: -1) and hashes what went by. */
static bool stream(int from, int to, uint8_t hash[64]) {
  uint8_t piece[65536];
  crypto_generichash_state h;
  hash_init(&h);
  for (;;) {
    ssize_t n = read(from, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    crypto_generichash_update(&h, piece, (size_t)n);
    for (ssize_t done = 0; to >= 0 && done < n;) {
      ssize_t w = write(to, piece + done, (size_t)(n - done));
      if (w < 0 && errno != EINTR) return false;
      if (w > 0) done += w;
    }
  }
  crypto_generichash_final(&h, hash, 64);
  return true;
}

static bool copy_checked(const char *from, const char *beside, const struct minisign_pub *pub, const struct minisign_sig *sig,
                         struct problem *problem) {
  uint8_t hash[64];
  int in = open(from, O_RDONLY | O_CLOEXEC);
  if (in < 0) return problem_system(problem, errno, "无法读取活动包", "can't read the pack", from);
  int out = open(beside, O_WRONLY | O_TRUNC | O_CLOEXEC);
  bool good = out >= 0 && stream(in, out, hash);
  int error = errno;
  if (out >= 0 && close(out) != 0 && good) good = false, error = errno;
  close(in);
  if (!good) return problem_system(problem, error, "无法复制活动包到", "can't copy the pack to", beside);
  return minisign_check(pub, sig, hash) || does_not_match(from, problem);
}

/* The signature is over a pack; is it this one, of this build? */
static bool comment_agrees(const struct pack *pack, const struct minisign_sig *sig, const char *file, struct problem *problem) {
  char comment[256];
  snprintf(comment, sizeof comment, "yingbin pack %s build %u", pack->catalog.name, (unsigned)pack->catalog.build);
  if (strncmp(sig->comment, "yingbin pack ", 13) != 0) return true; /* signed with minisign itself: the signature says enough */
  return !strcmp(comment, sig->comment) ||
         problem_set(problem, "“%1$s”的签名写的是“%2$s”，包里却是“%3$s”：请用 yingbin pack build 重新制作",
                     "the signature of “%1$s” says “%2$s”, but the pack is “%3$s”: build it again with yingbin pack build",
                     file, sig->comment, comment);
}

static bool build_allowed(const struct install *in, const struct catalog *c, uint32_t allow_build, struct problem *problem) {
  uint32_t last = stamp_last_build(&in->stamp, c->name);
  return c->build >= last || c->build == allow_build ||
         problem_set(problem,
                     "活动包 %1$s 的第 %2$u 版比用过的第 %3$u 版旧：请换用新的；确实要用旧的，请负责人设置 allow_build = %2$u",
                     "build %2$u of pack %1$s is older than build %3$u, which was used already: bring the newer one; to go "
                     "back on purpose, set allow_build = %2$u",
                     c->name, (unsigned)c->build, (unsigned)last);
}

/* Moves the checked copy and its signature to their places and then says so in the stamp. */
static bool settle(struct install *in, const char *beside, const struct catalog *c, const struct minisign_sig *sig,
                   const struct stat *source, struct problem *problem) {
  char from_sig[PATH_MAX], to[PATH_MAX], to_sig[PATH_MAX], old[STAMP_FILE_MAX], *text = NULL;
  struct stat st;
  size_t len;
  memcpy(old, in->stamp.file, sizeof old);
  snprintf(in->stamp.file, sizeof in->stamp.file, "%s-%u-%02x%02x%02x%02x.ybp", c->name, (unsigned)c->build, sig->sig[0],
           sig->sig[1], sig->sig[2], sig->sig[3]);
  if (!join(to, in->data, in->stamp.file, "", problem) || !join(to_sig, in->data, in->stamp.file, ".minisig", problem) ||
      !join(from_sig, NULL, in->file, ".minisig", problem) || !file_read(from_sig, SIGNATURE_MOST, &text, &len, problem))
    return false;
  bool good = file_write(to_sig, text, len, 0600, problem) && file_commit(beside, to, 0600, problem);
  free(text);
  if (!good) return false;
  if (stat(to, &st) != 0) return problem_system(problem, errno, "无法读取", "can't read", to);
  in->stamp.installed = stamp_stat(&st);
  in->stamp.received = in->received;
  if (!in->received) in->stamp.source = stamp_stat(source);
  memcpy(in->stamp.sig, sig->sig, sizeof in->stamp.sig);
  stamp_use(&in->stamp, c->name, c->build);
  if (!stamp_write(in->data, in->stamp_key, &in->stamp, problem)) return false;
  if (old[0] && strcmp(old, in->stamp.file) != 0 && join(to, in->data, old, "", NULL) &&
      join(to_sig, in->data, old, ".minisig", NULL)) {
    unlink(to);
    unlink(to_sig);
  }
  return true;
}

static bool bring(struct install *in, const struct minisign_sig *sig, const struct stat *source, uint32_t allow_build,
                  struct problem *problem) {
  char to[PATH_MAX], beside[PATH_MAX];
  struct pack *pack = NULL;
  if (!join(to, in->data, "pack.ybp", "", problem) || !file_begin(to, beside, problem)) return false;
  bool good = copy_checked(in->file, beside, in->pub, sig, problem) && pack_open(beside, &pack, problem) &&
              comment_agrees(pack, sig, in->file, problem) && build_allowed(in, pack_catalog(pack), allow_build, problem) &&
              settle(in, beside, pack_catalog(pack), sig, source, problem);
  pack_close(pack);
  if (!good) file_abandon(beside);
  return good;
}

/* What is in the data folder is what was checked; else it is checked anew, wholly. */
static bool trust_installed(struct install *in, const char *path, const struct minisign_sig *sig, struct problem *problem) {
  struct stat st;
  uint8_t hash[64];
  if (stat(path, &st) != 0) return problem_system(problem, errno, "无法读取活动包", "can't read the pack", path);
  struct stamp_stat now = stamp_stat(&st);
  if (stamp_same(&now, &in->stamp.installed) && sodium_memcmp(sig->sig, in->stamp.sig, sizeof sig->sig) == 0) return true;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  bool good = fd >= 0 && stream(fd, -1, hash) && minisign_check(in->pub, sig, hash);
  if (fd >= 0) close(fd);
  if (!good) return does_not_match(path, problem);
  in->stamp.installed = now;
  memcpy(in->stamp.sig, sig->sig, sizeof in->stamp.sig);
  return stamp_write(in->data, in->stamp_key, &in->stamp, problem);
}

static bool open_installed(struct install *in, struct pack **pack, struct problem *problem) {
  char path[PATH_MAX], path_sig[PATH_MAX];
  struct minisign_sig sig;
  if (!in->stamped || !in->stamp.file[0])
    return problem_set(problem, "“%s”里没有可用的活动包：请用 pack = 文件.ybp 指定一个",
                       "there is no usable pack in “%s”: name one with pack = FILE.ybp", in->data);
  if (!join(path, in->data, in->stamp.file, "", problem) || !join(path_sig, in->data, in->stamp.file, ".minisig", problem) ||
      !minisign_read_sig(in->pub, path_sig, &sig, problem) || !trust_installed(in, path, &sig, problem) ||
      !pack_open(path, pack, problem))
    return false;
  struct pack *p = *pack;
  p->fd = open(path, O_RDONLY | O_CLOEXEC);
  p->pub = *in->pub;
  p->sig = sig;
  p->checked = PACK_CHECK_MORE;
  hash_init(&p->hash);
  if (p->fd >= 0 && comment_agrees(p, &sig, path, problem)) return true;
  if (p->fd < 0) problem_system(problem, errno, "无法读取活动包", "can't read the pack", path);
  pack_close(p);
  *pack = NULL;
  return false;
}

bool pack_install(const char *file, const char *data, const struct minisign_pub *pub, const uint8_t stamp_key[32],
                  uint32_t allow_build, struct pack **pack, struct problem *problem) {
  struct install in = {.file = file, .data = data, .pub = pub, .stamp_key = stamp_key};
  struct minisign_sig sig;
  struct stat st;
  char file_sig[PATH_MAX];
  *pack = NULL;
  if (!folder_make(data, 0700, problem)) return false;
  in.stamped = stamp_read(data, stamp_key, &in.stamp);
  if (!file) return open_installed(&in, pack, problem);
  if (stat(file, &st) != 0) return problem_system(problem, errno, "无法读取活动包", "can't read the pack", file);
  if (!join(file_sig, NULL, file, ".minisig", problem) || !minisign_read_sig(pub, file_sig, &sig, problem)) return false;
  struct stamp_stat source = stamp_stat(&st);
  bool same = in.stamped && stamp_same(&source, &in.stamp.source) &&
              (in.stamp.received ? !allow_build : sodium_memcmp(sig.sig, in.stamp.sig, sizeof sig.sig) == 0);
  if (same && open_installed(&in, pack, NULL)) return true;
  if (!bring(&in, &sig, &st, allow_build, problem)) return false;
  in.stamped = true;
  return open_installed(&in, pack, problem);
}

bool pack_receive(const char *file, const char *data, const struct minisign_pub *pub, const uint8_t stamp_key[32],
                  struct pack **pack, struct problem *problem) {
  struct install in = {.file = file, .data = data, .pub = pub, .stamp_key = stamp_key, .received = true};
  struct minisign_sig sig;
  struct stat st;
  char file_sig[PATH_MAX];
  *pack = NULL;
  in.stamped = stamp_read(data, stamp_key, &in.stamp);
  if (stat(file, &st) != 0) return problem_system(problem, errno, "无法读取活动包", "can't read the pack", file);
  if (!join(file_sig, NULL, file, ".minisig", problem) || !minisign_read_sig(pub, file_sig, &sig, problem) ||
      !bring(&in, &sig, &st, 0, problem))
    return false;
  in.stamped = true;
  return open_installed(&in, pack, problem);
}

bool pack_in_use(const char *data, const uint8_t stamp_key[32], char path[PATH_MAX]) {
  struct stamp stamp;
  return stamp_read(data, stamp_key, &stamp) && stamp.file[0] && join(path, data, stamp.file, "", NULL);
}

bool pack_remove(const char *data, const uint8_t stamp_key[32], struct problem *problem) {
  static const char *const endings[] = {"", ".minisig"};
  struct stamp stamp;
  char path[PATH_MAX];
  if (!stamp_read(data, stamp_key, &stamp) || !stamp.file[0]) return true;
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (join(path, data, stamp.file, endings[i], problem) && unlink(path) != 0 && errno != ENOENT)
      return problem_system(problem, errno, "无法删除", "can't remove", path);
  stamp.file[0] = '\0';
  stamp.received = false;
  stamp.source = (struct stamp_stat){0};
  return stamp_write(data, stamp_key, &stamp, problem);
}

bool pack_has_signature(const char *data, const uint8_t stamp_key[32], const char *text, size_t len) {
  char file[PATH_MAX], path[PATH_MAX], *has = NULL;
  size_t has_len;
  if (!pack_in_use(data, stamp_key, file) || !join(path, NULL, file, ".minisig", NULL) ||
      !file_read(path, SIGNATURE_MOST, &has, &has_len, NULL))
    return false;
  const bool same = has_len == len && !memcmp(has, text, len);
  free(has);
  return same;
}

enum pack_check pack_recheck(struct pack *p, size_t bytes, struct problem *problem) {
  uint8_t piece[65536], hash[64];
  if (p->checked != PACK_CHECK_MORE) return p->checked;
  while (bytes > 0) {
    ssize_t n = read(p->fd, piece, bytes < sizeof piece ? bytes : sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) {
      crypto_generichash_update(&p->hash, piece, (size_t)n);
      bytes -= (size_t)n;
      continue;
    }
    crypto_generichash_final(&p->hash, hash, sizeof hash);
    p->checked = n == 0 && minisign_check(&p->pub, &p->sig, hash) ? PACK_CHECK_GOOD : PACK_CHECK_BAD;
    if (p->checked == PACK_CHECK_BAD) does_not_match(p->file, problem);
    break;
  }
  return p->checked;
}
