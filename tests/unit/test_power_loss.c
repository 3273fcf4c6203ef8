/* SPDX-License-Identifier: Apache-2.0
 * Losing power at any moment. A VFS of our own notes every write, truncation and sync of the journal's
 * files while a kiosk appends; then the states that a disk may be in after a crash at each of these
 * points are made: what came before a file's last sync is there, of what came after it any 512-byte
 * sector may be. In each of them the journal must open with every record that was acknowledged before.
 *
 * That the same test fails with synchronous=OFF and NORMAL, and on a drive that lies about its syncs,
 * shows that it would see a loss.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "journal/store.h"
#include "scratch.h"

enum { DATABASE, WAL, FILES, OPS = 40000, APPENDS = 60, SECTOR = 512 };

enum op_kind { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_DELETE };

struct op {
  enum op_kind kind;
  int file;
  size_t at, len;
  unsigned char *bytes; /* owned: WRITE */
  int64_t acknowledged; /* records, when it was issued */
};

static struct op ops[OPS];
static int op_count;
static bool recording, drive_lies;
static int64_t acknowledged;
static uint8_t chains[APPENDS + 10][JOURNAL_CHAIN];

/* --- the VFS: the machine's own, with notes taken and no sync done --- */

struct noted {
  sqlite3_file base;
  int file; /* FILES: not one of the journal's two */
  sqlite3_file *real;
};

static sqlite3_vfs *machine;

static sqlite3_file *real_of(sqlite3_file *f) { return ((struct noted *)f)->real; }

static void note(sqlite3_file *f, enum op_kind kind, size_t at, const void *bytes, size_t len) {
  int file = ((struct noted *)f)->file;
  if (!recording || file == FILES || (kind == OP_SYNC && drive_lies)) return;
  assert_true(op_count < OPS);
  struct op *op = &ops[op_count++];
  *op = (struct op){.kind = kind, .file = file, .at = at, .len = len, .acknowledged = acknowledged};
  if (bytes) op->bytes = memcpy(malloc(len), bytes, len);
}

static int vfs_close(sqlite3_file *f) { return real_of(f)->pMethods ? real_of(f)->pMethods->xClose(real_of(f)) : SQLITE_OK; }
static int vfs_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
  return real_of(f)->pMethods->xRead(real_of(f), to, n, at);
}
static int vfs_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
  note(f, OP_WRITE, (size_t)at, from, (size_t)n);
  return real_of(f)->pMethods->xWrite(real_of(f), from, n, at);
}
static int vfs_truncate(sqlite3_file *f, sqlite3_int64 size) {
  note(f, OP_TRUNCATE, (size_t)size, NULL, 0);
  return real_of(f)->pMethods->xTruncate(real_of(f), size);
}
static int vfs_sync(sqlite3_file *f, int flags) {
  (void)flags;
  note(f, OP_SYNC, 0, NULL, 0);
  return SQLITE_OK;
}
static int vfs_size(sqlite3_file *f, sqlite3_int64 *size) { return real_of(f)->pMethods->xFileSize(real_of(f), size); }
static int vfs_lock(sqlite3_file *f, int lock) { return real_of(f)->pMethods->xLock(real_of(f), lock); }
static int vfs_unlock(sqlite3_file *f, int lock) { return real_of(f)->pMethods->xUnlock(real_of(f), lock); }
static int vfs_reserved(sqlite3_file *f, int *out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); }
static int vfs_control(sqlite3_file *f, int op, void *arg) { return real_of(f)->pMethods->xFileControl(real_of(f), op, arg); }
static int vfs_sector(sqlite3_file *f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }
static int vfs_traits(sqlite3_file *f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); }
static int vfs_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}
static int vfs_shm_lock(sqlite3_file *f, int at, int n, int flags) {
  return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}
static void vfs_shm_barrier(sqlite3_file *f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }
static int vfs_shm_unmap(sqlite3_file *f, int gone) { return real_of(f)->pMethods->xShmUnmap(real_of(f), gone); }

static const sqlite3_io_methods methods = {2,          vfs_close,   vfs_read,     vfs_write,       vfs_truncate,  vfs_sync,
                                           vfs_size,   vfs_lock,    vfs_unlock,   vfs_reserved,    vfs_control,   vfs_sector,
                                           vfs_traits, vfs_shm_map, vfs_shm_lock, vfs_shm_barrier, vfs_shm_unmap, NULL,
                                           NULL};

static bool ends(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && !strcmp(text + n - m, end);
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out) {
  struct noted *n = (struct noted *)f;
  (void)vfs;
  *n = (struct noted){.file = name && ends(name, "/journal.db")       ? DATABASE
                              : name && ends(name, "/journal.db-wal") ? WAL
                                                                      : FILES,
                      .real = (sqlite3_file *)(n + 1)};
  int code = machine->xOpen(machine, name, n->real, flags, out);
  if (n->real->pMethods) f->pMethods = &methods;
  return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync) {
  (void)vfs;
  struct noted gone = {.file = ends(name, "/journal.db-wal") ? WAL : FILES};
  note(&gone.base, OP_DELETE, 0, NULL, 0);
  return machine->xDelete(machine, name, sync);
}

static int install_vfs(void **state) {
  static sqlite3_vfs ours;
  (void)state;
  sqlite3_initialize();
  machine = sqlite3_vfs_find(NULL);
  ours = *machine;
  ours.zName = "notes";
  ours.szOsFile = (int)sizeof(struct noted) + machine->szOsFile;
  ours.xOpen = vfs_open;
  ours.xDelete = vfs_delete;
  return sqlite3_vfs_register(&ours, 1);
}

/* --- the states of a disk --- */

struct image {
  unsigned char *bytes;
  size_t len, room;
  bool exists;
};

static void image_put(struct image *m, size_t at, const unsigned char *bytes, size_t len) {
  if (at + len > m->room) m->bytes = realloc(m->bytes, m->room = 2 * (at + len));
  if (at > m->len) memset(m->bytes + m->len, 0, at - m->len);
  memcpy(m->bytes + at, bytes, len);
  if (at + len > m->len) m->len = at + len;
  m->exists = true;
}

static void image_copy(const struct image *from, struct image *to) {
  to->len = 0;
  if (from->len) image_put(to, 0, from->bytes, from->len);
  to->exists = from->exists;
}

static uint64_t dice = 1;
static bool heads(void) {
  dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return dice >> 63;
}

enum luck { NOTHING_LANDS, ALL_LANDS, SOME_LANDS };

static bool lands(enum luck luck) { return luck == ALL_LANDS || (luck == SOME_LANDS && heads()); }

static void apply(struct image *m, const struct op *op, enum luck luck) {
  if (op->kind == OP_TRUNCATE && lands(luck) && op->at < m->len) m->len = op->at;
  if (op->kind == OP_DELETE && lands(luck)) m->len = 0, m->exists = false;
  for (size_t done = 0, n; op->kind == OP_WRITE && done < op->len; done += n) {
    n = SECTOR - (op->at + done) % SECTOR;
    if (n > op->len - done) n = op->len - done;
    if (lands(luck)) image_put(m, op->at + done, op->bytes + done, n);
  }
}

/* --- a kiosk that appends, and one that comes up after the crash --- */

struct disk {
  struct scratch live, crashed;
  struct kiosk_identity identity;
  struct image before[FILES]; /* synced, at the beginning */
};

static struct journal *open_journal(const char *data, const struct kiosk_identity *identity) {
  struct journal *j = NULL;
  struct problem problem;
  return journal_open(data, identity, "boot", &j, &problem) ? j : NULL;
}

static void append(struct journal *j, int i) {
  struct checkin c = {.kind = RECORD_SCAN,
                      .event = "meet",
                      .station = "meet/door",
                      .verdict = VERDICT_ADMIT,
                      .count = 1,
                      .at = {i, i, true},
                      .view_age_s = -1};
  struct problem problem;
  int64_t seq;
  snprintf(c.attendee, sizeof c.attendee, "%d", i * 7919 % 1000);
  memset(c.note, 'x', (size_t)(i * 37 % 200));
  assert_true(journal_append(j, &c, &seq, &problem));
  acknowledged = seq;
  memcpy(chains[seq], j->chain, JOURNAL_CHAIN);
}

static void disk_fini(struct disk *d) {
  for (int i = 0; i < op_count; i++) free(ops[i].bytes);
  for (int i = 0; i < FILES; i++) free(d->before[i].bytes);
  scratch_remove(&d->live);
  scratch_remove(&d->crashed);
  op_count = 0;
}

/* Appends with a checkpoint now and then, as desk does; leaves the notes of it. */
static void live(struct disk *d, const char *pragma) {
  struct problem problem;
  size_t len;
  acknowledged = 0;
  scratch_make(&d->live);
  scratch_make(&d->crashed);
  assert_true(journal_identity(d->live.path, "door-1", &d->identity, &problem));
  struct journal *j = open_journal(d->live.path, &d->identity);
  append(j, 0);
  journal_close(j);
  char *bytes = scratch_read(scratch_file(&d->live, "journal.db"), &len);
  image_put(&d->before[DATABASE], 0, (unsigned char *)bytes, len);
  free(bytes);
  bytes = scratch_read(scratch_file(&d->live, "kiosk.key"), &len);
  scratch_write(scratch_file(&d->crashed, "kiosk.key"), bytes, len);
  free(bytes);

  recording = true;
  j = open_journal(d->live.path, &d->identity);
  assert_int_equal(sqlite3_exec(j->db, pragma, NULL, NULL, NULL), SQLITE_OK);
  for (int i = 1; i < APPENDS; i++) {
    append(j, i);
    if (i % 17 == 0) assert_true(journal_checkpoint(j));
  }
  recording = false;
  journal_close(j);
}

static int same_text(void *good, int n, char **values, char **names) {
  (void)n, (void)names;
  *(bool *)good = !strcmp(values[0], "ok");
  return 0;
}

/* Every acknowledged record is there, unchanged, with at most one that was on its way; and all counts agree. */
static bool survives(struct disk *d, const struct image state[FILES], int64_t acked) {
  static const char *const names[FILES] = {"journal.db", "journal.db-wal"};
  struct event calendar = {.id = "meet", .zone = {.spans = 1}};
  int64_t all = -1, today;
  remove(scratch_file(&d->crashed, "journal.db-shm"));
  for (int i = 0; i < FILES; i++) {
    remove(scratch_file(&d->crashed, names[i]));
    if (state[i].exists)
      scratch_write(scratch_file(&d->crashed, names[i]), state[i].bytes ? state[i].bytes : (unsigned char *)"", state[i].len);
  }
  struct journal *j = open_journal(d->crashed.path, &d->identity);
  if (!j) return false;
  bool good = j->seq >= acked && j->seq <= acked + 1 && !memcmp(j->chain, chains[j->seq], JOURNAL_CHAIN);
  bool whole = false;
  good = good && !sqlite3_exec(j->db, "PRAGMA integrity_check(1)", same_text, &whole, NULL) && whole &&
         journal_counts(j, "meet/door", &calendar, (struct moment){0}, &all, &today) && all == j->seq;
  journal_close(j);
  return good;
}

struct outcome {
  int good, bad;
};

/* Crashes before each of the notes, `times` ways each. Ops up to a file's last sync have landed for sure. */
static struct outcome crash_everywhere(struct disk *d, int step, int times) {
  struct image sure[FILES] = {{0}}, state[FILES] = {{0}};
  int synced[FILES] = {0};
  struct outcome o = {0, 0};
  for (int f = 0; f < FILES; f++) image_copy(&d->before[f], &sure[f]);
  for (int at = 0; at <= op_count; at++) {
    int64_t acked = at < op_count ? ops[at].acknowledged : acknowledged;
    for (int t = 0; at % step == 0 && t < times; t++) {
      enum luck luck = t == 0 ? (at / step % 2 ? NOTHING_LANDS : ALL_LANDS) : SOME_LANDS;
      for (int f = 0; f < FILES; f++) {
        image_copy(&sure[f], &state[f]);
        for (int i = synced[f]; i < at; i++)
          if (ops[i].file == f) apply(&state[f], &ops[i], luck);
      }
      *(survives(d, state, acked) ? &o.good : &o.bad) += 1;
    }
    if (at == op_count || ops[at].kind != OP_SYNC) continue;
    int f = ops[at].file;
    for (; synced[f] < at; synced[f]++)
      if (ops[synced[f]].file == f) apply(&sure[f], &ops[synced[f]], ALL_LANDS);
  }
  for (int f = 0; f < FILES; f++) free(sure[f].bytes), free(state[f].bytes);
  return o;
}

static struct outcome run(const char *pragma, int step, int times) {
  struct disk d = {.before = {{0}}};
  live(&d, pragma);
  struct outcome o = crash_everywhere(&d, step, times);
  print_message("%s%s: %d operations, %d states survive, %d lose something\n", *pragma ? pragma : "as shipped",
                drive_lies ? ", a drive that lies" : "", op_count, o.good, o.bad);
  disk_fini(&d);
  return o;
}

static void test_as_shipped(void **state) {
  (void)state;
  struct outcome o = run("", 1, 2);
  assert_int_equal(o.bad, 0);
  assert_true(o.good > 1000);
}

static void test_normal_loses(void **state) {
  (void)state;
  assert_true(run("PRAGMA synchronous = NORMAL", 7, 1).bad > 0);
}

static void test_off_loses(void **state) {
  (void)state;
  assert_true(run("PRAGMA synchronous = OFF", 7, 1).bad > 0);
}

static void test_lying_drive_loses(void **state) {
  (void)state;
  drive_lies = true;
  assert_true(run("", 7, 1).bad > 0);
  drive_lies = false;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_as_shipped),
      cmocka_unit_test(test_normal_loses),
      cmocka_unit_test(test_off_loses),
      cmocka_unit_test(test_lying_drive_loses),
  };
  return cmocka_run_group_tests(tests, install_vfs, NULL);
}
