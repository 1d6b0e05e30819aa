import { createHash } from "node:crypto";
import { secret } from "@pulumi/pulumi";
import { type Case, remote } from "./table";

/** A word that must not be readable in the state. */
export const hidden = "hush-hush";

const anyText = `é "q" '$x' %d \\ \t 日本\n\n${"y".repeat(300_000)}`;

const acceptEnv = (name: string) =>
  new RegExp(`^Unable to set '${name}'. This only works if your SSH server`);

/**
 * remote.Command: what runs when, and what becomes of its streams. Commands read all of their stdin: the real plugin
 * fails with `EOF`, now and then, when one ends before.
 */
export const remoteCases: Case[] = [
  {
    name: "streams",
    runs: [
      {
        declare: remote({ create: "echo out; echo more; echo err >&2" }),
        expected: {
          op: "create",
          status: ["err", "more", "out"],
          outputs: { stdout: "out\nmore", stderr: "err", connection: "(secret)" },
        },
      },
    ],
  },
  {
    name: "no-command",
    runs: [
      { declare: remote({}), expected: { op: "create", outputs: { stdout: "", stderr: "" } } },
      { declare: remote({ update: "echo up" }), expected: { op: "update", outputs: { stdout: "up" } } },
      {
        declare: remote({ stdin: "x" }),
        expected: { op: "update", outputs: { stdout: "up", update: undefined } },
      },
    ],
  },
  {
    name: "update-without-update",
    runs: [
      {
        declare: remote({ create: "cat", stdin: "one" }),
        expected: { op: "create", outputs: { stdout: "one" } },
      },
      {
        declare: remote({ create: "cat", stdin: "two", addPreviousOutputInEnv: false }),
        expected: { op: "update", outputs: { stdout: "two", stdin: "two" } },
      },
    ],
  },
  {
    name: "update-with-update",
    runs: [
      {
        declare: remote({ create: "echo create", update: "cat; echo update" }),
        expected: { op: "create", outputs: { stdout: "create" } },
      },
      {
        declare: remote({ create: "echo create", update: "cat; echo update", stdin: "changed\n" }),
        expected: { op: "update", outputs: { stdout: "changed\nupdate" } },
      },
    ],
  },
  {
    name: "only-delete-changed",
    runs: [
      {
        declare: remote(({ there }) => ({ create: `echo create >>${there}/log` })),
        expected: { op: "create" },
      },
      {
        declare: remote(({ there }) => ({
          create: `echo create >>${there}/log`,
          delete: `echo delete >>${there}/log`,
        })),
        expected: { op: "update" },
      },
    ],
    left: ["log:create", "log:create", "log:delete"],
  },
  {
    name: "triggers",
    runs: [1, 2].map((trigger) => ({
      declare: remote(({ there }) => ({
        create: `echo create ${trigger} >>${there}/log`,
        update: "echo never",
        delete: `echo delete ${trigger} >>${there}/log`,
        triggers: [trigger],
      })),
      expected: { op: trigger === 1 ? "create" : "replace", outputs: { stdout: "" } },
    })),
    left: ["log:create 1", "log:create 2", "log:delete 1", "log:delete 2"],
  },
  {
    name: "triggers-added",
    runs: [
      { declare: remote({ create: "true" }), expected: { op: "create" } },
      { declare: remote({ create: "true", triggers: ["new"] }), expected: { op: "replace" } },
      { declare: remote({ create: "true" }), expected: { op: "replace" } },
    ],
  },
  {
    name: "connection-changed",
    runs: [10, 11].map((dialErrorLimit) => ({
      declare: remote(({ connection }) => ({
        create: "echo create",
        update: "echo update",
        connection: { ...connection, dialErrorLimit },
      })),
      expected: dialErrorLimit === 10 ? { op: "create" } : { op: "update", outputs: { stdout: "update" } },
    })),
  },
  {
    name: "stdin-bytes",
    runs: [
      {
        declare: remote({ create: "sha256sum", stdin: anyText }),
        expected: {
          op: "create",
          outputs: { stdout: `${createHash("sha256").update(anyText).digest("hex")}  -` },
        },
      },
    ],
  },
  {
    name: "stdin-empty",
    runs: [
      {
        declare: remote({ create: "cat; echo end", stdin: "" }),
        expected: { op: "create", outputs: { stdout: "end" } },
      },
    ],
  },
  {
    name: "exit-code",
    runs: [
      {
        declare: remote({ create: "echo reason >&2; exit 3" }),
        expected: {
          op: "create",
          error: 'Process exited with status 3: running "echo reason >&2; exit 3":\nreason',
        },
      },
    ],
  },
  {
    name: "exit-quoted",
    runs: [
      {
        declare: remote({ create: 'exit 4 # "é" \\ \t \n # \u001b\u0007' }),
        expected: {
          op: "create",
          error: String.raw`Process exited with status 4: running "exit 4 # \"é\" \\ \t \n # \x1b\a":`,
        },
      },
    ],
  },
  {
    name: "exit-signal",
    runs: [
      {
        declare: remote({ create: "kill -9 $$" }),
        expected: {
          op: "create",
          error: 'Process exited with status 137 from signal KILL: running "kill -9 $$":',
        },
      },
    ],
  },
  {
    name: "session-cut",
    runs: [
      {
        declare: remote({ create: "sleep 1; kill -9 $PPID" }),
        expected: {
          op: "create",
          error:
            'wait: remote command exited without exit status or exit signal: running "sleep 1; kill -9 $PPID":',
        },
      },
    ],
  },
  {
    name: "failed-update",
    runs: [
      { declare: remote({ create: "echo one" }), expected: { op: "create", outputs: { stdout: "one" } } },
      {
        declare: remote({ create: "echo two; exit 1" }),
        expected: {
          op: "update",
          error: 'Process exited with status 1: running "echo two; exit 1":\ntwo',
          outputs: { create: "echo one", stdout: "one" },
        },
      },
      { declare: remote({ create: "echo three" }), expected: { op: "update", outputs: { stdout: "three" } } },
    ],
  },
  {
    name: "secret-stdin",
    runs: [
      {
        declare: remote({ create: "wc -c", stdin: secret(hidden) }),
        expected: {
          op: "create",
          outputs: { stdin: "(secret)", stdout: `${hidden.length}`, create: "wc -c" },
        },
      },
      {
        declare: remote({ create: "wc -c", stdin: secret(`${hidden}!`) }),
        expected: { op: "update", outputs: { stdin: "(secret)", stdout: `${hidden.length + 1}` } },
      },
    ],
  },
  {
    name: "secret-echoed",
    runs: [
      {
        declare: remote({ create: "cat", stdin: secret("said aloud") }),
        expected: { op: "create", outputs: { stdin: "(secret)", stdout: "said aloud" } },
      },
    ],
  },
  {
    name: "secret-outputs",
    runs: [
      {
        declare: remote(
          { create: "cat; echo aloud", stdin: "x" },
          { additionalSecretOutputs: ["stdout", "create", "stdin"] },
        ),
        expected: { op: "create", outputs: { stdout: "(secret)", create: "(secret)", stderr: "" } },
      },
    ],
  },
  {
    name: "secret-inside",
    runs: [
      {
        declare: remote({
          create: "echo ${#ACCEPTED_A}",
          environment: { ACCEPTED_A: secret(hidden), ACCEPTED_B: "b" },
        }),
        expected: {
          op: "create",
          outputs: { stdout: `${hidden.length}`, environment: { ACCEPTED_A: "(secret)", ACCEPTED_B: "b" } },
        },
      },
    ],
  },
  {
    name: "becomes-secret",
    runs: [
      {
        declare: remote({ create: "wc -c", stdin: "same" }),
        expected: { op: "create", outputs: { stdin: "same" } },
      },
      {
        declare: remote({ create: "wc -c", stdin: secret("same") }),
        expected: { op: "update", outputs: { stdin: "(secret)" } },
      },
    ],
  },
  {
    name: "environment",
    runs: [
      {
        declare: remote({
          create: 'echo "$ACCEPTED_A|$ACCEPTED_B"',
          environment: { ACCEPTED_A: "a b", ACCEPTED_B: "é$" },
        }),
        expected: { op: "create", outputs: { stdout: "a b|é$" } },
      },
    ],
  },
  {
    name: "environment-refused",
    runs: [
      {
        declare: remote({ create: "echo never", environment: { REFUSED: "x" } }),
        expected: {
          op: "create",
          error: /could not set environment variable "REFUSED": ssh: setenv failed$/,
        },
      },
    ],
  },
  {
    name: "previous-output",
    runs: ["one", "two"].map((stdin) => ({
      declare: remote({ create: 'echo "$(cat) after $PULUMI_COMMAND_STDOUT"; echo err >&2', stdin }),
      expected:
        stdin === "one"
          ? { op: "create", outputs: { stdout: "one after " } }
          : {
              op: "update",
              outputs: { stdout: "two after one after " },
              warning: acceptEnv("PULUMI_COMMAND_STDERR"),
            },
    })),
  },
  {
    name: "previous-output-off",
    runs: ["one", "two"].map((stdin) => ({
      declare: remote({
        create: 'echo "$(cat) after $PULUMI_COMMAND_STDOUT"; echo err >&2',
        stdin,
        addPreviousOutputInEnv: false,
      }),
      expected: { op: stdin === "one" ? "create" : "update", outputs: { stdout: `${stdin} after ` } },
    })),
  },
  ...(["stdout", "stderr", "stdoutAndStderr", "none"] as const).map((logging) => ({
    name: `logging-${logging}`,
    runs: [
      {
        declare: remote({ create: "echo stdout; echo stderr >&2", logging }),
        expected: {
          op: "create",
          status: { stdout: ["stdout"], stderr: ["stderr"], stdoutAndStderr: ["stderr", "stdout"], none: [] }[
            logging
          ],
          outputs: { stdout: "stdout", stderr: "stderr" },
        },
      },
    ],
  })),
  {
    name: "long-line",
    runs: [
      {
        declare: remote({ create: "head -c 200000 /dev/zero | tr '\\0' x", logging: "none" }),
        expected: { op: "create", outputs: { stdout: "x".repeat(200_000) } },
      },
    ],
  },
  {
    name: "delete-sees-output",
    runs: [
      {
        declare: remote(({ there }) => ({
          create: "echo made",
          delete: `echo "gone: $PULUMI_COMMAND_STDOUT" >${there}/log`,
        })),
        expected: { op: "create" },
      },
    ],
    left: ["log:gone: made"],
  },
  {
    name: "delete-fails",
    runs: [{ declare: remote({ create: "true", delete: "echo no; exit 5" }), expected: { op: "create" } }],
    deletionError: 'Process exited with status 5: running "echo no; exit 5":\nno',
  },
  {
    name: "delete-without-command",
    runs: [
      { declare: remote({ create: "true" }), expected: { op: "create" } },
      {
        // Nothing listens there: neither the update nor the deletion may connect.
        declare: remote(({ connection }) => ({ connection: { ...connection, port: 1, dialErrorLimit: 0 } })),
        expected: { op: "update" },
      },
    ],
  },
];
