import { type AddressBookFile, readAddressBook } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";

/**
 * Reads the address book of a chain.
 * @throws {StoaError} `invalid_configuration` when there is none, or it is another chain's
 */
export async function requireBook(bookFile: string, chainId: number): Promise<AddressBookFile> {
  const book = await readAddressBook(bookFile);
  if (!book) {
    throw new StoaError(
      "invalid_configuration",
      `there is no address book of chain ${chainId} at ${bookFile}: name it with --book, or deploy with stoa chain deploy`,
    );
  }
  if (book.chainId === chainId) return book;
  throw new StoaError("invalid_configuration", `${bookFile} is of chain ${book.chainId}, this is chain ${chainId}`);
}
