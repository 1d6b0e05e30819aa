import { stripVTControlCharacters } from "node:util";

/** What is used of the events that `pulumi up --json` prints, one on each line. */
export interface EngineEvent {
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
  resourcePreEvent?: { metadata: Step };
  resOutputsEvent?: { metadata: Step };
  resOpFailedEvent?: { metadata: Step };
  summaryEvent?: { durationSeconds: number; resourceChanges?: Record<string, number> };
}

interface Step {
  op: string;
  urn: string;
  old?: { custom?: boolean };
  new?: { custom?: boolean };
}

const done: Record<string, string> = {
  create: "+ created",
  "create-replacement": "± replaced",
  update: "~ updated",
  delete: "- removed",
};

/** Tells a run of Pulumi step by step: a line for each that changed something, and at the end what failed and why. */
export class Progress {
  private readonly started = new Map<string, number>();
  private readonly problems = new Map<string, string[]>();

  /** Takes in one event and returns the lines to show. */
  take(event: EngineEvent, now = Date.now()): string[] {
    const begun = shown(event.resourcePreEvent);
    if (begun) this.started.set(begun.urn, now);
    const ended = shown(event.resOutputsEvent);
    if (ended) return [this.finished(ended, done[ended.op] ?? "", now)];
    const failed = shown(event.resOpFailedEvent);
    if (failed) return [this.finished(failed, "! failed ", now)];
    return event.diagnosticEvent ? this.diagnosed(event.diagnosticEvent) : [];
  }

  /** What is being worked on, on one line; empty when that is nothing. */
  running(now = Date.now()): string {
    return [...this.started].map(([urn, since]) => `${nameOf(urn)} ${seconds(now - since)}`).join(", ");
  }

  /** What failed and why, with the last lines it printed; no stack traces. */
  failures(): string[] {
    return [...this.problems].flatMap(([name, messages]) => [
      "",
      name ? `Failed: ${name}` : "Failed:",
      ...messages.flatMap((message) => lastLines(message, 20).map((line) => `  ${line}`)),
    ]);
  }

  private finished({ urn }: Step, what: string, now: number): string {
    const time = seconds(now - (this.started.get(urn) ?? now));
    this.started.delete(urn);
    return `  ${what.padEnd(10)} ${nameOf(urn).padEnd(32)} ${time.padStart(7)}`;
  }

  private diagnosed({ urn, message, severity, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>) {
    const text = plain(message);
    // What a step prints is kept by the engine, which repeats it when the step fails.
    if (severity === "debug" || ephemeral || text === "") return [];
    if (severity !== "error")
      return text.split("\n").map((line) => `  ${severity === "warning" ? "warning: " : ""}${line}`);
    const end = /^(?:update|destroy|refresh) (failed|cancell?ed)$/.exec(text)?.[1];
    if (end !== undefined) return end === "failed" ? [] : ["Cancelled; the next run goes on from here."];
    const name = urn === undefined || urn.includes("pulumi:pulumi:Stack") ? "" : nameOf(urn);
    const known = this.problems.get(name) ?? [];
    if (!known.includes(text)) this.problems.set(name, [...known, text]);
    return [];
  }
}

/** A step that says something to a person: one that changes a resource which is not just a group of others. */
function shown(event: { metadata: Step } | undefined): Step | undefined {
  const step = event?.metadata;
  if (step === undefined || !(step.op in done) || step.urn.includes("pulumi:providers:")) return undefined;
  return (step.new ?? step.old)?.custom ? step : undefined;
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A message without colours, stack traces and what says only that there was an error. */
function plain(message: string): string {
  const lines = stripVTControlCharacters(message).split("\n");
  const useful = lines.filter(
    (line) => !/^\s+at .*[:)]/.test(line) && !/failed with an unhandled exception:$/.test(line),
  );
  return useful
    .join("\n")
    .trim()
    .replace(/^Error: /, "");
}

/** The first line, which says what it is about, and the last ones. */
function lastLines(text: string, count: number): string[] {
  const lines = text.split("\n");
  return lines.length <= count ? lines : [lines[0] ?? "", "…", ...lines.slice(-count)];
}
