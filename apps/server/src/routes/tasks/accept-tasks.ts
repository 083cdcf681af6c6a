import { AcceptedTasksSchema, AcceptTasksSchema, StoaError, type TaskId } from "@stoa/protocol";
import { findRequesters } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { requireOwner } from "../../http/authenticate.ts";
import { eachAlone } from "../../http/each-alone.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `POST /api/v1/tasks/accept`: settles delivered tasks on their requester's signed acceptances, each by itself. */
export function acceptTasks(app: App, context: HttpContext): void {
  const { database, market } = context;
  app.post(
    "/tasks/accept",
    {
      schema: {
        summary: "Accept several tasks' results",
        body: AcceptTasksSchema,
        response: { 200: AcceptedTasksSchema },
      },
    },
    async (request) => {
      const acceptances = request.body.acceptances.map((item) => ({ ...item, taskId: item.taskId as TaskId }));
      const requesters = await findRequesters(
        database,
        acceptances.map(({ taskId }) => taskId),
      );
      return {
        results: await eachAlone(request, acceptances, async ({ taskId, signature }) => {
          const requester = requesters.get(taskId);
          if (!requester) throw new StoaError("not_found", `there is no task ${taskId}`);
          requireOwner(request, requester, `the task ${taskId}`);
          const { charge } = await market.acceptTask({ taskId, signature });
          return { taskId, charge: charge.toString() };
        }),
      };
    },
  );
}
