import { cliVariables } from "../../apps/cli/src/config.ts";
import { nodeVariables } from "../../apps/node/src/config.ts";
import { serverVariables } from "../../apps/server/src/config.ts";

interface Variable {
  name: string;
  description: string;
  default: string;
}

const programs: { title: string; text: string; variables: readonly Variable[] }[] = [
  {
    title: "The server",
    text: "`node apps/server/src/main.ts`. `npm start` sets all of these for a local market; only `DATABASE_URL` and `STOA_DATA` are taken from outside.",
    variables: serverVariables,
  },
  { title: "A node", text: "`npx stoa node start`, or `node apps/node/src/main.ts`.", variables: nodeVariables },
  {
    title: "The command line",
    text: "`npx stoa`. A flag goes before a variable, a variable before the local market's profile.",
    variables: cliVariables,
  },
];

/** Every variable of every program, from the tables they read. */
export function configurationPage(): string {
  const sections = programs.map(({ title, text, variables }) => {
    const rows = variables.map(
      ({ name, description, default: fallback }) => `| \`${name}\` | ${cell(description)} | ${cell(fallback)} |`,
    );
    return [
      `## ${title}`,
      "",
      text,
      "",
      "| variable | what it sets | default |",
      "| --- | --- | --- |",
      ...rows,
      "",
    ].join("\n");
  });
  return [
    "# Configuration",
    "",
    "Everything is set by environment variables; nothing else is read. This page is generated from the programs' own tables by `npm run docs`.",
    "",
    ...sections,
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
