import type { Mail } from "@stoa/store";

/** The address's holder is asked whether it is theirs. */
export function confirmMail(recipient: string, { baseUrl, token }: { baseUrl: string; token: string }): Mail {
  return {
    recipient,
    subject: "Confirm your e-mail address for Stoa",
    body: `Somebody, we hope you, gave this address for an account at ${baseUrl}.

Confirm that it is yours within a day:

${baseUrl}/auth/confirm-email#${token}

If it was not you, do nothing: without this link the address is not used.
`,
  };
}

/** A holder who has an account asked for another: only they are told so. */
export function knownMail(recipient: string, { baseUrl }: { baseUrl: string }): Mail {
  return {
    recipient,
    subject: "You already have an account at Stoa",
    body: `Somebody, perhaps you, asked for an account with this address at ${baseUrl}. It has one already: sign in with it,
or have its password reset.

If it was not you, nothing has changed, and nothing needs to be done.
`,
  };
}

export function resetMail(recipient: string, { baseUrl, token }: { baseUrl: string; token: string }): Mail {
  return {
    recipient,
    subject: "Reset your password at Stoa",
    body: `Somebody, we hope you, asked for a new password for your account at ${baseUrl}.

Choose it within an hour:

${baseUrl}/auth/reset-password#${token}

If it was not you, do nothing: your password stays as it is.
`,
  };
}

/** What an account's holder should know of, should it not have been them. */
export function changedMail(recipient: string, { baseUrl, what }: { baseUrl: string; what: string }): Mail {
  return {
    recipient,
    subject: `A change of your ${what} at Stoa`,
    body: `Your account at ${baseUrl} was just changed: its ${what}.

If it was not you, have your password reset at once, and end the sessions you do not know.
`,
  };
}
