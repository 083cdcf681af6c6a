import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useText } from "../text/use-text.ts";
import { shortId } from "./short-id.ts";

const TOLD_MS = 1_500;

/** An id or address, shortened, with a button that copies it whole. */
export function IdText({ id, label }: { id: string; label: string }) {
  const { t } = useText();
  const [isCopied, setCopied] = useState(false);
  function copy() {
    void navigator.clipboard.writeText(id).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), TOLD_MS);
    });
  }
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <bdi className="font-mono text-[0.85em]" title={id}>
        {shortId(id)}
      </bdi>
      <button
        type="button"
        onClick={copy}
        aria-label={isCopied ? t("copied") : t("copy", { what: label })}
        className="inline-grid size-6 place-items-center rounded text-quiet hover:bg-sunken hover:text-ink"
      >
        {isCopied ? <Check className="size-3.5 text-leaf" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
      </button>
    </span>
  );
}
