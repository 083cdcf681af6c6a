import { openArena } from "./arena.ts";
import { runOutside } from "./escape.ts";
const names = process.argv.slice(2);
const options = { searchPath: process.env.PATH, without: (process.env.WITHOUT ?? "").split(",").filter(Boolean) } as any;
let arena = await openArena(options);
console.log(JSON.stringify(arena.containment));
for (const name of names) {
  const module = await import(`./${name}.ts`) as any;
  const family = Object.values(module).find((v: any) => v.attacks) as any;
  for (const attack of family.attacks) {
    if (attack.isHeldIn && !attack.isHeldIn(arena)) { console.log("SKIP", attack.name); continue; }
    const t = performance.now();
    try {
      const shown = await attack.launch(arena);
      if (process.env.SHOW) console.log(attack.name, "=>", shown.slice(0, 300));
      const harm = await arena.harm(shown);
      if (harm.length) { console.log("HARM", attack.name, harm, shown.slice(0, 200)); await arena[Symbol.asyncDispose](); arena = await openArena(options); }
      else console.log("ok", attack.name, Math.round(performance.now() - t));
    } catch (error) { console.log("FAIL", attack.name, Math.round(performance.now() - t), (error as Error).message.slice(0, 600)); }
  }
  for (const escape of process.env.CONTROL ? module.outside ?? module.inside ?? [] : []) {
    if (escape.isTriedOutside === false) continue;
    await using open = await openArena(options);
    const shown = await runOutside(escape, open);
    const harm = await open.harm(shown);
    const judged = escape.shows && !escape.shows.test(shown);
    if (harm.length === 0 && !judged) console.log("NO HARM OUTSIDE", escape.name, shown.slice(0, 900));
  }
}
await arena[Symbol.asyncDispose]();
