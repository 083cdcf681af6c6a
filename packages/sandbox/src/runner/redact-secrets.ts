/** What stands where a secret was. */
const REDACTED = "[redacted]";

/**
 * Secrets that are known by their form; `$1` is kept. Every repetition has a bound, so that a hostile text costs no more
 * than its length many times over.
 */
const FORMS: readonly RegExp[] = [
  // PEM private keys, to their end or the text's.
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]{0,16384}(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?/g,
  // OpenAI, Anthropic and those who took after them; Groq; Stripe.
  /\bsk-[A-Za-z0-9_-]{20,512}/g,
  /\bgsk_[A-Za-z0-9]{20,512}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,512}/g,
  // GitHub, AWS, Slack, Google.
  /\bgh[pousr]_[A-Za-z0-9]{36,512}/g,
  /\bgithub_pat_[A-Za-z0-9_]{22,512}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,512}/g,
  /\bAIza[0-9A-Za-z_-]{35}/g,
  // JSON Web Tokens, whatever follows "Bearer", and passwords in addresses.
  /\beyJ[A-Za-z0-9_-]{8,2048}\.eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,2048}/g,
  /\b(Bearer )[A-Za-z0-9._~+/=-]{16,4096}/gi,
  /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,128}:)[^\s/@]{1,128}(?=@)/gi,
];

/**
 * Replaces what looks like a key, a token or a password. It knows common forms, no more: what has another form passes.
 * @example
 * redactSecrets("key sk-abcdefghijklmnopqrstuvwx") // "key [redacted]"
 */
export function redactSecrets(text: string): string {
  let redacted = text;
  for (const form of FORMS)
    redacted = redacted.replace(form, (_, kept: unknown) => (typeof kept === "string" ? kept : "") + REDACTED);
  return redacted;
}
