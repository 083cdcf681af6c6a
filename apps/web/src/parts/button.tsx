import type { ButtonHTMLAttributes, ReactNode } from "react";

const looks = {
  primary: "bg-sea text-on-sea hover:bg-sea-strong border-transparent",
  plain: "bg-surface text-ink hover:bg-sunken border-line-strong",
  quiet: "bg-transparent text-quiet hover:text-ink hover:bg-sunken border-transparent",
  danger: "bg-surface text-brick hover:bg-brick-soft border-brick-fill",
} as const;

/** The classes of a button, for links that look like one. */
export function buttonClass(look: keyof typeof looks = "plain", more = ""): string {
  return `inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border px-3.5 py-1.5 font-medium no-underline transition-colors disabled:opacity-55 ${looks[look]} ${more}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  /** Something is on its way: it cannot be pressed again, and says so. */
  isBusy?: boolean;
  icon?: ReactNode;
}

export function Button({ look = "plain", isBusy = false, icon, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || isBusy}
      aria-busy={isBusy}
      className={buttonClass(look, className)}
    >
      {isBusy ? (
        <span className="size-4 animate-spin rounded-full border-2 border-current border-e-transparent" aria-hidden />
      ) : (
        icon
      )}
      {children}
    </button>
  );
}
