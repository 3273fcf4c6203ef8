/* SPDX-License-Identifier: Apache-2.0
 * yingbin tickets: a picture for each attendee, named by number, and tickets.csv for the mail or SMS
 * merge. Pictures are made anew each time and come out the same; files that are the same already are
 * left alone. tickets.xlsx and tickets.csv come last, when all pictures are on disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/yingbin/cells.h"
#include "tools/yingbin/commands.h"
#include "tools/yingbin/event_words.h"
#include "tools/yingbin/forms.h"
#include "tools/yingbin/options.h"
#include "tools/yingbin/paper_words.h"
#include "tools/yingbin/papers.h"
#include "tools/yingbin/practice.h"
#include "tools/yingbin/sent.h"
#include "tools/yingbin/sign.h"
#include "tools/yingbin/ticket_book.h"
#include "tools/yingbin/tickets.h"

enum { PICTURE_MOST = 1 << 24 };

/* Beside and renamed, like file_write, but synced with all the others at the end; one that is there
 * already with the same bytes is left alone. */
static bool put_picture(const char *path, const char *bytes, size_t len, struct problem *problem) {
  char *old = NULL, beside[PATH_MAX];
  size_t old_len = 0;
  struct problem none;
  bool same =
      !access(path, R_OK) && file_read(path, PICTURE_MOST, &old, &old_len, &none) && old_len == len && !memcmp(old, bytes, len);
  free(old);
  if (same) return true;
  if (!file_begin(path, beside, problem)) return false;
  FILE *out = fopen(beside, "we");
  bool good = out && fwrite(bytes, 1, len, out) == len;
  if (out && fclose(out)) good = false;
  good = good && !chmod(beside, 0600) && !rename(beside, path);
  if (good) return true;
  int why = errno;
  file_abandon(beside);
  return problem_set(problem, "写不了 %s：%s", "can't write %s: %s", path, strerror(why));
}

static bool sync_all(const char *folder, struct problem *problem) {
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good = fd >= 0 && !syncfs(fd);
  if (!good) problem_set(problem, "写不了 %s：%s", "can't write %s: %s", folder, strerror(errno));
  if (fd >= 0) close(fd);
  return good;
}

static bool chosen(const struct tickets_options *o, const struct folder *folder, const struct sent *sent,
                   const struct person *p) {
  if (folder->roster[p->roster].practice != o->practice) return false;
  if (o->only_new && sent_batch(sent, p)) return false;
  if (o->batch && sent_batch(sent, p) != o->batch) return false;
  for (int i = 0; i < o->numbers; i++)
    if (!strcmp(o->number[i], p->number)) return true;
  return o->numbers == 0;
}

/* Who pays tomorrow gets a ticket tomorrow; and one code a person, unless somebody asks for two. */
static bool left_out(const struct tickets_options *o, const struct sent *sent, const struct person *p,
                     struct tickets_made *made) {
  if (o->numbers || o->batch || o->practice || o->is_signed) return false;
  if (!p->confirmed && !o->all) return ++made->unconfirmed;
  return sent_holds_signed(sent, p) && ++made->hold_signed;
}

const char *const ticket_suffix[TICKET_FORMS] = {"png", "svg", "pdf", "html"};

static bool draw(struct sheet_fonts *fonts, const struct tickets_options *o, struct folder *folder, const struct person *p,
                 char **bytes, size_t *len, struct problem *problem) {
  const struct event *event = &folder->catalog.event[p->event];
  enum lang lang = paper_lang(event, o->lang);
  char when[96], where[2 * TEXT_MAX + 8], party[160] = "";
  words_when(event, lang, when, sizeof when);
  words_where(event, lang, where, sizeof where);
  if (p->party > 1) paper_word_n(o->is_signed ? PAPER_ONE_OF : PAPER_PARTY, lang, (int)p->party, party, sizeof party);
  struct ticket_face face = {.mark = o->practice ? paper_word(PAPER_PRACTICE, lang) : "",
                             .title = words_in(&event->title, lang),
                             .when = when,
                             .where = where,
                             .name = p->name,
                             .type = "",
                             .party = party,
                             .lang = lang,
                             .code = p->code,
                             .issued = !p->foreign,
                             .when_ms = event->starts_ms};
  if (p->type >= 0) {
    face.type = words_in(&folder->catalog.type[p->type].label, lang);
    face.colour = folder->catalog.type[p->type].colour;
  }
  switch (o->form) {
  case TICKET_PNG: return ticket_png(fonts, &face, bytes, len, problem);
  case TICKET_SVG: return ticket_svg(fonts, &face, bytes, len, problem);
  case TICKET_PDF: return ticket_pdf(fonts, &face, bytes, len, problem);
  default: return ticket_html(&face, bytes, len, problem);
  }
}

static bool write_one(struct sheet_fonts *fonts, struct folder *folder, const struct person *p, const struct tickets_options *o,
                      FILE *csv, struct problem *problem) {
  char name[ID_MAX + 8], path[PATH_MAX], *bytes = NULL;
  size_t len = 0;
  snprintf(name, sizeof name, "%s.%s", p->number, ticket_suffix[o->form]);
  if (snprintf(path, sizeof path, "%s/%s", o->out, name) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", o->out);
  bool good = draw(fonts, o, folder, p, &bytes, &len, problem) && put_picture(path, bytes, len, problem);
  free(bytes);
  if (!good) return false;
  const char *field[] = {p->number, p->name, p->phone, p->email, p->code};
  for (size_t i = 0; i < sizeof field / sizeof *field; i++) cell_put(csv, field[i], ",");
  cell_put(csv, name, "\r\n");
  return true;
}

static bool write_all(struct sheet_fonts *fonts, struct folder *folder, const struct tickets_options *o, struct sent *sent,
                      FILE *csv, struct tickets_made *made, struct problem *problem) {
  bool watched = isatty(STDERR_FILENO);
  fputs("\xef\xbb\xbfnumber,name,phone,email,code,file\r\n", csv); /* with the mark by which spreadsheets know UTF-8 */
  if (fonts) papers_check_pack(folder, fonts, o->lang);
  for (int i = 0; i < folder->people_count; i++) {
    const struct person *p = &folder->people[i];
    if (!chosen(o, folder, sent, p) || left_out(o, sent, p, made)) continue;
    if (fonts) papers_check(folder, fonts, p, PAPERS_TICKET);
    if (!write_one(fonts, folder, p, o, csv, problem)) return false;
    if (!o->practice && !sent_batch(sent, p)) sent_add(sent, p);
    made->written++;
    if (watched && made->written % 50 == 0) fprintf(stderr, "\r%d / %d", made->written, folder->people_count);
  }
  if (watched && made->written >= 50) fputs("\r                    \r", stderr);
  if (made->written < o->numbers)
    return problem_set(problem, "没有这个编号的参会者（见 codes.csv）",
                       "there is no attendee of such a number (see codes.csv)");
  return sync_all(o->out, problem);
}

/* Again is the same tickets again, not other codes for the same people. */
static bool batch_fits(const struct tickets_options *o, const struct sent *sent, struct problem *problem) {
  if (!o->batch || sent_signed(sent, o->batch) == o->is_signed) return true;
  return o->is_signed ? problem_set(problem, "第 %d 批不是签名票：请去掉 --signed 和 --key",
                                    "batch %d is not of signed tickets: leave out --signed and --key", o->batch)
                      : problem_set(problem, "第 %d 批是签名票：请加上 --signed --key NAME.key",
                                    "batch %d is of signed tickets: add --signed --key NAME.key", o->batch);
}

/* For programs that send, and for spreadsheets. */
static bool write_lists(const struct tickets_options *o, const char *table, size_t len, struct problem *problem) {
  char csv[PATH_MAX], book[PATH_MAX];
  if (snprintf(csv, sizeof csv, "%s/tickets.csv", o->out) >= PATH_MAX ||
      snprintf(book, sizeof book, "%s/tickets.xlsx", o->out) >= PATH_MAX)
    return problem_set(problem, "路径太长：%s", "the path is too long: %s", o->out);
  return ticket_book_write(table, len, book, problem) && file_write(csv, table, len, 0600, problem);
}

bool tickets_write(struct folder *folder, const struct tickets_options *o, struct tickets_made *made, struct problem *problem) {
  struct sheet_fonts *fonts = NULL;
  struct sent sent;
  char *table = NULL;
  size_t len = 0;
  *made = (struct tickets_made){.written = 0};
  if (!sent_read(folder, &sent, problem) || !batch_fits(o, &sent, problem) || !folder_make(o->out, 0700, problem))
    return sent_free(&sent), false;
  if (o->form != TICKET_HTML && !sheet_fonts_open(&fonts, problem)) return sent_free(&sent), false;
  FILE *csv = open_memstream(&table, &len);
  bool good = csv || problem_set(problem, "内存不足", "out of memory");
  good = good && write_all(fonts, folder, o, &sent, csv, made, problem);
  if (csv) fclose(csv);
  if (good && made->written) good = write_lists(o, table, len, problem);
  if (good && sent.count > sent.known) good = sent_write(folder, &sent, problem);
  sent_free(&sent);
  free(table);
  sheet_fonts_close(fonts);
  return good;
}

struct arguments {
  const char *dir, *encoding;
  int64_t batch;
  struct tickets_options tickets;
};

#define AT(field) offsetof(struct arguments, field)
static const struct option tickets_row[] = {
    OPTION_DIR(AT(dir)),
    {OPTION_TEXT, "-o", "OUT", .offset = AT(tickets.out), .required = true, .zh = "输出文件夹，没有就新建",
     .en = "the folder for them, made if need be"},
    {OPTION_CHOICE, "--as", "png|svg|pdf|html", .offset = AT(tickets.form),
     .zh = "png（默认）、svg、pdf（A6）、html（一个文件，手机上离线打开）",
     .en = "png (the default), svg, pdf (A6), html (one file that opens on a phone without a network)"},
    {OPTION_FLAG, "--only-new", .offset = AT(tickets.only_new),
     .zh = "只做以前没有做过票的人（见 DIR/sent.csv）；tickets.csv 里就只有这一批",
     .en = "only for whom no ticket was made before (see DIR/sent.csv); tickets.csv then holds this batch alone"},
    {OPTION_FLAG, "--all", .offset = AT(tickets.all), .zh = "未确认（未付款、待审核）的人也做",
     .en = "also for people whose sign-up isn't confirmed"},
    {OPTION_FLAG, "--practice", .offset = AT(tickets.practice), .zh = "练习码：全程照常，但从不计数；做好后要重新制作活动包",
     .en = "practice tickets: they run the whole path and are never counted; build the pack again afterwards"},
    {OPTION_NUMBER, "--batch", "N", .offset = AT(batch), .least = 1, .most = 1000000, .zh = "重做第 N 批",
     .en = "the tickets of batch N again"},
    {OPTION_LIST, "--number", "N", .offset = AT(tickets.number), .count = AT(tickets.numbers), .most = TICKETS_NUMBERS_MAX,
     .zh = "只做这个编号的票，可重复", .en = "only the ticket of this number; may be repeated"},
    {OPTION_FLAG, "--signed", .offset = AT(tickets.is_signed),
     .zh = "活动包做好以后才加到报名表里的人：签名票，签到机不必换活动包（要有 --key）",
     .en = "for who was added after the pack was built: signed tickets, which kiosks take with the pack that they have "
           "(needs --key)"},
    {OPTION_TEXT, "--key", "NAME.key", .offset = AT(tickets.key), .zh = "签名票的密钥，见 key new --for tickets",
     .en = "the key of signed tickets, see key new --for tickets"},
    {OPTION_TEXT, "--not-after", "DATE", .offset = AT(tickets.not_after), .zh = "签名票在此日之后失效，默认活动结束后一天",
     .en = "when signed tickets end; a day after the event's end unless given"},
    OPTION_LANG(AT(tickets.lang)),
    OPTION_ENCODING(AT(encoding)),
    OPTION_LAST};

static int tickets(void *values);

static const struct usage usage[] = {
    {"tickets",
     "为 DIR 里的每位参会者生成一张电子票（600 dpi，宽 42 毫米），和供短信或邮件群发的名单：\n"
     "OUT/tickets.csv 给程序用；在 Excel、WPS 里请打开 tickets.xlsx，号码前的 0 和 + 才不会丢。\n"
     "已有签名票的人不再给第二个码，除非用 --number 指定。",
     "A ticket for each attendee of DIR (600 dpi, 42 mm wide), and the list for your mail or SMS merge: OUT/tickets.csv for\n"
     "programs; in a spreadsheet open tickets.xlsx, where numbers keep their zeros and their +. Who holds a signed ticket\n"
     "gets no second code, unless asked for by --number.",
     .row = tickets_row, .run = tickets},
    {NULL}};

static void tell(const struct folder *folder, const struct tickets_options *o, const struct tickets_made *made) {
  if (made->written) {
    remarks_print(&folder->warnings, "yingbin tickets", o->out);
    fprintf(stderr,
            "%d 张票，在 %s；发送名单是 tickets.csv（在 Excel、WPS 里打开 tickets.xlsx）\n%d tickets in %s; tickets.csv is the "
            "list for your mail merge (in a spreadsheet open tickets.xlsx)\n",
            made->written, o->out, made->written, o->out);
  } else {
    fputs("没有要做的票，什么都没有写\nThere is no ticket to make; nothing was written\n", stderr);
  }
  if (made->unconfirmed)
    fprintf(
        stderr,
        "%d 人报名未确认，没有做票（--all 也做）\n%d people whose sign-up isn't confirmed got none (--all makes theirs, too)\n",
        made->unconfirmed, made->unconfirmed);
  if (made->hold_signed)
    fprintf(
        stderr,
        "另有 %d 人已有签名票，没有再给第二个码；谁需要，用 --number N 指定\n%d people hold a signed ticket and got no second "
        "code; whoever needs one: --number N\n",
        made->hold_signed, made->hold_signed);
  if (made->written && o->practice)
    fputs("请重新制作活动包并换到签到机上，练习码才有效\nBuild the pack again and put it on the kiosks: only then they know "
          "these tickets\n",
          stderr);
  printf("{\"tickets\":%d,\"as\":\"%s\"}\n", made->written, ticket_suffix[o->form]);
}

static int tickets(void *values) {
  struct arguments *a = values;
  struct tickets_options *o = &a->tickets;
  o->batch = (int)a->batch;
  if (o->is_signed != (o->key != NULL) || (o->not_after && !o->is_signed))
    return options_wrong(usage, "--signed 与 --key 要一起写，--not-after 只用于 --signed",
                         "--signed and --key go together, and --not-after is for --signed alone");
  struct folder *folder = grow(NULL, 1, sizeof *folder);
  struct problem problem;
  const struct sign_options sign = {o->key, o->not_after, o->number, o->numbers, o->batch > 0};
  struct tickets_made made = {.written = 0};
  if (o->practice && !practice_make(a->dir, &problem)) {
    problem_print(&problem, "yingbin tickets");
    free(folder);
    return EXIT_FAILED;
  }
  bool read = folder_read_encoded(a->dir, a->encoding, folder, &problem);
  bool good = read && (!o->is_signed || sign_people(folder, &sign, &problem)) && tickets_write(folder, o, &made, &problem);
  if (good)
    tell(folder, o, &made);
  else
    folder_tell(folder, &problem, "yingbin tickets", o->out);
  folder_free(folder);
  free(folder);
  return good ? EXIT_DONE : EXIT_FAILED;
}

int cmd_tickets(int argc, char **argv) {
  struct arguments a = {.tickets.lang = LANG_COUNT};
  return options_run(usage, argc, argv, &a);
}
