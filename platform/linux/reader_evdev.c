/* SPDX-License-Identifier: Apache-2.0 */
#include "platform/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"
#include "platform/linux/evdev_keys.h"

enum { LOOK_AGAIN_MS = 1000 };

struct reader_evdev {
  uint16_t vendor, product;
  struct tick *clock; /* borrowed */
  struct mailbox *to; /* borrowed */
  struct bell bell;
  struct thread thread;
  int fd; /* -1: not there */
  atomic_bool present;
  bool told_absent;
  struct evdev_keys keys;
};

static bool evdev_address(const char *address, uint16_t *vendor, uint16_t *product) {
  unsigned v, p;
  int end = 0;
  if (strspn(address, "0123456789abcdefABCDEF:") != strlen(address)) return false;
  if (sscanf(address, "%4x:%4x%n", &v, &p, &end) != 2 || address[end] != '\0') return false;
  *vendor = (uint16_t)v;
  *product = (uint16_t)p;
  return true;
}

static bool evdev_check(const char *address, struct problem *problem) {
  uint16_t vendor, product;
  if (evdev_address(address, &vendor, &product)) return true;
  return problem_set(problem, "扫码枪地址“%s”应为十六进制的 厂商:产品，例如 evdev:1a86:e026（用 lsusb 查看）",
                     "reader address \"%s\" should be VENDOR:PRODUCT in hex, for example evdev:1a86:e026 (lsusb shows them)",
                     address);
}

static bool has_bit(const unsigned char *bits, unsigned i) { return (bits[i / 8] >> (i % 8)) & 1; }

/* A scanner shows several devices (keyboard, consumer keys, sometimes a mouse): the one that can
 * press digits and Enter is meant. */
static bool evdev_is_ours(int fd, uint16_t vendor, uint16_t product) {
  struct input_id id;
  unsigned char bits[KEY_CNT / 8] = {0};
  return ioctl(fd, EVIOCGID, &id) == 0 && id.vendor == vendor && id.product == product &&
         ioctl(fd, EVIOCGBIT(EV_KEY, sizeof bits), bits) >= 0 && has_bit(bits, KEY_ENTER) && has_bit(bits, KEY_1);
}

static bool evdev_take(int fd, const char *name) {
  int clock = CLOCK_BOOTTIME;
  if (ioctl(fd, EVIOCSCLOCKID, &clock) == 0 && ioctl(fd, EVIOCGRAB, 1) == 0) return true;
  log_warn("reader: %s can't be grabbed: %s", name, strerror(errno));
  return false;
}

static int evdev_find(uint16_t vendor, uint16_t product) {
  DIR *dir = opendir("/dev/input");
  if (!dir) return -1;
  int found = -1;
  for (struct dirent *e; found < 0 && (e = readdir(dir));) {
    if (strncmp(e->d_name, "event", 5) != 0) continue;
    int fd = openat(dirfd(dir), e->d_name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) continue;
    if (evdev_is_ours(fd, vendor, product) && evdev_take(fd, e->d_name)) {
      found = fd;
    } else {
      close(fd);
    }
  }
  closedir(dir);
  return found;
}

static void evdev_look(struct reader_evdev *r, struct moment now) {
  r->fd = evdev_find(r->vendor, r->product);
  if (r->fd >= 0) {
    log_info("reader: %04x:%04x is there", r->vendor, r->product);
    evdev_keys_init(&r->keys);
    wedge_spoil_at(&r->keys.wedge, now.mono_ms); /* it may be in the middle of a code */
    atomic_store(&r->present, true);
    r->told_absent = false;
  } else if (!r->told_absent) {
    log_warn("reader: %04x:%04x isn't there (or /dev/input may not be read); looking again every second", r->vendor,
             r->product);
    r->told_absent = true;
  }
}

static int64_t evdev_step(void *self, struct moment now) {
  struct reader_evdev *r = self;
  if (r->fd < 0) evdev_look(r, now);
  if (r->fd < 0) return now.mono_ms + LOOK_AGAIN_MS;
  struct pollfd on[] = {{.fd = r->fd, .events = POLLIN}, {.fd = r->bell.fd, .events = POLLIN}};
  if (poll(on, 2, LOOK_AGAIN_MS) > 0 && on[0].revents && !evdev_keys_read(&r->keys, r->fd, r->clock, r->to)) {
    log_warn("reader: %04x:%04x went away", r->vendor, r->product);
    close(r->fd);
    r->fd = -1;
    r->told_absent = true;
    atomic_store(&r->present, false);
  }
  return now.mono_ms;
}

static struct moment evdev_now(void *clock) { return tick_now(clock); }

static bool evdev_start(const char *address, struct tick *clock, struct mailbox *to, void **self, struct problem *problem) {
  if (!evdev_check(address, problem)) return false;
  struct reader_evdev *r = calloc(1, sizeof *r);
  if (!r || !bell_init(&r->bell)) {
    free(r);
    return problem_set(problem, "内存或文件描述符不足，扫码枪没有启动",
                       "out of memory or descriptors: the reader did not start");
  }
  evdev_address(address, &r->vendor, &r->product);
  r->clock = clock;
  r->to = to;
  r->fd = -1;
  r->thread =
      (struct thread){.name = "reader", .step = evdev_step, .self = r, .bell = &r->bell, .now = evdev_now, .clock = clock};
  if (!thread_start(&r->thread)) {
    bell_fini(&r->bell);
    free(r);
    return problem_set(problem, "无法启动扫码枪线程", "the reader's thread can't be started");
  }
  *self = r;
  return true;
}

static bool evdev_present(const void *self) { return atomic_load(&((const struct reader_evdev *)self)->present); }

static void evdev_stop(void *self) {
  struct reader_evdev *r = self;
  if (!r) return;
  thread_stop(&r->thread);
  thread_join(&r->thread);
  if (r->fd >= 0) close(r->fd); /* gives the grab back */
  bell_fini(&r->bell);
  free(r);
}

const struct reader_ops reader_evdev_ops = {
    .scheme = "evdev", .check = evdev_check, .start = evdev_start, .present = evdev_present, .stop = evdev_stop};
