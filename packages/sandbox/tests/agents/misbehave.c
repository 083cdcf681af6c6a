/* An agent of WASI that does as its input tells it, good and bad: misbehave.js is its twin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "stoa-json.h"
#include "stoa.h"

static char input[1 << 20];
static volatile int runs = 0;

static int number(struct stoa_json json) { return json.start ? atoi(json.start) : 0; }

static int call(struct stoa_json json) {
  static char method[256];
  struct stoa_json params = stoa_json_member(json, "params");
  int32_t length = stoa_json_string(stoa_json_member(json, "method"), method, sizeof method);
  int32_t size = stoa_call(method, length, params.start, params.length);
  char *reply = malloc(size < 0 ? -size : size);
  stoa_reply_read(reply);
  printf("{\"%s\":\"", size < 0 ? "refused" : "text");
  for (int32_t at = 0; at < (size < 0 ? -size : size); at += 1) {
    if (reply[at] == '"' || reply[at] == '\\') putchar('\\');
    putchar(reply[at]);
  }
  printf("\"}");
  return 0;
}

static int log_lines(struct stoa_json lines) {
  static char line[4096];
  int count = 0;
  int32_t at = stoa_json_skip_space(lines, 1);
  while (at < lines.length && lines.start[at] == '"') {
    struct stoa_json text = {lines.start + at, lines.length - at};
    int32_t size = stoa_json_string(text, line, sizeof line);
    fwrite(line, 1, (size_t)size, stderr);
    fputc('\n', stderr);
    count += 1;
    at = stoa_json_skip_space(lines, stoa_json_end(lines, at));
  }
  printf("{\"value\":%d}", count);
  return 0;
}

/* The compiler may not see that nobody looks at what it keeps. */
static char *volatile kept;
static int allocate(void) {
  for (;;) {
    kept = malloc(1 << 16);
    if (kept == NULL) return 1;
    memset(kept, 1, 1 << 16);
  }
}

/* Nor what this calls. */
static int (*volatile down)(int);
static int one_more(int n) { return 1 + down(n + 1); }

static int progress(void) {
  for (int step = 0; step <= 20000; step += 1) stoa_progress(step / 20, "step", 4);
  printf("{\"value\":0}");
  return 0;
}

static int large(int bytes) {
  printf("{\"text\":\"");
  for (int at = 0; at < bytes; at += 1) putchar('x');
  printf("\"}");
  return 0;
}

static int crash(void) {
  fprintf(stderr, "it went wrong on purpose\n");
  return 3;
}

int main(void) {
  struct stoa_json json = {input, (int32_t)fread(input, 1, sizeof input, stdin)};
  struct stoa_json deed = stoa_json_member(json, "do");
  if (stoa_json_is(deed, "double")) printf("{\"value\":%d}", 2 * number(stoa_json_member(json, "n")));
  else if (stoa_json_is(deed, "count")) printf("{\"value\":%d}", runs += 1);
  else if (stoa_json_is(deed, "loop")) for (;;) runs += 1;
  else if (stoa_json_is(deed, "allocate")) return allocate();
  else if (stoa_json_is(deed, "flood")) for (;;) fprintf(stderr, "all work and no play makes a dull log\n");
  else if (stoa_json_is(deed, "flushLines")) for (;;) fputc('\n', stderr);
  else if (stoa_json_is(deed, "log")) return log_lines(stoa_json_member(json, "lines"));
  else if (stoa_json_is(deed, "progress")) return progress();
  else if (stoa_json_is(deed, "garbage")) printf("undefined");
  else if (stoa_json_is(deed, "mismatch")) printf("{\"surprise\":true}");
  else if (stoa_json_is(deed, "large")) return large(number(stoa_json_member(json, "bytes")));
  else if (stoa_json_is(deed, "crash")) return crash();
  else if (stoa_json_is(deed, "recurse")) printf("{\"value\":%d}", (down = one_more)(0));
  else if (stoa_json_is(deed, "call")) return call(json);
  return 0;
}
