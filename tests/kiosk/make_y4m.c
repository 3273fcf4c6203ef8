/* SPDX-License-Identifier: Apache-2.0
 * Pictures as a stream: make_y4m FRAMES FILE... > OUT.y4m. Each picture stays for FRAMES frames, in the
 * middle of a white canvas as large as the largest of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/picture.h"

static bool write_frame(const struct picture *picture, int w, int h) {
  static const char header[] = "FRAME\n";
  size_t luma = (size_t)w * (size_t)h, chroma = (size_t)((w + 1) / 2) * (size_t)((h + 1) / 2) * 2;
  unsigned char *frame = malloc(luma + chroma);
  if (!frame) return false;
  memset(frame, 255, luma);
  memset(frame + luma, 128, chroma);
  int left = (w - picture->w) / 2, top = (h - picture->h) / 2;
  for (int y = 0; y < picture->h; y++) {
    memcpy(frame + (size_t)(top + y) * (size_t)w + left, picture->luma + (size_t)y * (size_t)picture->w, (size_t)picture->w);
  }
  bool good = fwrite(header, sizeof header - 1, 1, stdout) == 1 && fwrite(frame, luma + chroma, 1, stdout) == 1;
  free(frame);
  return good;
}

int main(int argc, char **argv) {
  struct picture picture = {0};
  struct problem problem;
  int frames = argc > 2 ? atoi(argv[1]) : 0, w = 0, h = 0;
  bool good = frames > 0;
  for (int i = 2; good && i < argc; i++) {
    good = picture_read(argv[i], &picture, &problem);
    if (!good) problem_print(&problem, "make_y4m");
    if (picture.w > w) w = picture.w;
    if (picture.h > h) h = picture.h;
  }
  if (good) printf("YUV4MPEG2 W%d H%d F30:1 Ip A1:1 C420jpeg\n", w, h);
  for (int i = 2; good && i < argc; i++) {
    good = picture_read(argv[i], &picture, &problem);
    for (int n = 0; good && n < frames; n++) good = write_frame(&picture, w, h);
  }
  picture_free(&picture);
  good = fflush(stdout) == 0 && good;
  if (!good) fputs("make_y4m FRAMES FILE... > OUT.y4m\n", stderr);
  return good ? 0 : 1;
}
