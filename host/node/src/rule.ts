/** What secrets are known by (`wit/schema/rules.schema.json`). */

import type { RedactionAction } from './options.js';

/** A rule by which secrets are found. */
export interface Rule {
  /** What receipts and configurations call it. It never changes. */
  readonly id: string;
  /**
   * How it knows a secret: by the name it stands under (`key`), by its own shape (`format`), by the way the text around it
   * is written (`notation`), or by what is known of command lines (`shell`).
   */
  readonly kind: 'key' | 'format' | 'notation' | 'shell';
  /** Whose format it is; null when it is nobody's. */
  readonly vendor: string | null;
  /** What it finds, for people. */
  readonly description: string;
  /** What becomes of it when the configuration says nothing. */
  readonly action: RedactionAction;
}
