/* SPDX-License-Identifier: Apache-2.0
 * yingbin scan: what the kiosk would read in pictures, or in each frame of a Y4M recording. Lines come
 * in the order of the files, whatever the number of threads.
 */
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "platform/camera.h"
#include "platform/picture.h"
#include "scan/scan.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/options.h"

enum { THREADS_MAX = 64 };

struct job {
  const char *file;
  char *lines; /* owned: what there is to print */
  size_t len;
  bool good, done;
};

struct work { /* shared by the threads; lock guards next and done */
  struct job *job;
  int jobs, next;
  enum scan_effort effort;
  pthread_mutex_t lock;
  pthread_cond_t one_done;
};

struct reading { /* one thread's own */
  struct scanner *scanner;
  struct scan_result result;
  struct picture picture;
};

/* A file's name may be any bytes; JSON may not. */
static json_t *name_json(const char *file) {
  json_t *name = json_string(file);
  if (name) return name;
  char *ascii = strdup(file);
  for (char *at = ascii; at && *at; at++) {
    if (*at & 0x80) *at = '?';
  }
  name = json_string(ascii ? ascii : "?");
  free(ascii);
  return name;
}

static bool put_line(json_t *line, FILE *out) {
  bool good = line && !json_dumpf(line, out, JSON_COMPACT | JSON_REAL_PRECISION(9)) && putc('\n', out) != EOF;
  json_decref(line);
  return good;
}

static bool put_error(const char *file, const struct problem *problem, FILE *out) {
  problem_print(problem, "yingbin scan");
  put_line(json_pack("{s:o, s:s}", "file", name_json(file), "error", problem->en), out);
  return false;
}

static json_t *text_json(const struct scan_code *code) {
  json_t *text = json_stringn((const char *)code->bytes, code->len);
  return text ? text : json_null();
}

static json_t *hex_json(const struct scan_code *code) {
  char hex[2 * PAYLOAD_MAX + 1] = "";
  for (int i = 0; i < code->len; i++) snprintf(hex + 2 * i, 3, "%02x", code->bytes[i]);
  return json_string(hex);
}

/* frame -1: a picture */
static bool put_reading(const struct scan_result *result, const char *file, int64_t frame, int64_t us, FILE *out) {
  json_t *line = json_pack("{s:o}", "file", name_json(file));
  json_t *texts = json_array(), *hex = json_array(), *steps = json_array();
  for (int i = 0; i < result->count; i++) {
    json_array_append_new(texts, text_json(&result->code[i]));
    json_array_append_new(hex, hex_json(&result->code[i]));
  }
  for (int i = 0; scan_step_name(i); i++) {
    if (result->tried >> i & 1) json_array_append_new(steps, json_string(scan_step_name(i)));
  }
  if (frame >= 0) json_object_set_new(line, "frame", json_integer(frame));
  json_object_set_new(line, "texts", texts);
  json_object_set_new(line, "hex", hex);
  json_object_set_new(line, "ms", json_real((double)us / 1000));
  json_object_set_new(line, "steps", steps);
  return put_line(line, out);
}

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool read_frame(struct reading *r, const struct frame *frame, enum scan_effort effort, const char *file, int64_t number,
                       FILE *out) {
  int64_t since = now_us();
  scanner_read(r->scanner, frame, effort, &r->result);
  return put_reading(&r->result, file, number, now_us() - since, out);
}

/* A pipe would be waited for, and its first bytes are gone once they were looked at. What can't be found is told by its reader.
 */
static bool is_stream(const char *file, struct problem *problem) {
  struct stat st;
  if (stat(file, &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) return false;
  problem_set(problem, "%s：是管道或设备，不是文件：请先存成文件", "%s: a pipe or device, no file: save it as a file first",
              file);
  return true;
}

static bool is_y4m(const char *file) {
  static const char magic[] = "YUV4MPEG2 ";
  char begin[sizeof magic - 1];
  FILE *in = fopen(file, "re");
  bool is = in && fread(begin, 1, sizeof begin, in) == sizeof begin && !memcmp(begin, magic, sizeof begin);
  if (in) fclose(in);
  return is;
}

static bool scan_recording(struct reading *r, const char *file, enum scan_effort effort, FILE *out) {
  struct camera camera;
  struct problem problem;
  const struct camera_options options = {.paced = false};
  if (!camera_y4m_open(&camera, file, &options, &problem)) return put_error(file, &problem, out);
  struct frame frame;
  int64_t due_ms, number = 0;
  enum camera_take take;
  while ((take = camera.ops->take(camera.self, (struct moment){0}, &frame, &due_ms)) == CAMERA_FRAME) {
    if (!read_frame(r, &frame, effort, file, number++, out)) break;
  }
  bool whole = take == CAMERA_END && number;
  if (take == CAMERA_END && !number) {
    problem_set(&problem, "%s：录像里一帧也没有：请重新录制", "%s: the recording has no frame: record it again", file);
    put_error(file, &problem, out);
  } else if (!whole) {
    problem_set(&problem, "%s：录像不完整或已损坏：%s", "%s: the recording is incomplete or damaged: %s", file,
                camera.ops->state(camera.self));
    put_error(file, &problem, out);
  }
  camera_close(&camera);
  return whole;
}

/* What a camera's frame never is. What stands behind the transparent, or in the lower bits, would be a guess. */
static bool plain(const struct picture *picture, const char *file, struct problem *problem) {
  if (picture->clear) {
    return problem_set(problem, "%s：图片有透明通道：请去掉透明、用白底另存后再试",
                       "%s: the picture has an alpha channel: save it without transparency, on white", file);
  }
  return !picture->deep || problem_set(problem, "%s：图片每个通道 16 位：请另存为 8 位后再试",
                                       "%s: the picture has 16 bits a sample: save it with 8 bits", file);
}

static bool scan_file(struct reading *r, const char *file, enum scan_effort effort, FILE *out) {
  scanner_forget(r->scanner); /* whoever read what before: the same line for the same file */
  struct problem problem;
  if (is_stream(file, &problem)) return put_error(file, &problem, out);
  if (is_y4m(file)) return scan_recording(r, file, effort, out);
  if (!picture_read(file, &r->picture, &problem) || !plain(&r->picture, file, &problem)) return put_error(file, &problem, out);
  picture_fit(&r->picture, CAMERA_SIDE_MAX, CAMERA_PIXELS_MAX); /* as the kiosk's files: camera does */
  struct frame frame = {.luma = r->picture.luma, .w = r->picture.w, .h = r->picture.h, .stride = r->picture.w};
  return read_frame(r, &frame, effort, file, -1, out);
}

/* Each thread takes the next file until there is none. A job that got no memory is done, but not good. */
static void *run(void *arg) {
  struct work *w = arg;
  struct reading *r = calloc(1, sizeof *r);
  if (r) r->scanner = scanner_open();
  for (;;) {
    pthread_mutex_lock(&w->lock);
    struct job *job = w->next < w->jobs ? &w->job[w->next++] : NULL;
    pthread_mutex_unlock(&w->lock);
    if (!job) break;
    FILE *out = open_memstream(&job->lines, &job->len);
    bool good = out && r && r->scanner && scan_file(r, job->file, w->effort, out);
    if (out && fclose(out)) good = false;
    pthread_mutex_lock(&w->lock);
    job->good = good;
    job->done = true;
    pthread_cond_signal(&w->one_done);
    pthread_mutex_unlock(&w->lock);
  }
  if (r) {
    scanner_close(r->scanner);
    picture_free(&r->picture);
    free(r);
  }
  return NULL;
}

/* Prints each file's lines as soon as those before it are out. */
static bool print_all(struct work *w) {
  bool good = true, progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && w->jobs > 1;
  for (int i = 0; i < w->jobs; i++) {
    struct job *job = &w->job[i];
    pthread_mutex_lock(&w->lock);
    while (!job->done) pthread_cond_wait(&w->one_done, &w->lock);
    pthread_mutex_unlock(&w->lock);
    good = fwrite(job->lines, 1, job->len, stdout) == job->len && !fflush(stdout) && job->good && good;
    free(job->lines);
    if (progress) fprintf(stderr, "\r%d/%d%s", i + 1, w->jobs, i + 1 < w->jobs ? "" : "\n");
  }
  return good;
}

static int scan_all(struct work *w, int threads) {
  pthread_t id[THREADS_MAX];
  int started = 0;
  pthread_mutex_init(&w->lock, NULL);
  pthread_cond_init(&w->one_done, NULL);
  while (started < threads && !pthread_create(&id[started], NULL, run, w)) started++;
  if (!started) run(w);
  bool good = print_all(w);
  for (int i = 0; i < started; i++) pthread_join(id[i], NULL);
  pthread_cond_destroy(&w->one_done);
  pthread_mutex_destroy(&w->lock);
  return good ? EXIT_DONE : EXIT_FAILED;
}

struct arguments {
  enum scan_effort effort;
  int64_t threads;
  char **file;
  int files;
};

static int scan(void *values) {
  const struct arguments *a = values;
  struct work w = {.effort = a->effort, .jobs = a->files};
  w.job = calloc((size_t)w.jobs, sizeof *w.job);
  if (!w.job) {
    fputs("yingbin scan: 内存不足\nyingbin scan: out of memory\n", stderr);
    return EXIT_FAILED;
  }
  for (int i = 0; i < w.jobs; i++) w.job[i].file = a->file[i];
  int code = scan_all(&w, (int)a->threads);
  free(w.job);
  return code;
}

#define AT(field) offsetof(struct arguments, field)
static const struct option scan_row[] = {
    {OPTION_CHOICE, "--effort", "live|full", .offset = AT(effort), .zh = "live：和签到机的一帧一样；full：试遍所有步骤（默认）",
     .en = "live: as the kiosk reads a frame; full: every step that there is (default)"},
    {OPTION_NUMBER, "--threads", "N", .offset = AT(threads), .least = 1, .most = THREADS_MAX, .zh = "同时读 N 个文件，默认 1",
     .en = "read N files at once, 1 by default"},
    {OPTION_REST, "FILE", .offset = AT(file), .count = AT(files), .required = true, .zh = "图片或录像",
     .en = "pictures or recordings"},
    OPTION_LAST};

static const struct usage usage[] = {
    {"scan", "读出图片（PNG、JPEG、PGM）或 Y4M 录像每一帧里的二维码，每张图片或每帧输出一行 JSON。",
     "Reads the QR codes in pictures (PNG, JPEG, PGM), or in each frame of Y4M recordings; a line of JSON each.",
     .row = scan_row, .run = scan,
     .more =
         "      {\"file\",\"texts\":[...],\"hex\":[...],\"ms\",\"steps\":[...]}      Y4M: \"frame\" behind \"file\"\n"
         "      {\"file\",\"error\"}      不是图片、已损坏、太大、16 位或带透明：其余照读，退出码 1\n"
         "                            no picture, damaged, too large, 16-bit or with alpha: the others go on, exit code 1\n\n"
         "      texts  码里的文字；不是 UTF-8 时为 null / the codes' texts; null where one is not UTF-8\n"
         "      hex    码里的字节，总是准确 / the codes' bytes, always exact\n"
         "      ms     读这一帧所用的毫秒数 / milliseconds that reading it took\n"
         "      steps  试过的读码步骤 / the reader's steps that were tried\n"},
    {NULL}};

int cmd_scan(int argc, char **argv) {
  struct arguments a = {.effort = SCAN_FULL, .threads = 1};
  return options_run(usage, argc, argv, &a);
}
