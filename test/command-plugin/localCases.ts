import { secret } from "@pulumi/pulumi";
import { hidden } from "./remoteCases";
import { type Case, type Declare, type Expected, local } from "./table";

const once = (name: string, declare: Declare, expected: Expected): Case => ({
  name,
  runs: [{ declare, expected }],
});

/** local.Command. */
export const localCases: Case[] = [
  once("local-streams", local({ create: "cat; echo err >&2", stdin: "in\n" }), {
    op: "create",
    status: ["err", "in"],
    outputs: { stdout: "in", stderr: "err" },
  }),
  {
    name: "local-update",
    runs: [
      { declare: local({ create: "echo create" }), expected: { op: "create" } },
      {
        declare: local({ create: "echo create", update: 'echo "update after $PULUMI_COMMAND_STDOUT"' }),
        expected: { op: "update", outputs: { stdout: "update after create" } },
      },
      {
        declare: local({ create: "echo $PULUMI_COMMAND_STDOUT again", addPreviousOutputInEnv: false }),
        expected: { op: "update", outputs: { stdout: "again" } },
      },
    ],
  },
  {
    name: "local-triggers",
    runs: [1, 2]
      .map((trigger) => ({
        declare: local(({ here }) => ({
          create: `echo create ${trigger} >>${here}/log`,
          delete: `echo delete ${trigger} >>${here}/log`,
          triggers: [trigger],
        })),
        expected: { op: trigger === 1 ? "create" : "replace" },
      }))
      .concat({
        declare: local(({ here }) => ({ create: `cat ${here}/log` })),
        expected: { op: "replace" },
      }),
  },
  once(
    "local-dir",
    local(({ here }) => ({ create: "pwd", dir: here })),
    { op: "create" },
  ),
  once("local-dir-absent", local({ create: "pwd", dir: "/nowhere" }), {
    op: "create",
    error: 'chdir /nowhere: no such file or directory: running "pwd":',
  }),
  once(
    "local-interpreter",
    local({ create: "process.stdout.write(String(6 * 7))", interpreter: ["node", "-e"] }),
    {
      op: "create",
      outputs: { stdout: "42" },
    },
  ),
  once("local-interpreter-absent", local({ create: "x", interpreter: ["no-such-program"] }), {
    op: "create",
    error: 'exec: "no-such-program": executable file not found in $PATH: running "x":',
  }),
  once("local-interpreter-path-absent", local({ create: "x", interpreter: ["/no/such/program"] }), {
    op: "create",
    error: 'fork/exec /no/such/program: no such file or directory: running "x":',
  }),
  once(
    "local-environment",
    local({
      create: "echo $A-$HOME",
      environment: { A: secret(hidden).apply((word) => word.length.toString()) },
    }),
    {
      op: "create",
      outputs: { stdout: `${hidden.length}-${process.env.HOME ?? ""}` },
    },
  ),
  once("local-exit-code", local({ create: "echo out; echo err >&2; exit 7" }), {
    op: "create",
    error: /^exit status 7: running "echo out; echo err >&2; exit 7":\n(out\nerr|err\nout)$/,
  }),
  once("local-signal", local({ create: "kill -9 $$" }), {
    op: "create",
    error: 'signal: killed: running "kill -9 $$":',
  }),
  once("local-stdin-unread", local({ create: "echo done", stdin: "z".repeat(3_000_000) }), {
    op: "create",
    outputs: { stdout: "done" },
  }),
  once("local-secret", local({ create: "wc -c", stdin: secret(hidden) }), {
    op: "create",
    outputs: { stdin: "(secret)", stdout: `${hidden.length}` },
  }),
  once("local-logging", local({ create: "echo out; echo err >&2", logging: "stderr" }), {
    op: "create",
    status: ["err"],
  }),
];
