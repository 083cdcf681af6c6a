import { useText } from "../text/use-text.ts";

export function Online({ isOnline }: { isOnline: boolean }) {
  const { t } = useText();
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-[0.8125rem] font-medium whitespace-nowrap ${isOnline ? "bg-leaf-soft text-leaf" : "bg-sunken text-quiet"}`}
    >
      <span className={`size-2 rounded-full ${isOnline ? "bg-leaf-fill" : "bg-line-strong"}`} aria-hidden />
      {t(isOnline ? "node.online" : "node.offline")}
    </span>
  );
}
