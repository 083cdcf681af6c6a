import type { Json } from "@stoa/protocol";

/** A small real task a stranger can order with one press. */
export interface Sample {
  capability: string;
  name: "summarize" | "language" | "csv";
  text: string;
  toInput: (text: string) => Json;
}

const article = `A stoa was a covered walk of the ancient Greek city: a long roof on columns, open to the square. It gave shade in summer and shelter in winter, and so it became the place where everything happened. Traders set up their tables between the columns and called out their prices. Bankers weighed coins, and officials checked the measures so that nobody was cheated. Contracts for public works were let there to whoever asked the least. Philosophers walked up and down among the buyers, and one school was even named after the building. What made it work was that all of it was public: a price could be heard, a measure could be checked, and a promise had witnesses.`;

const sentence = `Auf dem Markt von Athen konnte jeder den Preis hören, das Maß prüfen und beim Handel zusehen.`;

const table = `planet,kind,moons,radius_km,day_hours
Mercury,rocky,0,2440,4222.6
Venus,rocky,0,6052,2802
Earth,rocky,1,6371,24
Mars,rocky,2,3390,24.7
Jupiter,gas giant,95,69911,9.9
Saturn,gas giant,146,58232,10.7
Uranus,ice giant,28,25362,17.2
Neptune,ice giant,16,24622,16.1
Pluto,dwarf,5,1188,153.3`;

export const samples: readonly Sample[] = [
  { capability: "text.summarize", name: "summarize", text: article, toInput: (text) => ({ text, maxSentences: 2 }) },
  { capability: "text.language", name: "language", text: sentence, toInput: (text) => ({ text }) },
  { capability: "data.profile", name: "csv", text: table, toInput: (csv) => ({ csv }) },
];
