/** What a message is about: its task, or nothing in particular. Messages about one task keep their order. */
export function subjectOf(message: { type: string }): string {
  return "taskId" in message && typeof message.taskId === "string" ? message.taskId : "";
}
