/* SPDX-License-Identifier: Apache-2.0
 * yingbin-kiosk: options to kiosk. The only file that names concrete drivers.
 */
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/config.h"
#include "base/ending.h"
#include "base/installed.h"
#include "base/log.h"
#include "console_pin.h"
#include "kiosk.h"
#include "monitor/monitor.h"
#include "wire/wire.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };
enum pace { PACE_REAL, PACE_FAST };
enum mirror_shown { MIRROR_ON, MIRROR_OFF };
enum motion { MOTION_ON, MOTION_OFF };
enum monitor_safety { MONITOR_TLS, MONITOR_PLAIN };
enum sounds { SOUNDS_ON, SOUNDS_OFF };
enum clock_kind { CLOCK_SYSTEM, CLOCK_TRUST, CLOCK_STREAM, CLOCK_ADRIFT };

struct settings {
  char kiosk[ID_MAX], station[ID_MAX * 2];
  char pack[PATH_MAX], pub[PATH_MAX], data[PATH_MAX];
  char camera[PATH_MAX + 64];
  int64_t camera_width, camera_height, camera_fps;
  int pace;
  char reader[64], lang[64], window[32];
  int monitor_tls, theme, motion, mirror, camera_at, clock, sound;
  int64_t volume;
  char volume_night[32];
  int64_t clock_start;
  char events[8];
  char hub[WIRE_HUB], hub_pin[72], hub_ca[PATH_MAX], finder[PATH_MAX + 16], uplink[PATH_MAX + 16];
  char sensors[PATH_MAX + 16];
  char monitor[64], console_pin[160], export_to[PATH_MAX], shutdown_command[256];
  char shots[PATH_MAX], decoder[PATH_MAX], assets[PATH_MAX];
  int64_t hub_wait_s, allow_build;
  int log;
};

#define FIELD(name) offsetof(struct settings, name), sizeof((struct settings *)0)->name

static const struct config_option options_table[] = {
    {"kiosk", CONFIG_TEXT, FIELD(kiosk), "kiosk-1", NULL, 0, 0, "这台签到机的名称，写进每条签到记录",
     "this kiosk's name, which goes into its records"},
    {"pack", CONFIG_PATH, FIELD(pack), "", NULL, 0, 0, "活动包文件（.ybp，旁边有 .minisig）；空：用数据文件夹里的那个",
     "the event pack (.ybp, its .minisig beside it); empty: the one in the data folder"},
    {"pub", CONFIG_PATH, FIELD(pub), "", NULL, 0, 0, "签名活动包的公钥：.pub 文件，或其中 base64 的那一行",
     "the public key that packs are signed with: the .pub file, or its base64 line"},
    {"data", CONFIG_PATH, FIELD(data), "", NULL, 0, 0,
     "数据文件夹（签到日志、密钥）；空：systemd 的 StateDirectory，否则 ~/.local/share/yingbin",
     "data folder (journal, key); empty: systemd's StateDirectory, else ~/.local/share/yingbin"},
    {"station", CONFIG_TEXT, FIELD(station), "", NULL, 0, 0, "签到点：活动/签到点；活动包里只有一个时可以空着",
     "the station it serves: EVENT/STATION; may be empty where the pack has just one"},
    {"camera", CONFIG_SOURCE, FIELD(camera), "v4l2:/dev/video0", "i420", 0, 0,
     "v4l2:设备、y4m:文件、i420:宽x高@帧率:文件、files:文件夹 或 none；录像后面加 once：放完就退出",
     "v4l2:DEVICE, y4m:FILE, i420:WxH@FPS:FILE, files:FOLDER or none; `once` after a recording: end with it"},
    {"camera_width", CONFIG_INT, FIELD(camera_width), "1280", NULL, 160, 4096, "希望的画面宽度", "width to ask the camera for"},
    {"camera_height", CONFIG_INT, FIELD(camera_height), "720", NULL, 120, 3072, "希望的画面高度",
     "height to ask the camera for"},
    {"camera_fps", CONFIG_INT, FIELD(camera_fps), "30", NULL, 1, 120, "希望的帧率", "frames a second to ask for"},
    {"pace", CONFIG_CHOICE, FIELD(pace), "real", "real|fast", 0, 0, "录像的速度：real 按原来的时间，fast 一帧接一帧，不漏一帧",
     "a recording's pace: real in its own time, fast as fast as it goes with no frame left out"},
    {"reader", CONFIG_TEXT, FIELD(reader), "keyboard", NULL, 0, 0,
     "扫码枪：evdev:厂商:产品（独占）、keyboard（当作键盘）或 none",
     "hand scanner: evdev:VENDOR:PRODUCT (grabbed), keyboard (the window's keys) or none"},
    {"lang", CONFIG_TEXT, FIELD(lang), "zh-Hans en", NULL, 0, 0, "界面语言，最多两种：zh-Hans、zh-Hant、en",
     "the screens' languages, at most two of zh-Hans, zh-Hant, en"},
    {"window", CONFIG_TEXT, FIELD(window), "full", NULL, 0, 0, "full（全屏）或 宽x高", "full (screen) or WxH"},
    {"theme", CONFIG_CHOICE, FIELD(theme), "auto", "light|dark|auto", 0, 0, "浅色、深色，或 auto：按活动的设定，否则晚上变深",
     "light, dark, or auto: as the event wishes, else dark in the evening"},
    {"motion", CONFIG_CHOICE, FIELD(motion), "on", "on|off", 0, 0, "off：画面没有动效，空闲时不轮换语言",
     "off: nothing moves by itself, and idle stays in its first language"},
    {"mirror", CONFIG_CHOICE, FIELD(mirror), "on", "on|off", 0, 0, "空闲时显示摄像头看到的小画面，二维码会被涂掉",
     "idle shows, small, what the camera sees, with codes painted over"},
    {"camera_at", CONFIG_CHOICE, FIELD(camera_at), "top", "top|bottom|left|right", 0, 0, "摄像头在屏幕的哪一边：箭头指向它",
     "on which side of the screen the camera is: an arrow points there"},
    {"sound", CONFIG_CHOICE, FIELD(sound), "on", "on|off", 0, 0, "每个结果的提示音", "a tone for each verdict"},
    {"volume", CONFIG_INT, FIELD(volume), "8", NULL, 0, VOLUME_MOST, "音量，0 到 10", "how loud, 0 to 10"},
    {"volume.night", CONFIG_TEXT, FIELD(volume_night), "", NULL, 0, 0,
     "夜间的音量和时间（活动当地时间），例如 3 22:00-07:30；空：全天一样",
     "by night, in the event's time: VOLUME FROM-TO, for example 3 22:00-07:30; empty: the same all day"},
    {"clock", CONFIG_CHOICE, FIELD(clock), "system", "system|trust|stream|adrift", 0, 0,
     "system：对过时的系统时钟；trust：相信系统时钟；stream：从 clock_start 开始；adrift：也从那里开始，但谁也不担保它准",
     "system: the system's clock, trusted once it is synchronized; trust: trusted as it is; stream: from clock_start on; "
     "adrift: "
     "likewise, but nobody vouches for it"},
    {"clock_start", CONFIG_INT, FIELD(clock_start), "0", NULL, 0, INT64_MAX, "clock = stream 或 adrift 时的开始时间，UTC 毫秒",
     "where clock = stream, or adrift, starts, ms UTC since 1970"},
    {"hub", CONFIG_TEXT, FIELD(hub), "", NULL, 0, 0,
     "汇总站的网址；空：用设置卡上的，连不上时在局域网里找钥匙相同的；here：这台就是汇总站（启动 "
     "yingbin-hub-here）。登记总要出示设置卡",
     "the hub's address; empty: as the setup card says, and where that can't be reached, one in this network that has its key; "
     "here: this kiosk carries it (starts yingbin-hub-here). To enrol, a setup card is shown in any case"},
    {"finder", CONFIG_SOURCE, FIELD(finder), "avahi", NULL, 0, 0,
     "用什么在局域网里找汇总站：avahi（mDNS），或测试用的 file:文件",
     "what looks for a hub in this network: avahi (mDNS); for tests file:FILE"},
    {"hub_pin", CONFIG_TEXT, FIELD(hub_pin), "", NULL, 0, 0, "汇总站公钥的 SHA-256（64 位十六进制）；空：用设置卡上的 spki",
     "SHA-256 of the hub's public key, 64 hexadecimal digits; empty: spki of the setup card"},
    {"hub_ca", CONFIG_PATH, FIELD(hub_ca), "", NULL, 0, 0, "给汇总站证书作保的 CA（PEM 文件）；空：系统自带的",
     "who vouches for the hub's certificate (a PEM file); empty: the system's authorities"},
    {"hub_wait_s", CONFIG_INT, FIELD(hub_wait_s), "60", NULL, 1, 600, "汇总站的一次回答最多等多少秒",
     "how many seconds an answer of the hub is waited for at most"},
    {"uplink", CONFIG_SOURCE, FIELD(uplink), "http", NULL, 0, 0, "http，或测试用的 script:文件", "http; for tests script:FILE"},
    {"events", CONFIG_TEXT, FIELD(events), "", NULL, 0, 0, "-：每个结果在标准输出上写一行 JSON",
     "-: a JSON line a verdict on standard output"},
    {"console_pin", CONFIG_TEXT, FIELD(console_pin), "", NULL, 0, 0,
     "值班台也可以用 Ctrl-Alt-S 加密码打开（看不到名单）：这里填 yingbin-kiosk --hash-pin 的输出；空：只能用值班卡",
     "Ctrl-Alt-S and a PIN open the staff console, too (without its people): what yingbin-kiosk --hash-pin prints; empty: "
     "cards only"},
    {"export_to", CONFIG_PATH, FIELD(export_to), "", NULL, 0, 0,
     "值班台可以把签到日志导出到这个文件夹；空：只能导出到 /media 或 /run/media 下的 U 盘",
     "a folder that the staff console may export the journal to; empty: only sticks under /media or /run/media"},
    {"monitor", CONFIG_TEXT, FIELD(monitor), "off", NULL, 0, 0,
     "志愿者手机页面和 /metrics 的地址：off，或 地址:端口，例如 0.0.0.0:8443",
     "where volunteers' phones and /metrics find this kiosk: off, or ADDR:PORT, for example 0.0.0.0:8443"},
    {"monitor_tls", CONFIG_CHOICE, FIELD(monitor_tls), "on", "on|off", 0, 0,
     "off：不加密，手机只能看状态和人数，不能找人、不能签到",
     "off: not encrypted, and phones see health and counts only: no search, no check-in"},
    {"shutdown_command", CONFIG_TEXT, FIELD(shutdown_command), "", NULL, 0, 0,
     "值班台关机时运行的命令，例如 systemctl poweroff；空：只退出签到程序",
     "what a shutdown from the staff console runs, for example systemctl poweroff; empty: the kiosk only ends"},
    {"sensors", CONFIG_SOURCE, FIELD(sensors), "linux", NULL, 0, 0,
     "温度和供电从哪里读：linux（/sys）、linux:文件夹 或 none；没有传感器的一项显示为不知道",
     "where temperature and power are read: linux (/sys), linux:FOLDER or none; what has no sensor is shown as not known"},
    {"shots", CONFIG_PATH, FIELD(shots), "", NULL, 0, 0, "每个结果的截图存到这个文件夹",
     "a picture of each verdict's screen goes into this folder"},
    {"decoder", CONFIG_PATH, FIELD(decoder), "", NULL, 0, 0, "解码程序；空：本程序旁边的 yingbin-decoder",
     "the decoder program; empty: yingbin-decoder beside this one"},
    {"assets", CONFIG_PATH, FIELD(assets), "", NULL, 0, 0, "字体表和界面文字的文件夹；空：自动查找",
     "folder of fonts.conf, themes.ini and strings; empty: found by itself"},
    {"allow_build", CONFIG_INT, FIELD(allow_build), "0", NULL, 0, UINT32_MAX, "允许换回这个较旧的活动包版本号",
     "a build of the pack that is older than the last one used, and yet wanted"},
    {"log", CONFIG_CHOICE, FIELD(log), "info", "error|warn|info|debug", 0, 0, "标准错误上写多少",
     "how much is said on standard error"},
    {.key = NULL},
};

static const struct reader_ops *const readers[] = {&reader_evdev_ops};
static const struct finder_ops *const finders[] = {&finder_avahi_ops, &finder_file_ops};
static const struct uplink_ops *const uplinks[] = {&uplink_http_ops, &uplink_script_ops};
static const char *const cameras[] = {"v4l2:", "y4m:", "i420:", "files:"}; /* and "none" */

static struct kiosk_stop stop;

static void on_signal(int number) {
  (void)number;
  kiosk_stop_ask(&stop);
}

/* What the command line asks for besides settings. */
static struct command { bool help, version, print, check, hash_pin, insecure_decoder; } command;

static const struct config_flag flags[] = {{"--help", &command.help, NULL},
                                           {"-h", &command.help, NULL},
                                           {"--version", &command.version, NULL},
                                           {"--print-config", &command.print, NULL},
                                           {"--check-config", &command.check, NULL},
                                           {"--hash-pin", &command.hash_pin, NULL},
                                           {"--insecure-decoder", &command.insecure_decoder, NULL},
                                           {.name = NULL}};

static void usage(FILE *out) {
  fputs("yingbin-kiosk [--config FILE] [--set key=value]... [--print-config] [--check-config] [--hash-pin] "
        "[--insecure-decoder]\n"
        "  --config FILE         从文件读设置（一行一个 key = value）；可以多次，后面的优先\n"
        "                        read settings from FILE (lines `key = value`); may be repeated, later ones win\n"
        "  --set key=value       一项设置\n"
        "                        one setting\n"
        "  --print-config        打印全部设置后退出\n"
        "                        print all settings and end\n"
        "  --check-config        检查活动包的签名、签到点、字体和摄像头设置，不启动；摄像头没插好只警告\n"
        "                        check the pack's signature, station, fonts and camera without starting; a camera that isn't\n"
        "                        there yet is a warning\n"
        "  --hash-pin            从标准输入读一个密码，打印 kiosk.conf 里 console_pin 的那一行\n"
        "                        read a PIN from standard input and print the line `console_pin` for kiosk.conf\n"
        "  --insecure-decoder    解码程序不加沙箱，仅限测试\n"
        "                        run the decoder without its sandbox; for tests only\n"
        "  --help, --version\n\n",
        out);
}

/* --- settings to options --- */

static void fill_places(struct settings *s) {
  static const char decoder[] = "/yingbin-decoder";
  if (s->decoder[0] == '\0' && installed_folder(s->decoder) && strlen(s->decoder) + sizeof decoder <= sizeof s->decoder)
    strcat(s->decoder, decoder);
  if (s->assets[0] == '\0') installed_assets("fonts.conf", s->assets);
  if (s->data[0] != '\0') return;
  const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  if (state && state[0] == '/') {
    snprintf(s->data, sizeof s->data, "%s", state);
  } else if (xdg && xdg[0] == '/') {
    snprintf(s->data, sizeof s->data, "%s/yingbin", xdg);
  } else {
    snprintf(s->data, sizeof s->data, "%s/.local/share/yingbin", home ? home : "");
  }
}

static bool read_camera(struct settings *s, struct kiosk_options *o, struct problem *problem) {
  static const char once[] = " once";
  size_t len = strlen(s->camera);
  if (len > sizeof once - 1 && strcmp(s->camera + len - (sizeof once - 1), once) == 0) {
    o->once = true;
    for (len -= sizeof once - 1; len > 0 && s->camera[len - 1] == ' '; len--) {
    }
    s->camera[len] = '\0';
  }
  bool recording = strcmp(s->camera, "none") != 0 && strncmp(s->camera, "v4l2:", 5) != 0,
       known = strcmp(s->camera, "none") == 0;
  for (size_t i = 0; i < sizeof cameras / sizeof *cameras; i++) {
    known = known || strncmp(s->camera, cameras[i], strlen(cameras[i])) == 0;
  }
  if (!known) {
    return problem_set(problem, "camera = %s：应为 v4l2:设备、y4m:文件、i420:宽x高@帧率:文件、files:文件夹 或 none",
                       "camera = %s: expected v4l2:DEVICE, y4m:FILE, i420:WxH@FPS:FILE, files:FOLDER or none", s->camera);
  }
  if (o->once && !recording) {
    return problem_set(problem, "camera = %s once：once 只用于录像（y4m、i420、files）",
                       "camera = %s once: `once` is for recordings (y4m, i420, files)", s->camera);
  }
  o->camera = s->camera;
  o->lockstep = recording && s->pace == PACE_FAST;
  o->camera_options = (struct camera_options){.width = (int32_t)s->camera_width,
                                              .height = (int32_t)s->camera_height,
                                              .fps = (int32_t)s->camera_fps,
                                              .paced = !o->lockstep,
                                              .repeat = !o->once};
  return true;
}

static bool read_reader(const struct settings *s, struct kiosk_options *o, struct problem *problem) {
  o->ui.keyboard = strcmp(s->reader, "keyboard") == 0;
  if (o->ui.keyboard || strcmp(s->reader, "none") == 0) return true;
  const char *colon = strchr(s->reader, ':');
  for (size_t i = 0; colon && i < sizeof readers / sizeof *readers; i++) {
    if ((size_t)(colon - s->reader) != strlen(readers[i]->scheme) ||
        strncmp(s->reader, readers[i]->scheme, (size_t)(colon - s->reader)) != 0)
      continue;
    o->reader = readers[i];
    o->reader_address = colon + 1;
    return o->reader->check(o->reader_address, problem);
  }
  return problem_set(problem, "reader = %s：应为 evdev:厂商:产品、keyboard 或 none",
                     "reader = %s: expected evdev:VENDOR:PRODUCT, keyboard or none", s->reader);
}

static bool read_finder(const struct settings *s, struct kiosk_options *o, struct problem *problem) {
  const size_t len = strcspn(s->finder, ":");
  for (size_t i = 0; i < sizeof finders / sizeof *finders; i++)
    if (strlen(finders[i]->scheme) == len && !strncmp(s->finder, finders[i]->scheme, len)) o->finder = finders[i];
  o->finder_address = s->finder[len] ? s->finder + len + 1 : "";
  return o->finder ||
         problem_set(problem, "finder = %s：应为 avahi 或 file:文件", "finder = %s: expected avahi or file:FILE", s->finder);
}

static bool read_sensors(const struct settings *s, struct kiosk_options *o, struct problem *problem) {
  static const struct sensors_ops *const drivers[] = {&sensors_linux_ops};
  const size_t len = strcspn(s->sensors, ":");
  if (!strcmp(s->sensors, "none")) return true;
  for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++)
    if (strlen(drivers[i]->scheme) == len && !strncmp(s->sensors, drivers[i]->scheme, len)) o->sensors = drivers[i];
  o->sensors_address = s->sensors[len] ? s->sensors + len + 1 : "";
  return o->sensors || problem_set(problem, "sensors = %s：应为 linux、linux:文件夹 或 none",
                                   "sensors = %s: expected linux, linux:FOLDER or none", s->sensors);
}

static bool read_uplink(const struct settings *s, struct kiosk_options *o, struct problem *problem) {
  static char hub[WIRE_HUB];
  const size_t len = strcspn(s->uplink, ":");
  for (size_t i = 0; i < sizeof uplinks / sizeof *uplinks; i++)
    if (strlen(uplinks[i]->scheme) == len && !strncmp(s->uplink, uplinks[i]->scheme, len)) o->uplink = uplinks[i];
  if (!o->uplink)
    return problem_set(problem, "uplink = %s：应为 http 或 script:文件", "uplink = %s: expected http or script:FILE",
                       s->uplink);
  o->uplink_address = s->uplink[len] ? s->uplink + len + 1 : "";
  o->hub_here = !strcmp(s->hub, "here");
  if (!s->hub[0] && !read_finder(s, o, problem)) return false;
  if (o->hub_here) strcpy(hub, SYNC_HUB_HERE);
  if (s->hub[0] && !o->hub_here && !wire_hub(s->hub, hub))
    return problem_set(problem, "hub = %s：应为 http:// 或 https:// 开头的网址，或 here",
                       "hub = %s: expected an address that begins with http:// or https://, or here", s->hub);
  if (s->hub_pin[0] && (strlen(s->hub_pin) != 64 || s->hub_pin[strspn(s->hub_pin, "0123456789abcdef")] != '\0'))
    return problem_set(problem, "hub_pin 应为 64 位小写十六进制数", "hub_pin takes 64 hexadecimal digits in small letters");
  o->hub = hub;
  o->hub_pin = s->hub_pin;
  o->hub_ca = s->hub_ca;
  o->hub_wait_ms = s->hub_wait_s * 1000;
  return true;
}

static bool read_languages(const char *lang, struct ui_options *ui, struct problem *problem) {
  static const char *const names[] = {[LANG_ZH_HANS] = "zh-Hans", [LANG_ZH_HANT] = "zh-Hant", [LANG_EN] = "en"};
  ui->langs = 0;
  for (const char *at = lang + strspn(lang, " "); *at; at += strspn(at, " ")) {
    size_t len = strcspn(at, " "), i = 0;
    while (i < LANG_COUNT && (strlen(names[i]) != len || strncmp(at, names[i], len) != 0)) i++;
    if (i == LANG_COUNT || ui->langs == 2) break;
    ui->lang[ui->langs++] = (enum lang)i;
    at += len;
    if (*at == '\0') return true;
  }
  return problem_set(problem, "lang = %s：应为 zh-Hans、zh-Hant、en 中的一种或两种，用空格分开",
                     "lang = %s: expected one or two of zh-Hans, zh-Hant, en with a blank between", lang);
}

static bool read_window(const char *window, struct ui_options *ui, struct problem *problem) {
  int end = 0;
  if (strcmp(window, "full") == 0) return true;
  if (sscanf(window, "%5dx%5d%n", &ui->width, &ui->height, &end) == 2 && window[end] == '\0' && ui->width >= 320 &&
      ui->height >= 320)
    return true;
  return problem_set(problem, "window = %s：应为 full 或 宽x高，例如 1280x720",
                     "window = %s: expected full or WxH, for example 1280x720", window);
}

static bool read_ui(const struct settings *s, struct ui_options *ui, struct problem *problem) {
  static char fonts[PATH_MAX + 16], strings[PATH_MAX + 16], themes[PATH_MAX + 16];
  snprintf(fonts, sizeof fonts, "%s/fonts.conf", s->assets);
  snprintf(strings, sizeof strings, "%s/strings", s->assets);
  snprintf(themes, sizeof themes, "%s/themes.ini", s->assets);
  ui->fonts = fonts;
  ui->themes = themes;
  ui->strings = strings;
  ui->theme = s->theme; /* in the order of enum theme_choice */
  ui->still = s->motion == MOTION_OFF;
  ui->camera_at = (enum camera_at)s->camera_at;
  ui->shots = s->shots[0] ? s->shots : NULL;
  ui->sound = (struct sound_options){.on = s->sound == SOUNDS_ON, .volume = {.day = (int)s->volume}};
  if (!volume_read_night(s->volume_night, &ui->sound.volume, problem)) return false;
  if (strcmp(s->events, "-") == 0) {
    ui->events = stdout;
    ui->mask_names = log_is_journald(STDOUT_FILENO);
  } else if (s->events[0] != '\0') {
    return problem_set(problem, "events = %s：应为 - 或空着", "events = %s: expected - or nothing", s->events);
  }
  return read_languages(s->lang, ui, problem) && read_window(s->window, ui, problem);
}

static void set_clock(const struct settings *s, bool lockstep, struct tick *clock) {
  tick_system(clock, s->clock == CLOCK_TRUST);
  struct moment start = tick_now(clock);
  const bool shifted = s->clock == CLOCK_STREAM || s->clock == CLOCK_ADRIFT;
  if (shifted) {
    start.wall_ms = s->clock_start;
    start.wall_ok = s->clock == CLOCK_STREAM;
  }
  if (lockstep) {
    tick_stream(clock, start);
  } else if (shifted) {
    tick_shifted(clock, start.wall_ms, start.wall_ok);
  }
}

/* A key's base64 line is no path; config put the file's folder before it all the same. */
static const char *pub_of(const char *pub) {
  enum { PUB_LINE = 56 }; /* 42 bytes */
  size_t len = strlen(pub);
  const char *line = pub + (len > PUB_LINE ? len - PUB_LINE : 0);
  return strncmp(line, "RW", 2) == 0 && strlen(line) == PUB_LINE && access(pub, F_OK) != 0 ? line : pub;
}

static bool read_options(struct settings *s, struct tick *clock, struct kiosk_options *o, struct problem *problem) {
  static const char *const sources[] = {
      [CLOCK_SYSTEM] = "ntp", [CLOCK_TRUST] = "operator", [CLOCK_STREAM] = "recording", [CLOCK_ADRIFT] = "none"};
  static char web[PATH_MAX + 8];
  fill_places(s);
  snprintf(web, sizeof web, "%s/web", s->assets);
  *o = (struct kiosk_options){.name = s->kiosk,
                              .pack = s->pack,
                              .pub = pub_of(s->pub),
                              .data = s->data,
                              .station = s->station,
                              .decoder = s->decoder,
                              .allow_build = (uint32_t)s->allow_build,
                              .console_pin = s->console_pin,
                              .export_to = s->export_to,
                              .monitor = strcmp(s->monitor, "off") != 0 ? s->monitor : "",
                              .monitor_tls = s->monitor_tls == MONITOR_TLS,
                              .web = web,
                              .clock = clock,
                              .clock_source = sources[s->clock]};
  if (s->pub[0] == '\0' && s->pack[0] != '\0') {
    return problem_set(
        problem, "没有公钥：请用 pub = 文件 指明签名活动包的公钥（yingbin key new 生成的 .pub）",
        "no public key: name the one that packs are signed with by pub = FILE (the .pub that `yingbin key new` made)");
  }
  if (o->monitor[0] && !monitor_check(o->monitor, problem)) return false;
  if (!read_camera(s, o, problem) || !read_reader(s, o, problem) || !read_uplink(s, o, problem) ||
      !read_sensors(s, o, problem) || !read_ui(s, &o->ui, problem))
    return false;
  o->ui.lockstep = o->lockstep;
  o->ui.pin = s->console_pin[0] != '\0';
  o->mirror = s->mirror == MIRROR_ON;
  set_clock(s, o->lockstep, clock);
  return true;
}

/* What switches the machine off, as a shell would run it. The signals that we ignore by now are not its own. */
static bool shut_down(const char *line) {
  char *const argv[] = {"sh", "-c", (char *)(uintptr_t)line, NULL};
  posix_spawnattr_t attr;
  sigset_t all;
  pid_t pid;
  int status = -1;
  sigfillset(&all);
  posix_spawnattr_init(&attr);
  posix_spawnattr_setsigdefault(&attr, &all);
  posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
  const bool started = posix_spawn(&pid, "/bin/sh", NULL, &attr, argv, environ) == 0;
  posix_spawnattr_destroy(&attr);
  if (started && waitpid(pid, &status, 0) == pid && status == 0) return true;
  log_error("shutdown_command failed: %s", line);
  return false;
}

static int run(const struct kiosk_options *o, const char *shutdown_command, struct problem *problem) {
  if (!kiosk_stop_init(&stop)) {
    problem_set(problem, "没有可用的文件描述符", "no file descriptor is left");
    problem_print(problem, "yingbin-kiosk");
    return EXIT_FAILED;
  }
  struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(SIGTERM, &act, NULL);
  sigaction(SIGHUP, &act, NULL);
  sigaction(SIGINT, &act, NULL);
  ending_release();
  umask(0077);              /* a journal and pictures of screens are about people */
  signal(SIGPIPE, SIG_IGN); /* whoever reads our events may go; people are still to be greeted */
  int code = kiosk_run(o, &stop);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  kiosk_stop_fini(&stop);
  if (stop.shut_down && shutdown_command[0] && !shut_down(shutdown_command)) return EXIT_FAILED;
  return code;
}

int main(int argc, char **argv) {
  static struct settings settings;
  static struct tick clock;
  struct kiosk_options options;
  struct problem problem = {.zh = ""};

  ending_hold();
  bool good = config_defaults(options_table, &settings, &problem) &&
              config_line(options_table, flags, &settings, argc, argv, 1, &problem);
  if (good && command.help) {
    usage(stdout);
    config_help(options_table, stdout);
    return EXIT_DONE;
  }
  if (good && command.version) {
    puts("yingbin-kiosk " YINGBIN_VERSION);
    return EXIT_DONE;
  }
  if (good && command.hash_pin) {
    ending_release();
    if (console_pin_hash(stdin, stdout, &problem)) return EXIT_DONE;
    problem_print(&problem, "yingbin-kiosk");
    return EXIT_FAILED;
  }
  if (good && command.print) {
    fill_places(&settings);
    config_print(options_table, &settings, stdout);
    return EXIT_DONE;
  }
  log_init("yingbin-kiosk", (enum log_level)settings.log);
  if (!good || !read_options(&settings, &clock, &options, &problem)) {
    problem_print(&problem, "yingbin-kiosk");
    return EXIT_USAGE;
  }
  options.insecure_decoder = command.insecure_decoder;
  if (!command.check) return run(&options, settings.shutdown_command, &problem);
  ending_release();
  if (kiosk_check(&options, stdout, &problem)) return EXIT_DONE;
  problem_print(&problem, "yingbin-kiosk");
  return EXIT_FAILED;
}
