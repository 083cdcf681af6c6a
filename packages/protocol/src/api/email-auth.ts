import Type, { type Static } from "typebox";
import { EmailSchema, PasswordSchema, TimeSchema } from "../schema-parts.ts";

/** A code of the account's authenticator app, or one of its recovery codes. */
export const SecondFactorCodeSchema = Type.String({
  pattern: "^([0-9]{6}|[A-Za-z0-9]{5}-[A-Za-z0-9]{5})$",
  description: "a code of the account's authenticator app, or one of its recovery codes",
});

const strict = { additionalProperties: false } as const;

/** `POST /auth/email/sign-up`, `POST /auth/email`: an address, and the password that is to go with it. */
export const EmailRequestSchema = Type.Object(
  { email: EmailSchema, password: PasswordSchema },
  { ...strict, title: "EmailRequest" },
);

/** A mail is on its way, if it is to be: the answer tells nothing of who has an account. */
export const MailSentSchema = Type.Object(
  { expiresAt: { ...TimeSchema, description: "when what the mail says is worth nothing any more" } },
  { title: "MailSent" },
);
export type MailSent = Static<typeof MailSentSchema>;

const MailTokenSchema = Type.String({ minLength: 1, maxLength: 100, description: "from the mail's link, after the #" });

/** `POST /auth/email/confirm`. */
export const ConfirmEmailSchema = Type.Object({ token: MailTokenSchema }, { ...strict, title: "ConfirmEmail" });

/** `POST /auth/email/sign-in`. */
export const PasswordSignInSchema = Type.Object(
  {
    email: EmailSchema,
    password: Type.String({ minLength: 1, maxLength: 256 }),
    code: Type.Optional(SecondFactorCodeSchema),
  },
  { ...strict, title: "PasswordSignIn" },
);
export type PasswordSignIn = Static<typeof PasswordSignInSchema>;

/** `POST /auth/password/forgot`. */
export const ForgotPasswordSchema = Type.Object({ email: EmailSchema }, { ...strict, title: "ForgotPassword" });

/** `POST /auth/password/reset`. */
export const ResetPasswordSchema = Type.Object(
  { token: MailTokenSchema, password: PasswordSchema },
  { ...strict, title: "ResetPassword" },
);

/** `PUT /auth/password`. */
export const ChangePasswordSchema = Type.Object(
  { current: Type.String({ minLength: 1, maxLength: 256 }), password: PasswordSchema },
  { ...strict, title: "ChangePassword" },
);
