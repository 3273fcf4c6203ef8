/* SPDX-License-Identifier: Apache-2.0
 * yingbin-decoder: reads the frames in its shared memory, and can do nothing else. See decoder.h for
 * the contract; only watch starts it. Everything that opens a file or asks the system for something
 * is done, and has been done once, before the filter closes the door.
 */
#include <iconv.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scan/confine.h"
#include "scan/decoder.h"

/* A version 1-Q code, one bit a module, lowest bit left: read once so that all that zbar loads late is there. */
enum { WARM_SIDE = 21, WARM_MODULE = 4, WARM_QUIET = 4, WARM_PIXELS = (WARM_SIDE + 2 * WARM_QUIET) * WARM_MODULE };

static const uint32_t warm_code[WARM_SIDE] = {0x1fdc7f, 0x105e41, 0x17425d, 0x17575d, 0x17465d, 0x105941, 0x1fd57f,
                                              0x001500, 0x02c046, 0x14aaa7, 0x155f74, 0x0f0b8e, 0x15fad4, 0x0e4f00,
                                              0x1e087f, 0x024641, 0x09e05d, 0x01225d, 0x18eb5d, 0x124341, 0x1f5e7f};

/* zbar opens a converter for each charset that a code declares (ECI); glibc loads it from a file and
 * keeps it only as long as somebody holds it. */
static void hold_charsets(void) {
  static const char *const charsets[] = {
      "CP437",      "SJIS",       "UTF-8",      "BIG-5",      "ISO8859-1",  "ISO8859-2",  "ISO8859-3",
      "ISO8859-4",  "ISO8859-5",  "ISO8859-6",  "ISO8859-7",  "ISO8859-8",  "ISO8859-9",  "ISO8859-10",
      "ISO8859-11", "ISO8859-12", "ISO8859-13", "ISO8859-14", "ISO8859-15", "ISO8859-16",
  };
  /* One that this system lacks is not loaded later either: its absence is remembered. */
  for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) (void)iconv_open("UTF-8", charsets[i]);
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* glibc's qsort asks for the size of the memory (sysinfo) when it first sorts more than 1024 bytes, as zbar
 * does with the lines of any frame larger than the one below. */
static void warm_sort(void) {
  uint32_t many[512];
  for (uint32_t i = 0; i < sizeof many / sizeof *many; i++) many[i] = i * 2654435761u;
  qsort(many, sizeof many / sizeof *many, sizeof *many, by_value);
}

static bool warm_up(struct scanner *scanner, struct scan_result *result) {
  static uint8_t luma[WARM_PIXELS * WARM_PIXELS];
  memset(luma, 255, sizeof luma);
  for (int y = 0; y < WARM_SIDE * WARM_MODULE; y++) {
    for (int x = 0; x < WARM_SIDE * WARM_MODULE; x++) {
      bool dark = warm_code[y / WARM_MODULE] >> (x / WARM_MODULE) & 1;
      if (dark) luma[(y + WARM_QUIET * WARM_MODULE) * WARM_PIXELS + x + WARM_QUIET * WARM_MODULE] = 0;
    }
  }
  struct frame frame = {.luma = luma, .w = WARM_PIXELS, .h = WARM_PIXELS, .stride = WARM_PIXELS};
  return scanner_read(scanner, &frame, SCAN_FULL, result);
}

static bool say(struct decoder_share *share, enum decoder_ready ready) {
  uint64_t one = 1;
  __atomic_store_n(&share->ready, (uint32_t)ready, __ATOMIC_RELEASE);
  return write(DECODER_FD_DONE, &one, sizeof one) == sizeof one;
}

static uint32_t cpu_us(void) {
  struct timespec t = {0};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint32_t)((int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

static void read_frames(struct scanner *scanner, struct decoder_share *share) {
  uint64_t rung, one = 1;
  while (read(DECODER_FD_WAKE, &rung, sizeof rung) == sizeof rung) {
    uint32_t since = cpu_us(), job = __atomic_load_n(&share->job, __ATOMIC_ACQUIRE);
    struct frame frame = {.luma = share->luma, .w = share->w, .h = share->h, .stride = share->stride};
    scanner_read(scanner, &frame, (enum scan_effort)share->effort, &share->result);
    share->cpu_us = cpu_us() - since;
    __atomic_store_n(&share->done_job, job, __ATOMIC_RELEASE);
    if (write(DECODER_FD_DONE, &one, sizeof one) != sizeof one) return;
  }
}

static struct decoder_share *share_map(void) {
  struct stat s;
  if (fstat(DECODER_FD_SHARE, &s) || s.st_size != (off_t)sizeof(struct decoder_share)) return NULL;
  void *at = mmap(NULL, sizeof(struct decoder_share), PROT_READ | PROT_WRITE, MAP_SHARED, DECODER_FD_SHARE, 0);
  if (at == MAP_FAILED) return NULL;
  struct decoder_share *share = at;
  return share->abi == DECODER_ABI ? share : NULL;
}

static bool put(int fd, const char *text) {
  size_t len = strlen(text);
  return write(fd, text, len) == (ssize_t)len;
}

/* For people, who have no business here: on stdout where they asked, else on stderr. */
static int usage(bool asked) {
  static const char text[] =
      "用法 / usage: yingbin-decoder PARENT-PID [--unfiltered]\n\n"
      "  由 yingbin-kiosk 启动，在沙箱里读取画面中的二维码；不能单独使用\n"
      "  yingbin-kiosk starts it, to read the codes in its frames inside a sandbox; it is of no use alone\n\n"
      "  --help, --version\n";
  bool told = put(asked ? STDOUT_FILENO : STDERR_FILENO, text);
  return !asked ? 2 : told ? 0 : 1;
}

/* yingbin-decoder PARENT-PID [--unfiltered]; with the latter it keeps stderr, for sanitizers to speak on. */
int main(int argc, char **argv) {
  bool unfiltered = argc == 3 && !strcmp(argv[2], "--unfiltered");
  if (argc == 2 && !strcmp(argv[1], "--help")) return usage(true);
  if (argc == 2 && !strcmp(argv[1], "--version")) return put(STDOUT_FILENO, "yingbin-decoder " YINGBIN_VERSION "\n") ? 0 : 1;
  if (argc != 2 && !unfiltered) return usage(false);
  pid_t parent = (pid_t)strtol(argv[1], NULL, 10);
  if (parent < 1) return usage(false);
  /* Asked after the request, so that a parent that died in between is noticed. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent) return 1;
  struct decoder_share *share = share_map();
  if (!share) return usage(false);

  struct scanner *scanner = scanner_open();
  hold_charsets();
  warm_sort();
  if (!scanner || !warm_up(scanner, &share->result)) return 1;
  cpu_us();
  if (!confine_secrets() || !(unfiltered || confine_all())) {
    say(share, DECODER_REFUSED);
    return 1;
  }
  if (say(share, unfiltered ? DECODER_UNFILTERED : DECODER_FILTERED)) read_frames(scanner, share);
  return 1;
}
