/**
 * What the host does at the guest's word, one small file an effect. None of them knows the guest, the other effects, or
 * what a record says: to them it is one line of text, and no message of theirs contains any of it.
 */

/** Where records go beside the outbox. */
export interface Sink {
  /** The name under which the configuration and the receipts know it. */
  readonly name: string;

  /**
   * Takes records, each one line without its line break, in this order. Returns when they are as safe as the sink
   * promises; when not all of them could be taken, with the reason.
   */
  write(records: readonly string[]): WriteFailure | undefined;
}

/** Why a sink did not take everything. */
export interface WriteFailure {
  /** How many records, from the first, are whole where they belong. */
  written: number;
  /** What went wrong and what to do about it. */
  message: string;
  /** Whether the remaining records may go through later. */
  retryable: boolean;
}
