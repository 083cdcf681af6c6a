import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Task } from "@stoa/protocol";
import { Ban, CircleCheck, RotateCcw } from "lucide-react";
import { taskKeys } from "../data/tasks.ts";
import { wholeClient } from "../market/connection.ts";
import { Button } from "../parts/button.tsx";
import { Failure } from "../parts/failure.tsx";
import { useText } from "../text/use-text.ts";

type Action = "accept" | "cancel" | "retry";

/** What its requester may do with a task now. */
export function TaskActions({ task }: { task: Task }) {
  const { t } = useText();
  const queryClient = useQueryClient();
  const acting = useMutation({
    mutationFn: (action: Action) => act(action, task.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: taskKeys.one(task.id) }),
  });
  const mayAccept = task.state === "delivered" && !task.accepted;
  if (!mayAccept && task.state !== "open" && task.state !== "dead") return null;
  const isBusy = (action: Action) => acting.isPending && acting.variables === action;
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        {mayAccept && (
          <Button
            look="primary"
            isBusy={isBusy("accept")}
            icon={<CircleCheck className="size-4" aria-hidden />}
            onClick={() => acting.mutate("accept")}
          >
            {t("actions.accept")}
          </Button>
        )}
        {task.state === "open" && (
          <Button
            look="danger"
            isBusy={isBusy("cancel")}
            icon={<Ban className="size-4" aria-hidden />}
            onClick={() => acting.mutate("cancel")}
          >
            {t("actions.cancel")}
          </Button>
        )}
        {task.state === "dead" && (
          <Button
            isBusy={isBusy("retry")}
            icon={<RotateCcw className="size-4" aria-hidden />}
            onClick={() => acting.mutate("retry")}
          >
            {t("actions.retry")}
          </Button>
        )}
      </div>
      {acting.error && <Failure error={acting.error} />}
    </div>
  );
}

async function act(action: Action, id: string): Promise<void> {
  const client = await wholeClient();
  if (action === "cancel") return client.tasks.cancel(id);
  if (action === "retry") return client.tasks.retry(id);
  const { openWallet, signerOf } = await import("../wallet/open-wallet.ts");
  // Order, award, receipt and result are checked here before anything is signed.
  await client.tasks.acceptWhenGood(id, { signer: signerOf(await openWallet()) });
}
