import type { EventRecord, Hash } from "@stoa/protocol";
import { Counter, Histogram, type Registry } from "prom-client";
import { followTasks, type TaskObserver } from "./follow-tasks.ts";

/** From an answer of a node at hand to a model's long one. */
const STEP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];
const ROUND_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1];
/** A round that is never told to be closed is forgotten. */
const MOST_ROUNDS = 10_000;

/**
 * Counts what the event log tells: tasks, rounds, money and settlements. Labels are words of ours only, never what
 * somebody outside wrote.
 * @param observer is told of tasks' ways too
 */
export function measureMarket(registry: Registry, observer: TaskObserver): (events: readonly EventRecord[]) => void {
  const meters = openMeters(registry);
  const roundsOpened = new Map<Hash, number>();
  const follow = followTasks({
    onStep(step) {
      meters.steps.observe({ step: step.name }, (step.endMs - step.startMs) / 1_000);
      observer.onStep(step);
    },
    onEnd(end) {
      meters.tasks.observe({ outcome: end.outcome }, (end.endMs - end.startMs) / 1_000);
      observer.onEnd(end);
    },
  });

  function onRoundOpened({ at, data }: EventRecord<"round.opened">): void {
    roundsOpened.set(data.roundId, at);
    const oldest = roundsOpened.size > MOST_ROUNDS ? roundsOpened.keys().next().value : undefined;
    if (oldest !== undefined) roundsOpened.delete(oldest);
  }

  function onRoundClosed({ at, data }: EventRecord<"round.closed">): void {
    const openedAt = roundsOpened.get(data.roundId);
    roundsOpened.delete(data.roundId);
    if (openedAt !== undefined) meters.rounds.observe((at - openedAt) / 1_000);
    meters.roundTasks.inc(data.tasks);
    meters.roundAwards.inc(data.awards);
  }

  function onSettled({ data }: EventRecord<"task.settled">): void {
    for (const to of ["payment", "royalty", "fee", "refund"] as const) meters.money.inc({ to }, Number(data[to]));
  }

  return (events) => {
    for (const event of events) {
      meters.events.inc({ type: event.type });
      if (event.type === "round.opened") onRoundOpened(event as EventRecord<"round.opened">);
      else if (event.type === "round.closed") onRoundClosed(event as EventRecord<"round.closed">);
      else if (event.type === "task.settled") onSettled(event as EventRecord<"task.settled">);
    }
    follow(events);
  };
}

function openMeters(registry: Registry) {
  const registers = [registry];
  return {
    events: new Counter({
      name: "stoa_events_total",
      help: "Events of the market's log, by type.",
      labelNames: ["type"],
      registers,
    }),
    steps: new Histogram({
      name: "stoa_task_step_seconds",
      help: "Time of each step of tasks' ways: auction, dispatch, run, approve, settle.",
      labelNames: ["step"],
      buckets: STEP_SECONDS,
      registers,
    }),
    tasks: new Histogram({
      name: "stoa_task_seconds",
      help: "Time from a task's opening to its end, by outcome.",
      labelNames: ["outcome"],
      buckets: STEP_SECONDS,
      registers,
    }),
    rounds: new Histogram({
      name: "stoa_round_seconds",
      help: "Time from a round's opening to its close.",
      buckets: ROUND_SECONDS,
      registers,
    }),
    roundTasks: new Counter({ name: "stoa_round_tasks_total", help: "Tasks that rounds cleared.", registers }),
    roundAwards: new Counter({ name: "stoa_round_awards_total", help: "Awards that rounds gave.", registers }),
    money: new Counter({
      name: "stoa_settled_units_total",
      help: "Money of settled tasks in the token's smallest unit, by what it was for.",
      labelNames: ["to"],
      registers,
    }),
  };
}
