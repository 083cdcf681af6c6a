import { OP, type Instruction } from "./instruction.ts";

/** What a block takes from the stack and leaves there. */
export interface BlockArity {
  params: number;
  results: number;
}

interface Block extends BlockArity {
  /** Operands below the block. */
  base: number;
}

/**
 * Follows the height of a function's operand stack through its code, as validation does: the code is known to be valid,
 * so that only heights are kept.
 */
export class ControlStack {
  #height = 0;
  #most = 0;
  readonly #blocks: Block[];

  /** The function's body is the first block. */
  constructor(results: number) {
    this.#blocks = [{ base: 0, params: 0, results }];
  }

  /** How many blocks are open; 0 behind the function's last `end`. */
  get depth(): number {
    return this.#blocks.length;
  }

  /** The most operands there ever are at once. */
  get most(): number {
    return this.#most;
  }

  /** Goes past an instruction, whose block's arity is given when it opens one. */
  pass(instruction: Instruction, arity?: BlockArity): void {
    const block = this.#blocks.at(-1)!;
    this.#change(block, instruction.pops, instruction.pushes);
    switch (instruction.opcode) {
      case OP.block:
      case OP.loop:
      case OP.if:
        this.#blocks.push({ ...arity!, base: Math.max(block.base, this.#height - arity!.params) });
        return;
      case OP.else:
        this.#height = block.base + block.params;
        return;
      case OP.end:
        this.#blocks.pop();
        this.#height = block.base;
        this.#change(block, 0, block.results);
        return;
      case OP.br:
      case OP.brTable:
      case OP.return:
      case OP.unreachable:
        // What follows is never reached, and may take operands that are not there.
        this.#height = block.base;
    }
  }

  #change(block: Block, pops: number, pushes: number): void {
    this.#height = Math.max(block.base, this.#height - pops) + pushes;
    this.#most = Math.max(this.#most, this.#height);
  }
}
