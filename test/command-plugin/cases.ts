import { connectionCases } from "./connectionCases";
import { copyCases } from "./copyCases";
import { localCases } from "./localCases";
import { remoteCases } from "./remoteCases";
import type { Case } from "./table";

/** Every behaviour that the real plugin and its stand-in must share. */
export const cases: Case[] = [...remoteCases, ...connectionCases, ...copyCases, ...localCases];
