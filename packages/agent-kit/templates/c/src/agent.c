#include "stoa.h"
#include "stoa-json.h"

static char input[STOA_MAX_INPUT_BYTES];
static char text[STOA_MAX_INPUT_BYTES];

static int is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* In UTF-8 a character is one byte that does not begin with the bits 10, and those after it that do. */
static int is_first_byte(char byte) {
  return (byte & 0xc0) != 0x80;
}

static int32_t append(char *target, int32_t at, const char *words) {
  while (*words != 0) target[at++] = *words++;
  return at;
}

int32_t run(void) {
  int32_t length = stoa_input_length();
  if (length > STOA_MAX_INPUT_BYTES) return 1;
  stoa_input_read(input);
  struct stoa_json value = stoa_json_member((struct stoa_json){input, length}, "text");
  int32_t size = stoa_json_string(value, text, STOA_MAX_INPUT_BYTES);
  if (size < 0) return 1;

  int32_t words = 0, characters = 0;
  int in_word = 0;
  for (int32_t at = 0; at < size; at += 1) {
    if (is_first_byte(text[at])) characters += 1;
    if (!is_space(text[at]) && !in_word) words += 1;
    in_word = !is_space(text[at]);
  }

  char output[64];
  int32_t end = append(output, 0, "{\"words\":");
  end += stoa_json_integer(words, output + end);
  end = append(output, end, ",\"characters\":");
  end += stoa_json_integer(characters, output + end);
  end = append(output, end, "}");
  stoa_output_write(output, end);
  return 0;
}
