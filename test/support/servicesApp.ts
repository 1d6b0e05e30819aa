import { strict as assert } from "node:assert";

import type { HttpAnswer } from "./http";

/** What the app of e2e/projects/services tells of its services. */
export interface Told {
  vendor: string;
  rows: number;
  same?: boolean;
  extensions?: string[];
  jobs?: number;
  cached?: string;
}

/** It, of the app's answer at /. */
export function toldBy({ status, text }: HttpAnswer): Told {
  assert.equal(status, 200, text);
  return JSON.parse(text) as Told;
}
