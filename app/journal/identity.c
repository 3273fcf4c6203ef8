/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "journal/chain.h"

static const char first_line[] = "yingbin kiosk key v1\n";

static bool folder_problem(const char *data, int error, struct problem *problem) {
  switch (error) {
  case ENOENT:
    return problem_set(problem, "数据文件夹 %s 不存在。请先建好它，或改正配置里的 data。",
                       "The data folder %s does not exist. Make it, or correct `data` in the configuration.", data);
  case EACCES:
  case EPERM:
  case EROFS:
    return problem_set(problem, "数据文件夹 %s 只读，无法写签到日志。请检查它的权限，或存储卡是否被写保护。",
                       "The data folder %s is read-only: no journal can be written. Check its permissions, or whether the card "
                       "is write-protected.",
                       data);
  case ENOSPC:
  case EDQUOT:
    return problem_set(problem, "磁盘已满，%s 里写不下签到日志。请腾出空间。",
                       "The disk is full: no journal can be written in %s. Make room.", data);
  default:
    return problem_set(problem, "数据文件夹 %s 不能用：%s。", "The data folder %s can't be used: %s.", data, strerror(error));
  }
}

static bool locked_by_another(const char *data, int fd, struct problem *problem) {
  char pid[16] = "";
  ssize_t n = pread(fd, pid, sizeof pid - 1, 0);
  pid[n > 0 ? n : 0] = 0;
  pid[strspn(pid, "0123456789")] = 0;
  return problem_set(
      problem,
      "另一个签到机程序（进程号 %2$s）正在使用数据文件夹 %1$s。一个文件夹只能由一个程序使用：请先关掉它，或另用一个文件夹。",
      "Another kiosk program (pid %2$s) is using the data folder %1$s. A folder belongs to one program: end that one first, or "
      "use another folder.",
      data, *pid ? pid : "?");
}

bool lock_take(const char *data, int *fd, struct problem *problem) {
  char path[PATH_MAX], pid[16];
  if (snprintf(path, sizeof path, "%s/lock", data) >= (int)sizeof path) return folder_problem(data, ENAMETOOLONG, problem);
  *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (*fd < 0) return folder_problem(data, errno, problem);
  if (flock(*fd, LOCK_EX | LOCK_NB)) {
    if (errno == EWOULDBLOCK)
      locked_by_another(data, *fd, problem);
    else
      folder_problem(data, errno, problem);
    close(*fd);
    return false;
  }
  int n = snprintf(pid, sizeof pid, "%d\n", (int)getpid());
  if (ftruncate(*fd, 0) || pwrite(*fd, pid, (size_t)n, 0) != n) /* only a message lacks its number then */
    log_warn("%s: the pid could not be written: %s", path, strerror(errno));
  return true;
}

static void derive(struct kiosk_identity *identity, const uint8_t seed[32]) {
  static const char title[] = "yingbin stamp v1";
  crypto_sign_seed_keypair(identity->public_key, identity->secret_key, seed);
  crypto_generichash(identity->stamp_key, sizeof identity->stamp_key, (const uint8_t *)title, strlen(title), seed, 32);
}

static bool parse(const char *text, size_t len, struct kiosk_identity *identity) {
  enum { SEED_AT = sizeof first_line - 1 + 5, JOURNAL_AT = SEED_AT + 64 + 1 + 8, ALL = JOURNAL_AT + 2 * JOURNAL_ID + 1 };
  uint8_t seed[32];
  bool good = len == ALL && !memcmp(text, first_line, sizeof first_line - 1) && !memcmp(text + SEED_AT - 5, "seed ", 5) &&
              chain_hex(text + SEED_AT, 64, seed, 32) && !memcmp(text + SEED_AT + 64, "\njournal ", 9) &&
              chain_hex(text + JOURNAL_AT, 2 * JOURNAL_ID, identity->journal, JOURNAL_ID) && text[ALL - 1] == '\n';
  if (good) derive(identity, seed);
  sodium_memzero(seed, sizeof seed);
  return good;
}

bool identity_read(const char *data, struct kiosk_identity *identity, bool *missing, struct problem *problem) {
  char path[PATH_MAX], *text;
  size_t len;
  snprintf(path, sizeof path, "%s/kiosk.key", data);
  *missing = access(path, F_OK) && errno == ENOENT;
  if (*missing) return false;
  if (!file_read(path, 4096, &text, &len, problem)) return false;
  bool good = parse(text, len, identity);
  sodium_memzero(text, len);
  free(text);
  if (good) return true;
  return problem_set(problem,
                     "签到机密钥 %s 已损坏，或不是签到机密钥。请从备份恢复；没有备份就换一个新的数据文件夹，并保留这个文件夹。",
                     "The kiosk key %s is damaged, or is none. Put it back from a backup; if there is none, use a new data "
                     "folder and keep this one.",
                     path);
}

static bool make(const char *data, struct kiosk_identity *identity, struct problem *problem) {
  char path[PATH_MAX], text[256], seed_hex[65], journal_hex[2 * JOURNAL_ID + 1];
  uint8_t seed[32];
  randombytes_buf(seed, sizeof seed);
  randombytes_buf(identity->journal, JOURNAL_ID);
  derive(identity, seed);
  sodium_bin2hex(seed_hex, sizeof seed_hex, seed, sizeof seed);
  sodium_bin2hex(journal_hex, sizeof journal_hex, identity->journal, JOURNAL_ID);
  int n = snprintf(text, sizeof text, "%sseed %s\njournal %s\n", first_line, seed_hex, journal_hex);
  snprintf(path, sizeof path, "%s/kiosk.key", data);
  bool good = file_write(path, text, (size_t)n, 0600, problem);
  sodium_memzero(seed, sizeof seed);
  sodium_memzero(seed_hex, sizeof seed_hex);
  sodium_memzero(text, sizeof text);
  return good;
}

/* A journal without its key can't be gone on with: a new key would be another kiosk. */
static bool key_lost(const char *data, struct problem *problem) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/journal.db", data);
  if (access(path, F_OK)) return false;
  problem_set(
      problem,
      "%s 里有签到日志，但没有签到机密钥 kiosk.key。请从备份恢复密钥；没有备份就换一个新的数据文件夹，并保留这个文件夹。",
      "%s has a journal, but its kiosk.key is missing. Put the key back from a backup; if there is none, use a new data folder "
      "and keep this one.",
      data);
  return true;
}

bool journal_identity(const char *data, const char *name, struct kiosk_identity *identity, struct problem *problem) {
  bool missing;
  int lock = -1;
  if (sodium_init() < 0) return problem_set(problem, "系统的随机源不可用。", "The system's random source is not available.");
  memset(identity, 0, sizeof *identity);
  bool good = identity_read(data, identity, &missing, problem);
  if (missing) {
    /* Two kiosks that start at once in an empty folder must not make a key each. */
    if (!lock_take(data, &lock, problem)) return false;
    good = identity_read(data, identity, &missing, problem);
    if (missing) good = !key_lost(data, problem) && make(data, identity, problem);
    close(lock);
  }
  if (!good) return false;
  if (strlen(name) >= sizeof identity->name)
    return problem_set(problem, "签到机名称太长：%s（最多 %d 字节）。", "The kiosk's name is too long: %s (at most %d bytes).",
                       name, ID_MAX - 1);
  strcpy(identity->name, name);
  return true;
}
