#include <stdio.h>
#include "stoa-json.h"

static char input[1 << 20];
static char text[1 << 20];

static int is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* In UTF-8 a character is one byte that does not begin with the bits 10, and those after it that do. */
static int is_first_byte(char byte) {
  return (byte & 0xc0) != 0x80;
}

int main(void) {
  int32_t length = (int32_t)fread(input, 1, sizeof input, stdin);
  struct stoa_json value = stoa_json_member((struct stoa_json){input, length}, "text");
  int32_t size = stoa_json_string(value, text, sizeof text);
  if (size < 0) {
    fprintf(stderr, "there is no text\n");
    return 1;
  }

  int32_t words = 0, characters = 0;
  int in_word = 0;
  for (int32_t at = 0; at < size; at += 1) {
    if (is_first_byte(text[at])) characters += 1;
    if (!is_space(text[at]) && !in_word) words += 1;
    in_word = !is_space(text[at]);
  }
  fprintf(stderr, "counted %d words\n", words);
  printf("{\"words\":%d,\"characters\":%d}", words, characters);
  return 0;
}
