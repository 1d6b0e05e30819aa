import { mkdirSync, writeFileSync } from "node:fs";
import { asset } from "@pulumi/pulumi";
import { type Case, type Setting, copy } from "./table";

const write =
  (text: string) =>
  ({ here }: Setting) => {
    writeFileSync(`${here}/file.txt`, text);
  };

const fillFolder = ({ here }: Setting) => {
  mkdirSync(`${here}/site/sub`, { recursive: true });
  writeFileSync(`${here}/site/a.txt`, "a\n");
  writeFileSync(`${here}/site/sub/b.txt`, "b\n");
};

/** remote.CopyToRemote: what lands where. */
export const copyCases: Case[] = [
  {
    name: "copy-file",
    runs: ["one\n", "two\n"].map((text, run) => ({
      before: write(text),
      declare: copy(({ here, there }) => ({
        source: new asset.FileAsset(`${here}/file.txt`),
        remotePath: `${there}/new/copy.txt`,
      })),
      expected: { op: run === 0 ? "create" : "update", outputs: { connection: "(secret)" } },
    })),
    left: ["new/copy.txt:two"],
  },
  {
    name: "copy-triggers",
    runs: [1, 2].map((trigger) => ({
      before: write("text\n"),
      declare: copy(({ here, there }) => ({
        source: new asset.FileAsset(`${here}/file.txt`),
        remotePath: `${there}/${trigger}.txt`,
        triggers: [trigger],
      })),
      expected: { op: trigger === 1 ? "create" : "replace" },
    })),
    left: ["1.txt:text", "2.txt:text"],
  },
  {
    name: "copy-into-folder",
    runs: [
      {
        before: write("text\n"),
        declare: copy(({ here, there }) => ({
          source: new asset.FileAsset(`${here}/file.txt`),
          remotePath: there,
        })),
        expected: { op: "create" },
      },
    ],
    left: ["file.txt:text"],
  },
  {
    name: "copy-text",
    runs: [
      {
        declare: copy(({ there }) => ({
          source: new asset.StringAsset("é\n"),
          remotePath: `${there}/text.txt`,
        })),
        expected: { op: "create" },
      },
      {
        declare: copy(({ there }) => ({
          source: new asset.StringAsset("ü\n"),
          remotePath: `${there}/text.txt`,
        })),
        expected: { op: "update" },
      },
    ],
    left: ["text.txt:ü"],
  },
  {
    name: "copy-text-into-folder",
    runs: [
      {
        declare: copy(({ there }) => ({ source: new asset.StringAsset("x"), remotePath: there })),
        expected: {
          op: "create",
          error: /^remote path \S+ is a directory; when using a text asset, remotePath must be a file path$/,
        },
      },
    ],
  },
  {
    name: "copy-folder",
    runs: [
      {
        before: fillFolder,
        declare: copy(({ here, there }) => ({
          source: new asset.FileArchive(`${here}/site`),
          remotePath: `${there}/to`,
        })),
        expected: { op: "create" },
      },
    ],
    left: ["to/site/a.txt:a", "to/site/sub/b.txt:b"],
  },
  {
    name: "copy-folder-contents",
    runs: [
      {
        before: fillFolder,
        declare: copy(({ here, there }) => ({
          source: new asset.FileArchive(`${here}/site/`),
          remotePath: `${there}/to/`,
        })),
        expected: { op: "create" },
      },
    ],
    left: ["to/a.txt:a", "to/sub/b.txt:b"],
  },
  {
    name: "copy-refused",
    runs: [
      {
        before: write("text\n"),
        declare: copy(({ here }) => ({
          source: new asset.FileAsset(`${here}/file.txt`),
          remotePath: "/proc/file",
        })),
        expected: { op: "create", error: "failed to create remote file /proc/file: file does not exist" },
      },
    ],
  },
  {
    name: "copy-elsewhere",
    runs: [
      {
        before: write("text\n"),
        declare: copy(({ here, there }) => ({
          source: new asset.FileAsset(`${here}/file.txt`),
          remotePath: `${there}/f`,
        })),
        expected: { op: "create" },
      },
      {
        // Another connection alone copies nothing, and so does not connect: nothing listens there.
        declare: copy(({ here, there, connection }) => ({
          source: new asset.FileAsset(`${here}/file.txt`),
          remotePath: `${there}/f`,
          connection: { ...connection, port: 1 },
        })),
        expected: { op: "update" },
      },
    ],
    left: ["f:text"],
  },
];
