/*
 * What is needed of JSON to read an input, without a standard library. The input was checked to be JSON before it
 * came here, so what is malformed is only kept from being read beyond its end.
 */
#ifndef STOA_JSON_H
#define STOA_JSON_H

#include <stdint.h>

/* Some JSON text; its start is 0 where there is none. */
struct stoa_json {
  const char *start;
  int32_t length;
};

/* White space, and the marks between keys and values. */
static inline int32_t stoa_json_skip_space(struct stoa_json json, int32_t at) {
  while (at < json.length && (json.start[at] == ' ' || json.start[at] == '\t' || json.start[at] == '\r' ||
                              json.start[at] == '\n' || json.start[at] == ',' || json.start[at] == ':'))
    at += 1;
  return at;
}

/* Where the value that begins at `at` ends. */
static inline int32_t stoa_json_end(struct stoa_json json, int32_t at) {
  int32_t depth = 0;
  int in_text = 0;
  for (; at < json.length; at += 1) {
    char byte = json.start[at];
    if (in_text) {
      if (byte == '\\') at += 1;
      else if (byte == '"') {
        in_text = 0;
        if (depth == 0) return at + 1;
      }
    } else if (byte == '"') in_text = 1;
    else if (byte == '{' || byte == '[') depth += 1;
    else if (byte == '}' || byte == ']') {
      if (depth == 0) return at;
      depth -= 1;
      if (depth == 0) return at + 1;
    } else if (depth == 0 && (byte == ',' || byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n')) return at;
  }
  return json.length;
}

static inline int stoa_json_digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The code after a backslash and `u`; -1 when it is none. */
static inline int32_t stoa_json_unit(struct stoa_json json, int32_t at) {
  int32_t unit = 0;
  for (int32_t end = at + 4; at < end; at += 1) {
    int digit = at < json.length ? stoa_json_digit(json.start[at]) : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/* Writes a code point in UTF-8; how many bytes it takes, 0 when there is no room. */
static inline int32_t stoa_json_utf8(int32_t code, char *target, int32_t room) {
  int32_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  if (bytes > room) return 0;
  if (bytes == 1) target[0] = (char)code;
  else {
    for (int32_t at = bytes - 1; at > 0; at -= 1, code >>= 6) target[at] = (char)(0x80 | (code & 0x3f));
    target[0] = (char)((0xf00 >> bytes) | code);
  }
  return bytes;
}

/*
 * Reads the JSON string that `json` begins with, as UTF-8 without a zero at its end: its bytes, or -1 when it is no
 * string or longer than `room`.
 */
static inline int32_t stoa_json_string(struct stoa_json json, char *target, int32_t room) {
  static const char ESCAPES[][2] = {{'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'b', '\b'}, {'f', '\f'}};
  if (json.start == 0 || json.length == 0 || json.start[0] != '"') return -1;
  int32_t size = 0;
  for (int32_t at = 1; at < json.length; at += 1) {
    char byte = json.start[at];
    if (byte == '"') return size;
    if (byte == '\\') {
      at += 1;
      if (at >= json.length) return -1;
      byte = json.start[at];
      if (byte == 'u') {
        int32_t code = stoa_json_unit(json, at + 1);
        if (code < 0) return -1;
        at += 4;
        if (code >= 0xd800 && code < 0xdc00) {
          int32_t second = stoa_json_unit(json, at + 3);
          if (second < 0) return -1;
          code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
          at += 6;
        }
        int32_t bytes = stoa_json_utf8(code, target + size, room - size);
        if (bytes == 0) return -1;
        size += bytes;
        continue;
      }
      for (unsigned known = 0; known < sizeof ESCAPES / sizeof ESCAPES[0]; known += 1)
        if (ESCAPES[known][0] == byte) {
          byte = ESCAPES[known][1];
          break;
        }
    }
    if (size >= room) return -1;
    target[size++] = byte;
  }
  return -1;
}

/* Whether the JSON string at `json` is a name without escapes. */
static inline int stoa_json_is(struct stoa_json json, const char *name) {
  int32_t at = 0;
  while (name[at] != 0 && at + 1 < json.length && json.start[at + 1] == name[at]) at += 1;
  return name[at] == 0 && at + 1 < json.length && json.start[at + 1] == '"';
}

/* The raw JSON of a member of the object `json` is. */
static inline struct stoa_json stoa_json_member(struct stoa_json json, const char *name) {
  struct stoa_json none = {0, 0};
  int32_t at = stoa_json_skip_space(json, 0);
  if (at >= json.length || json.start[at] != '{') return none;
  at = stoa_json_skip_space(json, at + 1);
  while (at < json.length && json.start[at] == '"') {
    int32_t value = stoa_json_skip_space(json, stoa_json_end(json, at));
    int32_t end = stoa_json_end(json, value);
    struct stoa_json key = {json.start + at, json.length - at};
    if (stoa_json_is(key, name)) return (struct stoa_json){json.start + value, end - value};
    at = stoa_json_skip_space(json, end);
  }
  return none;
}

/* Writes an integer in decimal digits, at most 11 bytes; how many it took. */
static inline int32_t stoa_json_integer(int32_t number, char *target) {
  char digits[11];
  int32_t count = 0, size = 0;
  uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
  do digits[count++] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0) target[size++] = '-';
  while (count > 0) target[size++] = digits[--count];
  return size;
}

#endif
