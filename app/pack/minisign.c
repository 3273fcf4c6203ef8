/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/minisign.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"

enum { FILE_MOST = 16384, LINE_MOST = 9000 };

static const char untrusted[] = "untrusted comment: ", trusted[] = "trusted comment: ";

struct secret_file { /* a secret key file's second line, decoded; all bytes, no padding */
  uint8_t algorithm[2], kdf[2], checksum_kind[2];
  uint8_t salt[32], ops[8], mem[8];
  struct secret_body {
    uint8_t id[8], key[64], checksum[32];
  } body; /* XORed with the password's stream where kdf says so */
};
_Static_assert(sizeof(struct secret_file) == 158, "minisign's layout");

struct public_file {
  uint8_t algorithm[2], id[8], key[32];
};
_Static_assert(sizeof(struct public_file) == 42, "minisign's layout");

struct signature_file {
  uint8_t algorithm[2], id[8], sig[64];
};
_Static_assert(sizeof(struct signature_file) == 74, "minisign's layout");

static uint64_t load_le(const uint8_t b[8]) {
  uint64_t v = 0;
  for (int i = 7; i >= 0; i--) v = v << 8 | b[i];
  return v;
}

static void store_le(uint8_t b[8], uint64_t v) {
  for (int i = 0; i < 8; i++, v >>= 8) b[i] = (uint8_t)v;
}

/* The next line of *at without its end, NULL: none. Terminates it in place. */
static char *line(char **at) {
  if (!*at || !**at) return NULL;
  char *start = *at, *end = strchr(start, '\n');
  *at = end ? end + 1 : NULL;
  if (end) *end = 0;
  size_t n = strlen(start);
  if (n && start[n - 1] == '\r') start[n - 1] = 0;
  return start;
}

static bool decode(const char *text, void *out, size_t len) {
  size_t n = 0;
  return text && sodium_base642bin(out, len, text, strlen(text), NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
         n == len;
}

static bool not_a_key(const char *file, const char *zh, const char *en, struct problem *problem) {
  return problem_set(problem, "“%1$s”不是 minisign %2$s，请检查是否选错了文件%3$.0s",
                     "“%1$s” is not a minisign %3$s; is it the right file?%2$.0s", file, zh, en);
}

/* A small file, to be taken line by line from *rest; the caller frees *text. */
static bool open_text(const char *file, char **text, char **rest, size_t *len, struct problem *problem) {
  if (!file_read(file, FILE_MOST, text, len, problem)) return false;
  *rest = *text;
  return true;
}

static void checksum(const struct secret_file *s, uint8_t out[32]) {
  crypto_generichash_state h;
  crypto_generichash_init(&h, NULL, 0, 32);
  crypto_generichash_update(&h, s->algorithm, sizeof s->algorithm);
  crypto_generichash_update(&h, s->body.id, sizeof s->body.id);
  crypto_generichash_update(&h, s->body.key, sizeof s->body.key);
  crypto_generichash_final(&h, out, 32);
}

/* Locks or unlocks the body. False: there isn't the memory that the file asks for, or it asks for too much. */
static bool cross(struct secret_file *s, const char *password) {
  uint64_t ops = load_le(s->ops), mem = load_le(s->mem);
  uint8_t stream[sizeof s->body], *body = (uint8_t *)&s->body;
  if (ops > crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE ||
      mem > crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE ||
      crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, password, strlen(password), s->salt, ops, (size_t)mem) != 0)
    return false;
  for (size_t i = 0; i < sizeof stream; i++) body[i] ^= stream[i];
  sodium_memzero(stream, sizeof stream);
  return true;
}

/* The hardest parameters that this machine has the memory for, from minisign's own downwards. */
static bool lock(struct secret_file *s, const char *password) {
  uint64_t ops = crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE;
  uint64_t mem = crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE;
  for (; mem >= crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_INTERACTIVE; ops /= 2, mem /= 2) {
    store_le(s->ops, ops);
    store_le(s->mem, mem);
    if (cross(s, password)) return true;
  }
  return false;
}

static bool write_text(const char *file, const char *what, const uint8_t id[8], const void *bytes, size_t len, mode_t mode,
                       struct problem *problem) {
  char base64[300], text[512];
  sodium_bin2base64(base64, sizeof base64, bytes, len, sodium_base64_VARIANT_ORIGINAL);
  int n = snprintf(text, sizeof text, "%syingbin %s %016llX\n%s\n", untrusted, what, (unsigned long long)load_le(id), base64);
  bool good = file_write(file, text, (size_t)n, mode, problem);
  sodium_memzero(base64, sizeof base64);
  sodium_memzero(text, sizeof text);
  return good;
}

bool minisign_new(const char *name, const char *password, struct problem *problem) {
  char file[2][PATH_MAX];
  for (int i = 0; i < 2; i++) {
    if (snprintf(file[i], PATH_MAX, "%s.%s", name, i ? "pub" : "key") >= PATH_MAX)
      return problem_set(problem, "“%s”太长", "“%s” is too long", name);
    if (access(file[i], F_OK) == 0)
      return problem_set(problem, "“%s”已经存在。密钥不会被覆盖：请换一个名字，或先把旧的移走",
                         "“%s” exists already. Keys are never overwritten: choose another name, or move the old one away",
                         file[i]);
  }
  struct secret_file s = {.algorithm = "Ed", .checksum_kind = "B2"};
  struct public_file p = {.algorithm = "Ed"};
  crypto_sign_keypair(p.key, s.body.key);
  randombytes_buf(p.id, sizeof p.id);
  memcpy(s.body.id, p.id, sizeof p.id);
  checksum(&s, s.body.checksum);
  bool good = true;
  if (password) {
    memcpy(s.kdf, "Sc", 2);
    randombytes_buf(s.salt, sizeof s.salt);
    good = lock(&s, password) ||
           problem_set(problem, "内存不足，无法用口令加密密钥", "not enough memory to encrypt the key with a password");
  }
  good = good && write_text(file[0], password ? "encrypted secret key" : "secret key", p.id, &s, sizeof s, 0600, problem);
  sodium_memzero(&s, sizeof s);
  if (good && !write_text(file[1], "public key", p.id, &p, sizeof p, 0644, problem)) {
    unlink(file[0]);
    good = false;
  }
  return good;
}

static bool read_secret(const char *file, struct secret_file *s, struct problem *problem) {
  char *text, *at;
  size_t len;
  if (!open_text(file, &text, &at, &len, problem)) return false;
  char *comment = line(&at);
  bool good = comment && !strncmp(comment, untrusted, strlen(untrusted)) && decode(line(&at), s, sizeof *s) &&
              !memcmp(s->algorithm, "Ed", 2) && !memcmp(s->checksum_kind, "B2", 2) &&
              (!memcmp(s->kdf, "Sc", 2) || !memcmp(s->kdf, "\0\0", 2));
  sodium_memzero(text, len);
  free(text);
  return good || not_a_key(file, "私钥（.key）", "secret key (.key)", problem);
}

/* minisign leaves the checksum of a key without a password empty; the key's own halves must agree then. */
static bool is_whole(const struct secret_file *s) {
  uint8_t sum[32], public_key[32], secret_key[64];
  if (s->kdf[0] == 0 && sodium_is_zero(s->body.checksum, sizeof s->body.checksum)) {
    crypto_sign_seed_keypair(public_key, secret_key, s->body.key);
    bool good = sodium_memcmp(secret_key, s->body.key, sizeof secret_key) == 0;
    sodium_memzero(secret_key, sizeof secret_key);
    return good;
  }
  checksum(s, sum);
  return sodium_memcmp(sum, s->body.checksum, sizeof sum) == 0;
}

bool minisign_read_key(const char *file, const char *password, bool *needs_password, struct minisign_key *key,
                       struct problem *problem) {
  struct secret_file s;
  *needs_password = false;
  if (!read_secret(file, &s, problem)) return false;
  bool locked = s.kdf[0] != 0, good = true;
  if (locked && !password) {
    *needs_password = true;
    good = problem_set(problem, "密钥“%s”有口令保护，请输入口令", "the key “%s” is protected by a password; enter it", file);
  } else if (locked && !cross(&s, password)) {
    good = problem_set(problem, "内存不足，或“%s”的加密参数超出 minisign 的范围，无法打开",
                       "not enough memory to open “%s”, or its parameters are beyond minisign's own", file);
  }
  if (good && !is_whole(&s))
    good = locked ? problem_set(problem, "“%s”的口令不对，请重试", "wrong password for “%s”; try again", file)
                  : problem_set(problem, "私钥“%s”已损坏（校验和不符），请从备份恢复",
                                "the secret key “%s” is damaged (its checksum is wrong); restore it from a copy", file);
  if (good) {
    memcpy(key->id, s.body.id, sizeof key->id);
    memcpy(key->key, s.body.key, sizeof key->key);
  }
  sodium_memzero(&s, sizeof s);
  return good;
}

bool minisign_parse_pub(const char *text, struct minisign_pub *pub) {
  struct public_file p;
  if (!decode(text, &p, sizeof p) || memcmp(p.algorithm, "Ed", 2) != 0) return false;
  memcpy(pub->id, p.id, sizeof pub->id);
  memcpy(pub->key, p.key, sizeof pub->key);
  return true;
}

bool minisign_read_pub(const char *file, struct minisign_pub *pub, struct problem *problem) {
  char *text, *at;
  size_t len;
  if (!open_text(file, &text, &at, &len, problem)) return false;
  char *first = line(&at);
  if (first && !strncmp(first, untrusted, strlen(untrusted))) first = line(&at);
  bool good = first && minisign_parse_pub(first, pub);
  free(text);
  return good || not_a_key(file, "公钥（.pub）", "public key (.pub)", problem);
}

/* BLAKE2b-512 of a whole file. */
static bool hash_file(const char *file, uint8_t hash[64], struct problem *problem) {
  uint8_t piece[65536];
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return problem_system(problem, errno, "无法读取", "can't read", file);
  crypto_generichash_state h;
  crypto_generichash_init(&h, NULL, 0, 64);
  ssize_t n;
  while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0) crypto_generichash_update(&h, piece, (size_t)n);
  int error = errno;
  close(fd);
  crypto_generichash_final(&h, hash, 64);
  return n == 0 || problem_system(problem, error, "无法读取", "can't read", file);
}

bool minisign_sign(const struct minisign_key *key, const char *file, const char *trusted_comment, struct problem *problem) {
  char out[PATH_MAX], text[1024], sig64[128], global64[128];
  uint8_t hash[64], both[64 + 256], global[64];
  struct signature_file s = {.algorithm = "ED"};
  size_t comment = strlen(trusted_comment);
  if (comment > 255 || strpbrk(trusted_comment, "\r\n") || snprintf(out, sizeof out, "%s.minisig", file) >= PATH_MAX)
    return problem_set(problem, "签名说明或文件名太长", "the signature's comment or the file's name is too long");
  if (!hash_file(file, hash, problem)) return false;
  memcpy(s.id, key->id, sizeof s.id);
  crypto_sign_detached(s.sig, NULL, hash, sizeof hash, key->key);
  memcpy(both, s.sig, sizeof s.sig);
  memcpy(both + sizeof s.sig, trusted_comment, comment);
  crypto_sign_detached(global, NULL, both, sizeof s.sig + comment, key->key);
  sodium_bin2base64(sig64, sizeof sig64, (const uint8_t *)&s, sizeof s, sodium_base64_VARIANT_ORIGINAL);
  sodium_bin2base64(global64, sizeof global64, global, sizeof global, sodium_base64_VARIANT_ORIGINAL);
  int n = snprintf(text, sizeof text, "%ssignature from yingbin secret key %016llX\n%s\n%s%s\n%s\n", untrusted,
                   (unsigned long long)load_le(key->id), sig64, trusted, trusted_comment, global64);
  return file_write(out, text, (size_t)n, 0644, problem);
}

/* The four lines, in place; false where one is missing or isn't what it should be. */
static bool parse_signature(char *text, struct signature_file *s, char **comment, uint8_t global[64]) {
  char *at = text, *first = line(&at), *second = line(&at), *third = line(&at), *fourth = line(&at);
  if (!fourth || strncmp(first, untrusted, strlen(untrusted)) != 0 || strncmp(third, trusted, strlen(trusted)) != 0)
    return false;
  *comment = third + strlen(trusted);
  return strlen(*comment) < LINE_MOST && decode(second, s, sizeof *s) && decode(fourth, global, 64) && s->algorithm[0] == 'E';
}

static bool check_comment(const struct minisign_pub *pub, const struct signature_file *s, const char *comment,
                          const uint8_t global[64]) {
  uint8_t both[64 + LINE_MOST];
  size_t n = strlen(comment);
  memcpy(both, s->sig, sizeof s->sig);
  memcpy(both + sizeof s->sig, comment, n);
  return crypto_sign_verify_detached(global, both, sizeof s->sig + n, pub->key) == 0;
}

bool minisign_read_sig(const struct minisign_pub *pub, const char *file, struct minisign_sig *sig, struct problem *problem) {
  char *text, *at, *comment;
  size_t len;
  struct signature_file s;
  uint8_t global[64];
  if (!open_text(file, &text, &at, &len, problem)) return false;
  bool good = false;
  if (!parse_signature(text, &s, &comment, global))
    problem_set(problem, "“%s”不是 minisign 签名，或已损坏：请重新复制活动包和它的 .minisig",
                "“%s” is no minisign signature, or is damaged: copy the pack and its .minisig again", file);
  else if (s.algorithm[1] != 'D')
    problem_set(problem, "“%s”是旧式签名：请用 yingbin pack build 或新版 minisign 重新签名",
                "“%s” is a signature of the old kind: sign again with yingbin pack build or a current minisign", file);
  else if (memcmp(s.id, pub->id, sizeof s.id) != 0)
    problem_set(problem, "“%1$s”是用另一把密钥 %2$016llX 签的，这里信任的是 %3$016llX：请核对公钥",
                "“%1$s” was signed with another key, %2$016llX; the one trusted here is %3$016llX: check the public key", file,
                (unsigned long long)load_le(s.id), (unsigned long long)load_le(pub->id));
  else if (!check_comment(pub, &s, comment, global))
    problem_set(problem, "“%s”的签名不对：签名文件被改动过，请向组织者重新索取",
                "the signature “%s” does not hold: it was changed; ask the organizer for it again", file);
  else
    good = true;
  if (good) {
    size_t n = utf8_cut(comment, strlen(comment), sizeof sig->comment - 1);
    memcpy(sig->id, s.id, sizeof sig->id);
    memcpy(sig->sig, s.sig, sizeof sig->sig);
    memcpy(sig->comment, comment, n);
    sig->comment[n] = 0;
  }
  free(text);
  return good;
}

bool minisign_check(const struct minisign_pub *pub, const struct minisign_sig *sig, const uint8_t hash[64]) {
  return memcmp(sig->id, pub->id, sizeof sig->id) == 0 && crypto_sign_verify_detached(sig->sig, hash, 64, pub->key) == 0;
}

bool minisign_verify(const struct minisign_pub *pub, const char *file, char *comment, size_t size, struct problem *problem) {
  char beside[PATH_MAX];
  struct minisign_sig sig;
  uint8_t hash[64];
  if (snprintf(beside, sizeof beside, "%s.minisig", file) >= PATH_MAX)
    return problem_set(problem, "“%s”太长", "“%s” is too long", file);
  if (!hash_file(file, hash, problem) || !minisign_read_sig(pub, beside, &sig, problem)) return false;
  if (!minisign_check(pub, &sig, hash))
    return problem_set(problem, "“%s”与它的签名不符：文件被改动或没有复制完整，请重新复制",
                       "“%s” does not match its signature: it was changed or not copied whole; copy it again", file);
  if (size) {
    size_t n = utf8_cut(sig.comment, strlen(sig.comment), size - 1);
    memcpy(comment, sig.comment, n);
    comment[n] = 0;
  }
  return true;
}
