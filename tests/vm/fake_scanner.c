/* SPDX-License-Identifier: Apache-2.0
 * A hand scanner that isn't there: a uinput keyboard with the USB numbers given, which waits until
 * somebody has grabbed it and then types the code, as scanners do: shifted capitals, Enter at the end.
 * Again every few seconds, as one does who isn't greeted: a busy machine may stretch the pauses between
 * keys so that it isn't a code. Killing it unplugs it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { KEY_MS = 10, BETWEEN_MS = 2000, PROBE_MS = 100, PATIENCE_MS = 30000 };

static void must(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "fake_scanner: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void pause_ms(long ms) {
  struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  while (nanosleep(&t, &t) < 0 && errno == EINTR) {
  }
}

/* The kernel's key numbers follow the rows of a US keyboard. */
static const struct row {
  const char *plain, *shifted;
  int first;
} rows[] = {
    {"1234567890-=", "!@#$%^&*()_+", KEY_1},
    {"qwertyuiop[]", "QWERTYUIOP{}", KEY_Q},
    {"asdfghjkl;'`", "ASDFGHJKL:\"~", KEY_A},
    {"zxcvbnm,./", "ZXCVBNM<>?", KEY_Z},
    {" ", "", KEY_SPACE},
};

static bool key_of(char c, int *key, bool *shift) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (int s = 0; s < 2; s++) {
      const char *row = s ? rows[i].shifted : rows[i].plain, *at = strchr(row, c);
      if (at == NULL || c == '\0') continue;
      *key = rows[i].first + (int)(at - row), *shift = s;
      return true;
    }
  return false;
}

static void emit(int fd, int type, int code, int value) {
  struct input_event e = {.type = (unsigned short)type, .code = (unsigned short)code, .value = value};
  must(write(fd, &e, sizeof e) == sizeof e, "key event");
}

/* One report down, one up. The pause is the scanner's own speed: a device's queue in the kernel holds 64 events. */
static void press(int fd, int key, bool shift) {
  for (int down = 1; down >= 0; down--) {
    if (shift) emit(fd, EV_KEY, KEY_LEFTSHIFT, down);
    emit(fd, EV_KEY, key, down);
    emit(fd, EV_SYN, SYN_REPORT, 0);
    pause_ms(KEY_MS / 2);
  }
}

static int plug_in(unsigned vendor, unsigned product) {
  int fd = open("/dev/uinput", O_WRONLY | O_CLOEXEC);
  must(fd >= 0, "/dev/uinput");
  must(ioctl(fd, UI_SET_EVBIT, EV_KEY) == 0, "keys");
  for (int key = KEY_ESC; key <= KEY_F10; key++) must(ioctl(fd, UI_SET_KEYBIT, key) == 0, "keys");
  struct uinput_setup setup = {.id = {.bustype = BUS_USB, .vendor = (__u16)vendor, .product = (__u16)product}};
  snprintf(setup.name, sizeof setup.name, "yingbin fake scanner");
  must(ioctl(fd, UI_DEV_SETUP, &setup) == 0 && ioctl(fd, UI_DEV_CREATE) == 0, "plug in");
  return fd;
}

static int open_event_node(int fd) {
  char name[64], path[320] = "";
  must(ioctl(fd, UI_GET_SYSNAME(sizeof name), name) >= 0, "the device's name");
  snprintf(path, sizeof path, "/sys/devices/virtual/input/%s", name);
  DIR *folder = opendir(path);
  must(folder != NULL, path);
  for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder))
    if (strncmp(e->d_name, "event", 5) == 0) snprintf(path, sizeof path, "/dev/input/%s", e->d_name);
  closedir(folder);
  int node = open(path, O_RDONLY | O_CLOEXEC);
  must(node >= 0, path);
  return node;
}

static void wait_for_grab(int node) {
  for (int ms = 0; ms < PATIENCE_MS; ms += PROBE_MS) {
    if (ioctl(node, EVIOCGRAB, 1) < 0 && errno == EBUSY) return;
    ioctl(node, EVIOCGRAB, 0);
    pause_ms(PROBE_MS);
  }
  errno = ETIMEDOUT;
  must(false, "nobody grabbed the scanner");
}

static void type(int fd, const char *code) {
  for (const char *c = code; *c != '\0'; c++) {
    int key;
    bool shift;
    errno = EINVAL;
    must(key_of(*c, &key, &shift), "a character that no key types");
    press(fd, key, shift);
  }
  press(fd, KEY_ENTER, false);
}

int main(int argc, char **argv) {
  unsigned vendor, product;
  if (argc != 3 || sscanf(argv[1], "%x:%x", &vendor, &product) != 2) {
    fprintf(stderr, "usage: fake_scanner VENDOR:PRODUCT CODE\n");
    return 2;
  }
  int fd = plug_in(vendor, product), node = open_event_node(fd);
  wait_for_grab(node);
  for (;;) {
    pause_ms(BETWEEN_MS);
    type(fd, argv[2]);
    fprintf(stderr, "fake_scanner: typed %zu characters\n", strlen(argv[2]));
  }
}
