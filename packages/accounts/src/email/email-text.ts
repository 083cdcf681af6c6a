/** What stands where an account has no e-mail address: the sign-in library wants every account to have one. */
export function placeholderEmail(accountId: string): string {
  return `${accountId.toLowerCase()}@none.placeholder.invalid`;
}

/** An address as it is kept and compared: two that differ in case alone are one. */
export function toEmail(text: string): string {
  return text.toLowerCase();
}

/** An account's address; null when a placeholder stands in its place. */
export function emailOrNull(email: string): string | null {
  return email === "" || email.endsWith(".placeholder.invalid") ? null : email;
}
