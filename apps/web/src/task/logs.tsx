import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { logsQuery, progressQuery } from "../data/tasks.ts";
import { Lines, Loaded } from "../parts/loaded.tsx";
import { Panel } from "../parts/page.tsx";
import { useText } from "../text/use-text.ts";

/** A reader this close to the end wants to see what comes. */
const NEAR_PX = 40;

/** What the executions write, as they write it. */
export function Logs({ taskId, isRunning }: { taskId: string; isRunning: boolean }) {
  const { t, language } = useText();
  const query = useQuery(logsQuery(taskId, true));
  const progress = useQuery(progressQuery(taskId)).data;
  const clock = new Intl.DateTimeFormat(language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  });
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lines = query.data?.executions.flatMap(({ executionId, lines }) =>
    lines.map((line) => ({ key: `${executionId} ${line.seq}`, ...line })),
  );
  useEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines?.length]);
  return (
    <Panel title={t("logs.title")} note={isRunning && t("logs.live")}>
      {isRunning && progress && (
        <div className="grid gap-1">
          <div
            role="progressbar"
            aria-label={t("logs.progress")}
            aria-valuenow={Math.round(progress.fraction * 100)}
            className="h-2 overflow-hidden rounded-full bg-sunken"
          >
            <span
              className="block h-full rounded-full bg-sea-fill transition-[width]"
              style={{ width: `${progress.fraction * 100}%` }}
            />
          </div>
          <p className="text-sm text-quiet">{progress.text}</p>
        </div>
      )}
      <Loaded query={query} skeleton={<Lines count={3} className="h-5" />}>
        {() =>
          !lines?.length ? (
            <p className="text-quiet">{t(isRunning ? "logs.none_yet" : "logs.none")}</p>
          ) : (
            <div
              ref={box}
              tabIndex={0}
              role="log"
              aria-label={t("logs.title")}
              onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
                isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
              }}
              className="max-h-80 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs leading-relaxed"
            >
              {lines.map(({ key, at, text }) => (
                <p key={key} className="grid grid-cols-[6rem_1fr] gap-2">
                  <time dateTime={at} className="text-quiet">
                    {clock.format(new Date(at))}
                  </time>
                  <span className="whitespace-pre-wrap">{text}</span>
                </p>
              ))}
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}
