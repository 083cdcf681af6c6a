import { type AgentMatch, searchedFields, type SearchedField } from "@stoa/protocol";
import { type AskedWord, wordsOf } from "@stoa/search";

/**
 * Why a query finds an agent by its words: those it has as they were asked for, and of the others the nearest spelling
 * that it has.
 * @param words the query's, as the index looked them up
 */
export function explainMatch(
  agent: Readonly<{ name: string; description: string; capabilities: readonly string[] }>,
  words: readonly AskedWord[],
): Pick<AgentMatch["found"], "text" | "spelling"> {
  const texts = { ...agent, capabilities: agent.capabilities.join(" ") };
  const wordsIn = new Map(searchedFields.map((field) => [field, new Set(wordsOf(texts[field]))]));
  const fieldsWith = (word: string): SearchedField[] => searchedFields.filter((field) => wordsIn.get(field)!.has(word));
  const text: AgentMatch["found"]["text"] = [];
  const spelling: AgentMatch["found"]["spelling"] = [];
  for (const { word, near } of words) {
    const fields = fieldsWith(word);
    const other = fields.length > 0 ? undefined : near.find((candidate) => fieldsWith(candidate).length > 0);
    if (fields.length > 0) text.push({ word, in: fields });
    else if (other !== undefined) spelling.push({ word, as: other, in: fieldsWith(other) });
  }
  return { text, spelling };
}
