/** What an agent may reach outside its sandbox, in words. */
export function grantsText({
  keyValue = false,
  http = [],
  subtasks = [],
}: {
  keyValue?: boolean;
  http?: readonly string[];
  subtasks?: readonly string[];
}): string {
  const granted = [
    ...(keyValue ? ["its own key-value store"] : []),
    ...(http.length > 0 ? [`HTTP to ${http.join(", ")}`] : []),
    ...(subtasks.length > 0 ? [`other agents for ${subtasks.join(", ")}`] : []),
  ];
  return granted.join("; ") || "nothing outside its sandbox";
}
