import { openArena } from "./arena.ts";
const names = process.argv.slice(2);
await using arena = await openArena({ searchPath: process.env.PATH });
for (const name of names) {
  const family = Object.values(await import(`./${name}.ts`))[0] as any;
  for (const attack of family.attacks) {
    if (attack.isHeldIn && !attack.isHeldIn(arena)) { console.log("SKIP", attack.name); continue; }
    const t = performance.now();
    try {
      const shown = await attack.launch(arena);
      const harm = await arena.harm(shown);
      if (harm.length) console.log("HARM", attack.name, harm);
      else console.log("ok", attack.name, Math.round(performance.now() - t));
    } catch (error) { console.log("FAIL", attack.name, Math.round(performance.now() - t), (error as Error).message.slice(0, 600)); }
  }
}
