import type { Problem } from "../../source";
import type { StackSecrets, StackSettings } from "../schema";

/** Those parts of a configuration that are right by themselves. */
export type Parts = Partial<StackSettings & StackSecrets>;

/** Whether a secret is given, also one whose value another resource is yet to make. */
export type Given = (key: keyof StackSecrets) => boolean;

/** What several keys must have of each other: what is wrong with that. */
export type Rule = (parts: Parts, given: Given) => Problem | readonly Problem[] | undefined;
