/** Words that carry no subject, by language: they guess the language and are left out of the comparison. */
const STOP_WORDS: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    de: "aber alle als also am an auch auf aus bei bin bis bist da dann das dass dem den der des die dies diese dieser dieses doch du durch ein eine einem einen einer eines er es für haben hat hatte ich ihr ihre im in ist ja jede kann kein keine man mehr mit nach nicht noch nur oder schon sehr sein seine sich sie sind so um und uns unter vom von vor war was weil wenn werden wie wir wird wo zu zum zur über",
    en: "a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no nor not now of off on once only or other our out over own same she should so some such than that the their them then there these they this those through to too under until up very was we were what when where which while who whom why will with would you your",
    es: "a al algo ante antes como con contra cual cuando de del desde donde dos el ella ellos en entre era es esa ese eso esta está estas este esto estos fue ha hasta hay la las le les lo los me mi muy más nada ni no nos o otro para pero por porque que qué quien se ser si sin sobre son su sus también te tiene todo todos un una unos y ya",
    fr: "a au aux avec ce ces cette comme dans de des donc du elle elles en entre est et eux fait il ils je la le les leur leurs lui mais me même mes mon ne nos notre nous on ont ou où par pas plus pour qu que qui sa sans se ses si son sont sous sur ta te tes toi ton tous tout très tu un une vos votre vous y à été être",
    it: "a agli ai al alla alle allo anche ancora avere che chi ci come con cui da dagli dai dal dalla dei del della delle dello di dove e ed era essere fra gli ha hanno i il in io la le lei lo loro lui ma mi nei nel nella noi non o ogni per perché più quale quando quella questa queste questi questo se sempre si sia sono su sua sue sugli sui sul sulla suo tra tutti tutto un una uno voi è",
    nl: "aan al alle als bij daar dan dat de deze die dit doch door dus een en er ge geen had haar heb hebben heeft hem het hier hij hoe hun ik in is je kan maar me meer men met mij mijn na naar niet nog nu of om omdat ons ook op over te tot uit uw van veel voor want waren was wat we werd wie wij wordt worden ze zelf zich zij zijn zo zonder zou",
    pt: "a ao aos aquela aquele as até com como da das de dela dele do dos e ela elas ele eles em entre era essa esse esta está este eu foi foram há isso isto já lhe mais mas me mesmo meu minha muito na nas nem no nos nossa nosso não o os ou para pela pelo por qual quando que quem se sem ser seu seus só sua suas são também te tem um uma você à é",
  }).map(([language, words]) => [language, new Set(words.split(" "))]),
);

const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** The words of a text, lower-case; scripts that do not part words give pairs of characters. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    if (!WIDE.test(word)) words.push(word.replaceAll("’", "'"));
    else for (let index = 0; index + 1 < word.length; index += 1) words.push(word.slice(index, index + 2));
  }
  return words;
}

/** The known language whose small words are most frequent, English when none stands out. */
export function guessLanguage(words: readonly string[]): string {
  let best = { language: "en", hits: 0 };
  for (const [language, stops] of Object.entries(STOP_WORDS)) {
    const hits = words.filter((word) => stops.has(word)).length;
    if (hits > best.hits) best = { language, hits };
  }
  return best.language;
}

/** One form for a word and its plain inflections, so that "node" and "nodes" meet; coarse on purpose. */
function stemOf(word: string, language: string): string {
  if (language !== "en" || word.length < 5) return word.length > 6 ? word.slice(0, Math.max(5, word.length - 2)) : word;
  return word
    .replace(/'s$/, "")
    .replace(/ies$/, "y")
    .replace(/(?<=[sxz]|ch|sh)es$/, "")
    .replace(/(?<![su])s$/, "")
    .replace(/(?<=.{4})(?:ing|ed|ly|er)$/, "");
}

/** The words of a sentence that say what it is about, in one form each. */
export function termsOf(text: string, language: string): string[] {
  const stops = STOP_WORDS[language] ?? new Set();
  return wordsOf(text)
    .filter((word) => word.length > 1 && !stops.has(word))
    .map((word) => stemOf(word, language));
}
